package dev.holdfast.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Dependencies point one way, and what is foreign stays in the package made for it. */
class ArchitectureTest {
    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.holdfast");

    static Stream<ArchRule> rules() {
        return Stream.of(
                noClasses()
                        .that()
                        .resideInAnyPackage("dev.holdfast.vrrp..", "dev.holdfast.swarm..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("dev.holdfast.agent.."),
                noClasses()
                        .that()
                        .resideInAPackage("dev.holdfast.vrrp..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("dev.holdfast.swarm.."),
                noClasses()
                        .that()
                        .resideInAPackage("dev.holdfast.swarm..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("dev.holdfast.vrrp.."),
                noClasses()
                        .that()
                        .resideInAnyPackage(
                                "dev.holdfast.vrrp.wire..", "dev.holdfast.vrrp.fsm..", "dev.holdfast.vrrp.policy..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("dev.holdfast.vrrp.engine..", "io.netty..", "org.slf4j.."),
                only("com.github.dockerjava..", "dev.holdfast.swarm.docker.."),
                only("io.netty..", "dev.holdfast.vrrp.engine.."),
                only("com.sun.net.httpserver..", "dev.holdfast.agent.http.."),
                only("picocli..", "dev.holdfast.agent.cli.."),
                only("com.typesafe.config..", "dev.holdfast.agent.config.."),
                only("io.micrometer..", "dev.holdfast.agent.metrics.."),
                only("io.prometheus..", "dev.holdfast.agent.metrics.."),
                only("ch.qos.logback..", "dev.holdfast.agent.log.."),
                only(
                        "java.lang.foreign..",
                        "dev.holdfast.vrrp.engine..",
                        "dev.holdfast.agent.script..",
                        "dev.holdfast.agent.signals.."),
                noClasses()
                        .that()
                        .resideInAPackage("dev.holdfast.agent.*..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("dev.holdfast.agent")
                        .because("the wiring knows the parts, and the parts do not know the wiring"),
                SlicesRuleDefinition.slices()
                        .matching("dev.holdfast.agent.(*)..")
                        .should()
                        .beFreeOfCycles());
    }

    @ParameterizedTest
    @MethodSource("rules")
    void holds(ArchRule rule) {
        rule.check(ALL);
    }

    private static ArchRule only(String library, String... homes) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(homes)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }
}
