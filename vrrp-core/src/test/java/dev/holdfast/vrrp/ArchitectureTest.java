package dev.holdfast.vrrp;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private final JavaClasses core = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.holdfast.vrrp");

    @Test
    void theProtocolUsesThePlainJdkAlone() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.holdfast.vrrp..", "java..", "javax.crypto..", "org.jspecify.annotations..")
                .check(core);
    }

    @Test
    void theProtocolDoesNoInputOrOutput() {
        noClasses()
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "open sockets, channels, files or processes",
                        (JavaClass c) -> (c.getPackageName().equals("java.net")
                                        && !c.isEquivalentTo(InetAddress.class)
                                        && !c.isEquivalentTo(UnknownHostException.class))
                                || c.getPackageName().startsWith("java.nio.channels")
                                || c.getPackageName().startsWith("java.nio.file")
                                || c.getPackageName().equals("java.io")
                                || c.isEquivalentTo(Process.class)
                                || c.isEquivalentTo(ProcessBuilder.class)))
                .check(core);
    }

    @Test
    void timeIsAnArgument() {
        noClasses()
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.time.Instant")
                .check(core);
    }

    @Test
    void nothingRunsByItself() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("java.util.concurrent..")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(java.util.Timer.class)
                .check(core);
    }

    @Test
    void thePackagesDoNotDependOnEachOtherInCircles() {
        slices().matching("dev.holdfast.vrrp.(*)..").should().beFreeOfCycles().check(core);
    }
}
