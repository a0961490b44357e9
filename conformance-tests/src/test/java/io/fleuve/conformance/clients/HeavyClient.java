package io.fleuve.conformance.clients;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * A job that reads {@value #TOPIC} and writes averages. It runs twice, so that the second run has
 * to go on from what the first one kept.
 *
 * @param job the project it belongs to
 */
record HeavyClient(String name, HeavyJob job) implements ClientProgram {

    static final String TOPIC = "temperature-data";

    private static final Duration LIMIT = Duration.ofMinutes(10);

    static HeavyClient spark() {
        return new HeavyClient("Spark", HeavyJob.spark());
    }

    static HeavyClient flink() {
        return new HeavyClient("Flink", HeavyJob.flink());
    }

    @Override
    public Optional<String> unavailable() {
        return job.unavailable();
    }

    @Override
    public Play play(String bootstrapServers) {
        try {
            Path state = Files.createTempDirectory("job-");
            try {
                String averages = "averages-" + UUID.randomUUID();
                create(bootstrapServers, averages);
                Play first = run(bootstrapServers, averages, state);
                Play second = run(bootstrapServers, averages, state);
                return both(first, second);
            } finally {
                delete(state);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Averages of long ago, which Flink gives the time of their window, would be deleted as too old
     * whenever the platform happens to look, in between the runs or after them.
     */
    private static void create(String bootstrapServers, String averages) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            NewTopic topic =
                    new NewTopic(averages, Optional.empty(), Optional.empty())
                            .configs(Map.of("retention.ms", "-1"));
            admin.createTopics(List.of(topic)).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the topic of averages cannot be created", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a topic was created", e);
        }
    }

    private static Play both(Play first, Play second) {
        Map<String, Map<String, String>> scenarios = new LinkedHashMap<>(first.scenarios());
        second.scenarios()
                .forEach((scenario, facts) -> scenarios.put(scenario + ", once more", facts));
        CommandLine.Result result =
                first.result().exitCode() == 0 ? second.result() : first.result();
        return new Play(first.version(), scenarios, result);
    }

    private Play run(String bootstrapServers, String averages, Path state) {
        List<String> arguments = List.of(bootstrapServers, TOPIC, averages, state.toString());
        List<String> command = job.command("768m", "temperature.AverageByRegion", arguments);
        return Play.of(CommandLine.of(command).within(LIMIT).run());
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }
}
