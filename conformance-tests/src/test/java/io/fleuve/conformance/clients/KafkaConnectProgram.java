package io.fleuve.conformance.clients;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.AppInfoParser;

/** Kafka Connect, standalone: from a file into a topic, and from the topic into another file. */
final class KafkaConnectProgram implements ClientProgram {

    private static final String SCENARIO = "from file to file through a topic";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Override
    public String name() {
        return "Kafka Connect";
    }

    @Override
    public Optional<String> unavailable() {
        return Optional.empty();
    }

    @Override
    public Play play(String bootstrapServers) {
        Map<String, String> facts = new LinkedHashMap<>();
        try (Stage stage = new Stage(bootstrapServers)) {
            stage.play(facts);
        } catch (Exception | Error e) {
            facts.put(Play.BROKE_OFF, e.toString());
        }
        return new Play(
                name() + " " + AppInfoParser.getVersion(),
                Map.of(SCENARIO, facts),
                new CommandLine.Result(0, "", ""));
    }

    /** A worker and its files on one platform. */
    private static final class Stage implements AutoCloseable {

        private final String bootstrapServers;
        private final String topic = "topic-" + UUID.randomUUID();
        private final String sink = "sink-" + UUID.randomUUID();
        private final Path directory;
        private final Admin admin;
        private Optional<Process> worker = Optional.empty();

        Stage(String bootstrapServers) throws IOException {
            this.bootstrapServers = bootstrapServers;
            this.directory = Files.createTempDirectory("connect-");
            this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        }

        void play(Map<String, String> facts) throws Exception {
            Path input = Files.createFile(directory.resolve("input"));
            Path output = directory.resolve("output");
            write(input, 0, 50);
            start("first");
            awaitLines(output, 50);
            write(input, 50, 75);
            awaitLines(output, 75);
            facts.put("has passed through", summary(output));
            facts.put("partitions", Integer.toString(partitions()));
            stop();
            facts.put("lag when stopped", Long.toString(lag()));

            write(input, 75, 100);
            start("second");
            awaitLines(output, 100);
            stop();
            facts.put("after a restart", summary(output));
            facts.put("records", Long.toString(end()));
            facts.put("lag", Long.toString(lag()));
        }

        private static void write(Path file, int from, int to) throws IOException {
            Files.write(
                    file,
                    IntStream.range(from, to).mapToObj(i -> "line " + i).toList(),
                    StandardOpenOption.APPEND);
        }

        private void awaitLines(Path file, int count) {
            await().atMost(PATIENCE)
                    .until(
                            () -> {
                                if (!worker.map(Process::isAlive).orElse(false)) {
                                    throw new IllegalStateException("the worker ended:\n" + logs());
                                }
                                return Files.exists(file)
                                        && Files.readAllLines(file).size() >= count;
                            });
        }

        private static String summary(Path file) throws IOException {
            List<String> lines = Files.readAllLines(file);
            return "%d lines from '%s' to '%s', in order: %s"
                    .formatted(
                            lines.size(),
                            lines.getFirst(),
                            lines.getLast(),
                            IntStream.range(0, lines.size())
                                    .allMatch(i -> lines.get(i).equals("line " + i)));
        }

        private int partitions() throws Exception {
            return Objects.requireNonNull(
                            admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic))
                    .partitions()
                    .size();
        }

        private long end() throws Exception {
            TopicPartition zero = new TopicPartition(topic, 0);
            return admin.listOffsets(Map.of(zero, OffsetSpec.latest()))
                    .partitionResult(zero)
                    .get()
                    .offset();
        }

        private long lag() throws Exception {
            OffsetAndMetadata committed =
                    admin.listConsumerGroupOffsets("connect-" + sink)
                            .partitionsToOffsetAndMetadata()
                            .get()
                            .get(new TopicPartition(topic, 0));
            return end() - Objects.requireNonNull(committed, "nothing is committed").offset();
        }

        private void start(String run) throws IOException {
            List<String> words =
                    CommandLine.java(
                                    "org.apache.kafka.connect.cli.ConnectStandalone",
                                    properties("worker", workerSettings()),
                                    properties(
                                            "source",
                                            Map.of(
                                                    "name", "source-" + sink,
                                                    "connector.class", "FileStreamSource",
                                                    "tasks.max", "1",
                                                    "file", directory.resolve("input").toString(),
                                                    "topic", topic,
                                                    "topic.creation.default.partitions", "1",
                                                    "topic.creation.default.replication.factor",
                                                            "1")),
                                    properties(
                                            "sink",
                                            Map.of(
                                                    "name",
                                                    sink,
                                                    "connector.class",
                                                    "FileStreamSink",
                                                    "tasks.max",
                                                    "1",
                                                    "file",
                                                    directory.resolve("output").toString(),
                                                    "topics",
                                                    topic)))
                            .words();
            worker =
                    Optional.of(
                            new ProcessBuilder(words)
                                    .redirectErrorStream(true)
                                    .redirectOutput(directory.resolve(run + ".log").toFile())
                                    .start());
        }

        private Map<String, String> workerSettings() {
            return Map.of(
                    "bootstrap.servers", bootstrapServers,
                    "listeners", "HTTP://127.0.0.1:0",
                    // Without it the worker reads every class that there is.
                    "plugin.discovery", "service_load",
                    "key.converter", "org.apache.kafka.connect.storage.StringConverter",
                    "value.converter", "org.apache.kafka.connect.storage.StringConverter",
                    "offset.storage.file.filename", directory.resolve("offsets").toString(),
                    "offset.flush.interval.ms", "500",
                    "consumer.auto.offset.reset", "earliest");
        }

        private String properties(String name, Map<String, String> settings) throws IOException {
            Path file = directory.resolve(name + ".properties");
            Files.write(
                    file,
                    settings.entrySet().stream()
                            .map(setting -> setting.getKey() + "=" + setting.getValue())
                            .toList());
            return file.toString();
        }

        private void stop() throws InterruptedException {
            if (worker.isPresent()) {
                Process process = worker.get();
                process.destroy();
                if (!process.waitFor(60, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                }
                worker = Optional.empty();
            }
        }

        private String logs() throws IOException {
            StringBuilder all = new StringBuilder();
            for (String run : List.of("first", "second")) {
                Path log = directory.resolve(run + ".log");
                if (Files.exists(log)) {
                    all.append(Files.readString(log));
                }
            }
            return all.toString();
        }

        @Override
        public void close() throws IOException, InterruptedException {
            stop();
            admin.close();
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            }
        }
    }
}
