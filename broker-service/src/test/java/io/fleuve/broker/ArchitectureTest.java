package io.fleuve.broker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Requests go one way through the broker: network, protocol, and what protocol stands on. */
class ArchitectureTest {

    private static final JavaClasses BROKER =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.fleuve.broker");

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.fleuve.broker.(*)..").should().beFreeOfCycles().check(BROKER);
    }

    @Test
    void nobodyButTheWiringKnowsTheNetwork() {
        classes()
                .that()
                .resideInAPackage("..broker.network..")
                .should()
                .onlyBeAccessed()
                .byAnyPackage("io.fleuve.broker", "..broker.network..")
                .because("a request enters there and goes on to the protocol")
                .check(BROKER);
    }

    @Test
    void whatTheProtocolStandsOnDoesNotKnowIt() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "..broker.log..",
                        "..broker.metadata..",
                        "..broker.storage..",
                        "..broker.coordinator..",
                        "..broker.postgres..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..broker.protocol..", "..broker.network..")
                .because("they do not know who asks")
                .check(BROKER);
    }

    @Test
    void logAndMetadataAndStorageKnowNeitherSpringNorKafka() {
        noClasses()
                .that()
                .resideInAnyPackage("..broker.log..", "..broker.metadata..", "..broker.storage..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "org.apache.kafka..")
                .because("a log is bytes in order, whoever wires it and whoever asks")
                .check(BROKER);
    }

    @Test
    void networkAndProtocolDoNotKnowSpring() {
        noClasses()
                .that()
                .resideInAnyPackage("..broker.network..", "..broker.protocol..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework..")
                .because("the wiring is in the root package")
                .check(BROKER);
    }

    @Test
    void onlyTheWiringKnowsPostgres() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "..broker.network..",
                        "..broker.protocol..",
                        "..broker.coordinator..",
                        "..broker.log..",
                        "..broker.metadata..",
                        "..broker.storage..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..broker.postgres..")
                .because("it is an adapter behind the ports of log and metadata")
                .check(BROKER);
    }
}
