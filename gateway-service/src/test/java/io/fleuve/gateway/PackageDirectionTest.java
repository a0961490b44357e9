package io.fleuve.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures;
import org.junit.jupiter.api.Test;

class PackageDirectionTest {

    private final JavaClasses classes =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.fleuve.gateway");

    @Test
    void apisStandBesideOneAnotherOnTheKafkaPortsAndFormats() {
        Architectures.layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("config")
                .definedBy("io.fleuve.gateway.config..")
                .layer("v3")
                .definedBy("io.fleuve.gateway.v3..")
                .layer("v2")
                .definedBy("io.fleuve.gateway.v2..")
                .layer("strimzi")
                .definedBy("io.fleuve.gateway.strimzi..")
                .layer("read")
                .definedBy("io.fleuve.gateway.read..")
                .layer("events")
                .definedBy("io.fleuve.gateway.events..")
                .layer("limits")
                .definedBy("io.fleuve.gateway.limits..")
                .layer("consumers")
                .definedBy("io.fleuve.gateway.consumers..")
                .layer("produce")
                .definedBy("io.fleuve.gateway.produce..")
                .layer("idempotency")
                .definedBy("io.fleuve.gateway.idempotency..")
                .layer("console")
                .definedBy("io.fleuve.gateway.console..")
                .layer("kafka")
                .definedBy("io.fleuve.gateway.kafka..")
                .layer("format")
                .definedBy("io.fleuve.gateway.format..")
                .layer("tracing")
                .definedBy("io.fleuve.gateway.tracing..")
                .layer("errors")
                .definedBy("io.fleuve.gateway.errors..")
                .whereLayer("config")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("v3")
                .mayOnlyBeAccessedByLayers("config")
                .whereLayer("v2")
                .mayOnlyBeAccessedByLayers("config")
                .whereLayer("strimzi")
                .mayOnlyBeAccessedByLayers("config")
                .whereLayer("events")
                .mayOnlyBeAccessedByLayers("config")
                // Events are reads that go on: they begin, and show records, as reads do.
                .whereLayer("read")
                .mayOnlyBeAccessedByLayers("config", "events")
                .whereLayer("limits")
                .mayOnlyBeAccessedByLayers("config")
                .whereLayer("consumers")
                .mayOnlyBeAccessedByLayers("config", "v2")
                .whereLayer("produce")
                .mayOnlyBeAccessedByLayers("config", "v3", "v2")
                .whereLayer("idempotency")
                .mayOnlyBeAccessedByLayers("config", "v3", "v2", "produce")
                .whereLayer("console")
                .mayOnlyBeAccessedByLayers("config")
                .whereLayer("kafka")
                .mayOnlyBeAccessedByLayers(
                        "config",
                        "v3",
                        "v2",
                        "strimzi",
                        "read",
                        "events",
                        "consumers",
                        "produce",
                        "idempotency",
                        "console")
                .whereLayer("format")
                .mayOnlyBeAccessedByLayers(
                        "config",
                        "v3",
                        "v2",
                        "strimzi",
                        "read",
                        "events",
                        "consumers",
                        "idempotency")
                .whereLayer("tracing")
                .mayOnlyBeAccessedByLayers("config", "read", "produce", "kafka")
                .because("an API can then be changed, or dropped, without looking at another")
                .check(classes);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.fleuve.gateway.(*)..").should().beFreeOfCycles().check(classes);
    }

    @Test
    void kafkaPortsKnowNothingOfHttp() {
        noClasses()
                .that()
                .resideInAnyPackage("io.fleuve.gateway.kafka..", "io.fleuve.gateway.consumers..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "jakarta.servlet..",
                        "org.springframework.web..",
                        "org.springframework.http..")
                .because("they serve any API, and tests without a web server")
                .check(classes);
    }

    @Test
    void theGatewayKnowsABrokerByItsProtocolAlone() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fleuve.broker..", "io.fleuve.alerts..", "kafka..")
                .because("it runs the same on Apache Kafka")
                .check(classes);
    }
}
