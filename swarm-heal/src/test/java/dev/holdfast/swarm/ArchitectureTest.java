package dev.holdfast.swarm;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.holdfast.swarm");

    @Test
    void onlyTheAdapterKnowsDockerJava() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.holdfast.swarm.docker..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.github.dockerjava..", "dev.holdfast.swarm.docker..")
                .check(CLASSES);
    }

    @Test
    void healingKnowsNothingOfVrrp() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.holdfast.vrrp..", "dev.holdfast.agent..", "io.netty..")
                .check(CLASSES);
    }

    @Test
    void theDecisionHasNoClockNoFileAndNoNetwork() {
        classes()
                .that()
                .haveNameMatching(
                        ".*\\.(HealPolicy|QuorumGate|SwarmClassifier|Membership|Attempts|AdvertiseAddress)(\\$.*)?")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.holdfast.swarm", "java.lang..", "java.util..", "java.time..", "java.net..")
                .andShould()
                .onlyAccessClassesThat()
                .doNotHaveFullyQualifiedName("java.net.Socket")
                .check(CLASSES);
        noClasses()
                .that()
                .haveNameMatching(".*\\.(HealPolicy|QuorumGate|SwarmClassifier|Membership|Attempts)(\\$.*)?")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .check(CLASSES);
    }

    @Test
    void whatIsPromisedIsDecidedWithoutClockFileAndNetwork() {
        classes()
                .that()
                .haveNameMatching(".*\\.promise\\.(PromiseBook|Ballot|Ruling|Grant|View|Candidate)(\\$.*)?")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.holdfast.swarm",
                        "dev.holdfast.swarm.peer",
                        "dev.holdfast.swarm.promise",
                        "java.lang..",
                        "java.util..",
                        "java.time..")
                .andShould()
                .onlyAccessClassesThat()
                .haveNameNotMatching(".*\\.(HealClock|StateFiles|BookStore|PromiseDesk|Peers)")
                .check(CLASSES);
    }
}
