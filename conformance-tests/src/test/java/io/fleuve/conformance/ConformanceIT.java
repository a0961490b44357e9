package io.fleuve.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.conformance.platform.ApacheKafkaPlatform;
import io.fleuve.conformance.platform.PlatformUnderTest;
import io.fleuve.conformance.platform.Subject;
import io.fleuve.conformance.scenario.Scenario;
import io.fleuve.conformance.scenario.Scenarios;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.AppInfoParser;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Each scenario on Apache Kafka and on Fleuve: a client must see the same, but for each {@link
 * Difference}.
 *
 * <p>{@code -Dfleuve.conformance.subject=apache-kafka} puts a second Apache Kafka in Fleuve's
 * place, which shows whether the scenarios say the same thing twice. {@code
 * -Dfleuve.conformance.scenarios=<text>,<text>} runs those whose name contains one of the texts.
 */
class ConformanceIT {

    private static final Logger LOGGER = LoggerFactory.getLogger(ConformanceIT.class);
    private static final String CLIENT = "kafka-clients (Java) " + AppInfoParser.getVersion();
    private static final Report REPORT = new Report("java-client");

    private static @Nullable PlatformUnderTest oracle;
    private static @Nullable PlatformUnderTest subject;

    @BeforeAll
    static void start() {
        oracle = new ApacheKafkaPlatform();
        subject = Subject.start();
    }

    @AfterAll
    static void stop() {
        REPORT.write();
        if (subject != null) {
            subject.close();
        }
        if (oracle != null) {
            oracle.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> aClientSeesTheSame() {
        String wanted = System.getProperty("fleuve.conformance.scenarios", "");
        return Scenarios.all()
                .filter(
                        scenario ->
                                Arrays.stream(wanted.split(",", -1))
                                        .anyMatch(scenario.name()::contains))
                .map(scenario -> DynamicTest.dynamicTest(scenario.name(), () -> compare(scenario)));
    }

    @Test
    void listsNoScenarioThatDoesNotExist() {
        Stream<String> listed = Arrays.stream(Difference.values()).map(Difference::scenario);
        assertThat(Scenarios.all().map(Scenario::name)).containsAll(listed.toList());
    }

    /** Plays it on both at once: most of a scenario is waiting. */
    private static void compare(Scenario scenario) throws Exception {
        Map<String, String> expected;
        Map<String, String> seen;
        try (ExecutorService aside = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Map<String, String>> ofOracle = aside.submit(() -> measure(scenario));
            seen = facts(scenario, subject);
            expected = ofOracle.get();
        }
        assertThat(expected).as("facts of '%s'", scenario.name()).isNotEmpty();
        Comparison comparison = new Comparison(CLIENT, scenario.name(), expected, seen);
        REPORT.add(comparison);
        assertThat(comparison.disagreements())
                .as("what a client sees in '%s'", scenario.name())
                .isEmpty();
    }

    /**
     * What Apache Kafka shows is what Fleuve is measured with. A scenario that broke off there, as
     * one rarely does on a busy machine, has shown nothing, and is played there once more.
     */
    private static Map<String, String> measure(Scenario scenario) throws Exception {
        try {
            return facts(scenario, oracle);
        } catch (BrokenOffException e) {
            LOGGER.warn("played once more", e);
            return facts(scenario, oracle);
        }
    }

    private static Map<String, String> facts(
            Scenario scenario, @Nullable PlatformUnderTest platform) throws Exception {
        if (platform == null) {
            throw new IllegalStateException("the platform was not started");
        }
        try {
            return scenario.observe(platform.bootstrapServers()).facts();
        } catch (Exception | Error e) {
            throw new BrokenOffException(
                    "'%s' broke off on %s: %s".formatted(scenario.name(), platform.name(), e), e);
        }
    }

    /** A scenario that could not be played to its end. */
    private static final class BrokenOffException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        BrokenOffException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
