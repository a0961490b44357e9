package io.fleuve.broker.coordinator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class CoordinatorArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.fleuve.broker");

    @Test
    void coordinatorKnowsLogAndMetadataOnly() {
        noClasses()
                .that()
                .resideInAPackage("io.fleuve.broker.coordinator..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.fleuve.broker.protocol..",
                        "io.fleuve.broker.network..",
                        "io.fleuve.broker.postgres..",
                        "io.fleuve.broker.storage..")
                .because("the coordinator works through ports and does not know who asks")
                .check(CLASSES);
    }

    @Test
    void groupHandlersDoNotKnowTheLog() {
        noClasses()
                .that()
                .resideInAPackage("io.fleuve.broker.protocol.groups..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.fleuve.broker.log..",
                        "io.fleuve.broker.network..",
                        "io.fleuve.broker.postgres..",
                        "io.fleuve.broker.storage..")
                .because("data takes one way through the house: groups go by the coordinator")
                .check(CLASSES);
    }

    @Test
    void nothingHereIsScala() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.fleuve.broker.coordinator..", "io.fleuve.broker.protocol.groups..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("scala..", "kafka..")
                .because("of Kafka's broker only its Java libraries are used")
                .check(CLASSES);
    }
}
