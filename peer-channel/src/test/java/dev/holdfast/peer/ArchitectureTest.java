package dev.holdfast.peer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.holdfast.peer");

    @Test
    void theChannelKnowsNothingOfWhatIsSaid() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.holdfast.vrrp..",
                        "dev.holdfast.swarm..",
                        "dev.holdfast.agent..",
                        "com.fasterxml..",
                        "io.netty..")
                .check(CLASSES);
    }

    @Test
    void noProviderIsRegistered() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.bouncycastle.jce.provider..", "org.bouncycastle.jsse..")
                .check(CLASSES);
    }
}
