package io.fleuve.simulator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchitectureTest {

    private static final String ROOT = "io.fleuve.simulator.";

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.fleuve.simulator");

    @Test
    void whatIsPublishedWhenKnowsNeitherKafkaNorHttpNorSpring() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        ROOT + "replay..",
                        ROOT + "source..",
                        ROOT + "simulation..",
                        ROOT + "live..",
                        ROOT + "scenario..",
                        ROOT + "publish..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.kafka..",
                        "org.springframework..",
                        "java.net.http..",
                        ROOT + "kafka..",
                        ROOT + "gateway..",
                        ROOT + "web..")
                .because(
                        "what is published when must be testable without a broker, a server or a container")
                .check(CLASSES);
    }

    @ParameterizedTest(name = "{0} does not know {1}")
    @CsvSource({
        "source, replay|live|simulation|scenario|publish",
        "scenario, replay|live|simulation|source|publish",
        "simulation, replay|live|source|publish",
        "publish, replay|live|simulation|source|scenario",
        "replay, live|simulation",
        "live, replay|source",
        "kafka, replay|live|simulation|source|scenario|gateway|web",
        "gateway, replay|live|simulation|source|scenario|kafka|web",
        "web, kafka|gateway|publish",
    })
    void arrowsGoOneWay(String from, String unknown) {
        noClasses()
                .that()
                .resideInAPackage(ROOT + from + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        Arrays.stream(unknown.split("\\|", -1))
                                .map(name -> ROOT + name + "..")
                                .toArray(String[]::new))
                .because("another source or another way to publish is to be added beside these")
                .check(CLASSES);
    }

    @Test
    void theModelKnowsNoClock() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "simulation..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.time.Clock")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.time.InstantSource")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .because("the same seed and the same times give the same readings")
                .check(CLASSES);
    }
}
