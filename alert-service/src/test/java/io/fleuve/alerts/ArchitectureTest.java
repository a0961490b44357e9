package io.fleuve.alerts;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private final JavaClasses classes =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.fleuve.alerts");

    @Test
    void domainKnowsNeitherFrameworksNorAdapters() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "..alerts.readings",
                        "..alerts.windows",
                        "..alerts.rules",
                        "..alerts.alerts",
                        "..alerts.silences",
                        "..alerts.outbox",
                        "..alerts.subscribers")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework..",
                        "jakarta..",
                        "org.hibernate..",
                        "org.apache..",
                        "com.twilio..",
                        "com.sendgrid..",
                        "..alerts.store",
                        "..alerts.streams",
                        "..alerts.channels",
                        "..alerts.api")
                .because("what an alert is must be testable without the world it lives in")
                .check(classes);
    }

    @Test
    void streamsKnowNeitherDatabaseNorRules() {
        noClasses()
                .that()
                .resideInAPackage("..alerts.streams")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework..",
                        "jakarta..",
                        "..alerts.store",
                        "..alerts.rules",
                        "..alerts.alerts",
                        "..alerts.outbox",
                        "..alerts.channels",
                        "..alerts.api")
                .because("alerts are a function of the published averages and of nothing else")
                .check(classes);
    }

    @Test
    void channelsKnowNeitherDatabaseNorKafka() {
        noClasses()
                .that()
                .resideInAPackage("..alerts.channels")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework..",
                        "jakarta.persistence..",
                        "org.apache.kafka..",
                        "..alerts.store",
                        "..alerts.streams",
                        "..alerts.api")
                .because("a channel tries once and says what came of it")
                .check(classes);
    }

    @Test
    void storeKnowsNeitherKafkaNorChannels() {
        noClasses()
                .that()
                .resideInAPackage("..alerts.store")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.kafka..",
                        "..alerts.streams",
                        "..alerts.channels",
                        "..alerts.api")
                .because("a transaction must not wait for a broker or a provider")
                .check(classes);
    }

    @Test
    void interfaceKnowsNeitherKafkaNorChannels() {
        noClasses()
                .that()
                .resideInAPackage("..alerts.api")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "..alerts.streams", "..alerts.channels")
                .because("requests are answered from the database")
                .check(classes);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.fleuve.alerts.(*)..").should().beFreeOfCycles().check(classes);
    }
}
