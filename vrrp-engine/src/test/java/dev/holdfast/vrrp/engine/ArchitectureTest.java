package dev.holdfast.vrrp.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may depend on what in this module and below it. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.holdfast.vrrp");

    @Test
    void onlyTheFfiPackageLinksNativeCode() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.holdfast.vrrp.engine.ffi")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.foreign.Linker")
                .check(CLASSES);
    }

    @Test
    void theProtocolKnowsNothingOfTheEngine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.holdfast.vrrp.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.holdfast.vrrp.engine..")
                .check(CLASSES);
    }

    @Test
    void thePartsBelowTheEngineKnowNothingOfItAndLittleOfEachOther() {
        noClasses()
                .that()
                .resideInAnyPackage("..engine.ffi", "..engine.raw", "..engine.netlink", "..engine.announce")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.holdfast.vrrp.engine")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("..engine.ffi")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..engine.raw", "..engine.netlink", "..engine.announce", "dev.holdfast.vrrp.wire")
                .check(CLASSES);
    }

    @Test
    void nettyIsKnownToTheEventLoopAlone() {
        noClasses()
                .that()
                .haveNameNotMatching("dev\\.holdfast\\.vrrp\\.engine\\.EngineLoop(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(CLASSES);
    }
}
