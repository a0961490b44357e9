package io.fleuve.conformance.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.fleuve.conformance.Comparison;
import io.fleuve.conformance.Report;
import io.fleuve.conformance.platform.ApacheKafkaPlatform;
import io.fleuve.conformance.platform.PlatformUnderTest;
import io.fleuve.conformance.platform.Subject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Programs that know nothing of Fleuve see with it what they see with Apache Kafka. Each runs once
 * on both at the same time and plays all its scenarios; what it needs is installed below {@code
 * target} first, and a program that cannot be installed here aborts its test with the reason.
 *
 * <p>{@code -Dfleuve.conformance.clients=<text>} runs those whose name contains the text.
 */
class ClientsIT {

    /** Most of their time they wait. */
    private static final int AT_ONCE = 3;

    private static final Report REPORT = new Report("clients");
    private static final ExecutorService PROGRAMS = Executors.newFixedThreadPool(AT_ONCE);
    private static final ExecutorService PLAYS = Executors.newVirtualThreadPerTaskExecutor();

    private static @Nullable PlatformUnderTest oracle;
    private static @Nullable PlatformUnderTest subject;

    /**
     * What a program did on both platforms.
     *
     * @param unavailable the reason why it did nothing
     */
    private record Run(
            Optional<String> unavailable, @Nullable Play onApacheKafka, @Nullable Play onFleuve) {}

    @BeforeAll
    static void start() {
        oracle = new ApacheKafkaPlatform();
        subject = Subject.start();
    }

    @AfterAll
    static void stop() {
        PROGRAMS.shutdownNow();
        PLAYS.shutdownNow();
        REPORT.write();
        if (subject != null) {
            subject.close();
        }
        if (oracle != null) {
            oracle.close();
        }
    }

    @TestFactory
    Stream<DynamicContainer> aClientSeesTheSame() {
        String wanted = System.getProperty("fleuve.conformance.clients", "");
        return programs().stream()
                .filter(program -> program.name().contains(wanted))
                .map(
                        program -> {
                            CompletableFuture<Run> run =
                                    CompletableFuture.supplyAsync(() -> run(program), PROGRAMS);
                            return new Started(program.name(), run);
                        })
                // All are under way before the first is waited for.
                .toList()
                .stream()
                .map(
                        started ->
                                DynamicContainer.dynamicContainer(
                                        started.name(),
                                        Stream.of(started).flatMap(ClientsIT::tests)));
    }

    private record Started(String name, CompletableFuture<Run> run) {}

    private static List<ClientProgram> programs() {
        Installation javascript = Installation.javascript();
        Installation go = Installation.go();
        return List.of(
                ScriptedClient.kcat(),
                ScriptedClient.python("kafka-python-2.0.2", "kafka_python.py"),
                ScriptedClient.python("confluent-kafka", "confluent_kafka_client.py"),
                ScriptedClient.javascript(javascript, "@platformatic/kafka", "platformatic.mjs"),
                ScriptedClient.javascript(javascript, "kafkajs", "kafkajs.mjs"),
                ScriptedClient.python("kafka-python", "kafka_python.py"),
                ScriptedClient.go(go, "franzgo"),
                ScriptedClient.go(go, "sarama"),
                new KafkaTools(),
                new KafkaStreamsProgram(),
                new KafkaConnectProgram());
    }

    private static Run run(ClientProgram program) {
        Optional<String> unavailable = program.unavailable();
        if (unavailable.isPresent()) {
            return new Run(unavailable, null, null);
        }
        CompletableFuture<Play> onApacheKafka = play(program, oracle);
        CompletableFuture<Play> onFleuve = play(program, subject);
        return new Run(Optional.empty(), onApacheKafka.join(), onFleuve.join());
    }

    private static CompletableFuture<Play> play(
            ClientProgram program, @Nullable PlatformUnderTest platform) {
        String servers =
                Objects.requireNonNull(platform, "the platform was not started").bootstrapServers();
        return CompletableFuture.supplyAsync(() -> program.play(servers), PLAYS);
    }

    private static Stream<DynamicTest> tests(Started started) {
        Run run = started.run().join();
        Play onApacheKafka = run.onApacheKafka();
        Play onFleuve = run.onFleuve();
        if (onApacheKafka == null || onFleuve == null) {
            return Stream.of(
                    DynamicTest.dynamicTest(
                            "is installed", () -> abort(run.unavailable().orElse("unknown"))));
        }
        Set<String> scenarios = new LinkedHashSet<>(onApacheKafka.scenarios().keySet());
        scenarios.addAll(onFleuve.scenarios().keySet());
        return Stream.concat(
                Stream.of(
                        DynamicTest.dynamicTest(
                                "runs to its end", () -> assertEnded(onApacheKafka, onFleuve))),
                scenarios.stream()
                        .map(
                                scenario ->
                                        DynamicTest.dynamicTest(
                                                scenario,
                                                () -> compare(onApacheKafka, onFleuve, scenario))));
    }

    private static void assertEnded(Play onApacheKafka, Play onFleuve) {
        onApacheKafka.result().succeeded();
        onFleuve.result().succeeded();
        assertThat(onFleuve.scenarios()).isNotEmpty();
        assertThat(onFleuve.version()).isEqualTo(onApacheKafka.version());
    }

    private static void compare(Play onApacheKafka, Play onFleuve, String scenario) {
        Comparison comparison =
                new Comparison(
                        onApacheKafka.version(),
                        scenario,
                        onApacheKafka.facts(scenario),
                        onFleuve.facts(scenario));
        REPORT.add(comparison);
        assertThat(comparison.disagreements())
                .as("what %s sees in '%s'", onApacheKafka.version(), scenario)
                .isEmpty();
        assertThat(comparison.onApacheKafka())
                .as(
                        "what %s sees of Apache Kafka in '%s'; its errors: %s",
                        onApacheKafka.version(), scenario, onApacheKafka.result().errors())
                .doesNotContainKey(Play.BROKE_OFF);
    }
}
