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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Both platforms, and the tests of programs on them: each program runs once on both at the same
 * time, and each of its scenarios is a test.
 *
 * <p>{@code -Dfleuve.conformance.clients=<text>} leaves those whose name contains the text.
 */
final class ClientTests implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(ClientTests.class);

    private final Report report;
    private final ExecutorService programs;
    private final ExecutorService plays = Executors.newVirtualThreadPerTaskExecutor();
    private final PlatformUnderTest oracle = new ApacheKafkaPlatform();
    private final PlatformUnderTest subject = Subject.start();

    /**
     * Starts both platforms.
     *
     * @param part of the report
     * @param atOnce how many programs run at the same time
     */
    ClientTests(String part, int atOnce) {
        this.report = new Report(part);
        this.programs = Executors.newFixedThreadPool(atOnce);
    }

    /** A program that is under way or waits for its turn. */
    private record Started(String name, CompletableFuture<Run> run) {}

    /**
     * What a program did on both platforms.
     *
     * @param unavailable the reason why it did nothing
     */
    private record Run(
            Optional<String> unavailable, @Nullable Play onApacheKafka, @Nullable Play onFleuve) {}

    /** Both platforms. */
    List<PlatformUnderTest> platforms() {
        return List.of(oracle, subject);
    }

    /** Starts all programs, and makes tests of what they see. */
    Stream<DynamicContainer> of(List<ClientProgram> all) {
        String wanted = System.getProperty("fleuve.conformance.clients", "");
        List<Started> started =
                all.stream()
                        .filter(program -> program.name().contains(wanted))
                        .map(
                                program ->
                                        new Started(
                                                program.name(),
                                                CompletableFuture.supplyAsync(
                                                        () -> run(program), programs)))
                        .toList();
        return started.stream()
                .map(
                        program ->
                                DynamicContainer.dynamicContainer(
                                        program.name(), Stream.of(program).flatMap(this::tests)));
    }

    @Override
    public void close() {
        programs.shutdownNow();
        plays.shutdownNow();
        report.write();
        subject.close();
        oracle.close();
    }

    private Run run(ClientProgram program) {
        Optional<String> unavailable = program.unavailable();
        if (unavailable.isPresent()) {
            return new Run(unavailable, null, null);
        }
        CompletableFuture<Play> onApacheKafka = play(program, oracle);
        CompletableFuture<Play> onFleuve = play(program, subject);
        return new Run(Optional.empty(), measure(program, onApacheKafka.join()), onFleuve.join());
    }

    /**
     * What Apache Kafka shows is what Fleuve is measured with. A client that broke off there, as
     * one rarely does on a busy machine, has shown nothing, and runs there once more.
     */
    private Play measure(ClientProgram program, Play first) {
        if (!first.brokeOff()) {
            return first;
        }
        LOGGER.atWarn()
                .addKeyValue("client", first.version())
                .addKeyValue("errors", first.result().errors())
                .log("a client broke off on Apache Kafka and runs there once more");
        return play(program, oracle).join();
    }

    private CompletableFuture<Play> play(ClientProgram program, PlatformUnderTest platform) {
        return CompletableFuture.supplyAsync(
                () -> program.play(platform.bootstrapServers()), plays);
    }

    private Stream<DynamicTest> tests(Started program) {
        Run run = program.run().join();
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

    private void compare(Play onApacheKafka, Play onFleuve, String scenario) {
        Comparison comparison =
                new Comparison(
                        onApacheKafka.version(),
                        scenario,
                        onApacheKafka.facts(scenario),
                        onFleuve.facts(scenario));
        report.add(comparison);
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
