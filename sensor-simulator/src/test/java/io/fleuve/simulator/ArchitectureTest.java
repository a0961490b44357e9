package io.fleuve.simulator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.fleuve.simulator");

    @Test
    void theReplayKnowsNeitherKafkaNorHttpNorSpring() {
        noClasses()
                .that()
                .resideInAnyPackage("io.fleuve.simulator.replay..", "io.fleuve.simulator.source..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.kafka..",
                        "org.springframework..",
                        "io.fleuve.simulator.kafka..",
                        "io.fleuve.simulator.web..")
                .because(
                        "what is published when must be testable without a broker, a server or a container")
                .check(CLASSES);
    }

    @Test
    void sourcesKnowNothingOfTheReplay() {
        noClasses()
                .that()
                .resideInAPackage("io.fleuve.simulator.source..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.fleuve.simulator.replay..")
                .because("another source is to be added without touching the replay")
                .check(CLASSES);
    }

    @Test
    void kafkaAndWebDoNotKnowEachOther() {
        noClasses()
                .that()
                .resideInAPackage("io.fleuve.simulator.web..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fleuve.simulator.kafka..", "org.apache.kafka..")
                .because("both are adapters of the replay")
                .check(CLASSES);
    }
}
