package io.fleuve.conformance.clients;

import static java.util.stream.Collectors.joining;
import static org.awaitility.Awaitility.await;

import io.fleuve.conformance.clients.streams.StreamsApplication;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * A Kafka Streams application: it works, it is killed, its state directory is deleted, it works on
 * from its changelogs.
 */
final class KafkaStreamsProgram implements ClientProgram {

    private static final String SCENARIO = "a stream application that loses its state";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<String> REGIONS = List.of("dakar", "kaolack", "louga", "thies");
    private static final int READINGS = 240;

    @Override
    public String name() {
        return "Kafka Streams";
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

    /** The application's topics and processes on one platform. */
    private static final class Stage implements AutoCloseable {

        private final String bootstrapServers;
        private final String application = "application-" + UUID.randomUUID();
        private final String readings = "readings-" + UUID.randomUUID();
        private final String totals = "totals-" + UUID.randomUUID();
        private final String averages = "averages-" + UUID.randomUUID();
        private final Instant start;
        private final Path directory;
        private final Admin admin;
        private Optional<Process> process = Optional.empty();

        Stage(String bootstrapServers) throws IOException {
            this.bootstrapServers = bootstrapServers;
            long window = StreamsApplication.WINDOW.toMillis();
            this.start = Instant.ofEpochMilli(System.currentTimeMillis() / window * window);
            this.directory = Files.createTempDirectory("streams-");
            this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        }

        void play(Map<String, String> facts) throws Exception {
            admin.createTopics(
                            Stream.of(readings, totals, averages)
                                    .map(
                                            name ->
                                                    new NewTopic(
                                                            name, Optional.of(3), Optional.empty()))
                                    .toList())
                    .all()
                    .get();
            produce(0, READINGS / 2);
            launch("first");
            await().atMost(PATIENCE).until(this::hasCommittedEverything);
            facts.put("totals before the kill", newest(totals).toString());
            facts.put("closed windows before the kill", relative(newest(averages)));
            kill();
            delete(directory.resolve("state"));

            produce(READINGS / 2, READINGS);
            closeWindows();
            launch("second");
            await().atMost(PATIENCE)
                    .until(() -> hasCommittedEverything() && newest(averages).size() >= 16);
            facts.put("totals", newest(totals).toString());
            facts.put("closed windows", relative(newest(averages)));
            facts.put("each window once", Boolean.toString(hasEachWindowOnce()));
            facts.put("restored", restored());
            facts.put("its topics", topics());
        }

        /** A reading of each region every minute, in order. */
        private void produce(int from, int to) {
            try (KafkaProducer<String, String> producer = producer()) {
                for (int i = from; i < to; i++) {
                    int minute = i / REGIONS.size() * 40 / (READINGS / REGIONS.size());
                    send(producer, i, start.plus(Duration.ofMinutes(minute)), i % 37);
                }
            }
        }

        /** A window is closed by a reading of a later time, in each partition. */
        private void closeWindows() {
            try (KafkaProducer<String, String> producer = producer()) {
                for (int i = 0; i < REGIONS.size(); i++) {
                    send(producer, i, start.plus(Duration.ofHours(1)), 0);
                }
            }
        }

        private void send(
                KafkaProducer<String, String> producer, int number, Instant time, int celsius) {
            String region = REGIONS.get(number % REGIONS.size());
            producer.send(
                    new ProducerRecord<>(
                            readings,
                            0,
                            time.toEpochMilli(),
                            "sensor-" + number,
                            region + "," + celsius));
        }

        private KafkaProducer<String, String> producer() {
            return new KafkaProducer<>(
                    Map.of("bootstrap.servers", bootstrapServers),
                    new StringSerializer(),
                    new StringSerializer());
        }

        private void launch(String run) throws IOException {
            List<String> words =
                    CommandLine.java(
                                    StreamsApplication.class.getName(),
                                    bootstrapServers,
                                    application,
                                    directory.resolve("state").toString(),
                                    readings,
                                    totals,
                                    averages)
                            .words();
            process =
                    Optional.of(
                            new ProcessBuilder(words)
                                    .redirectErrorStream(true)
                                    .redirectOutput(directory.resolve(run + ".log").toFile())
                                    .start());
        }

        private void kill() throws InterruptedException {
            if (process.isPresent()) {
                process.get().destroyForcibly().waitFor();
                process = Optional.empty();
            }
        }

        /** All of the readings, and all of what was made from them, by region. */
        private boolean hasCommittedEverything() throws Exception {
            if (!process.map(Process::isAlive).orElse(false)) {
                throw new IllegalStateException(
                        "the application ended:\n" + log("first") + log("second"));
            }
            Map<TopicPartition, OffsetAndMetadata> committed =
                    admin.listConsumerGroupOffsets(application)
                            .partitionsToOffsetAndMetadata()
                            .get();
            String byRegion = application + "-by-region-repartition";
            if (!admin.listTopics().names().get().contains(byRegion)) {
                return false;
            }
            Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
            asked.put(new TopicPartition(readings, 0), OffsetSpec.latest());
            asked.put(new TopicPartition(byRegion, 0), OffsetSpec.latest());
            asked.put(new TopicPartition(byRegion, 1), OffsetSpec.latest());
            return admin.listOffsets(asked).all().get().entrySet().stream()
                    .allMatch(
                            end ->
                                    end.getValue().offset() == 0
                                            || Optional.ofNullable(committed.get(end.getKey()))
                                                    .filter(
                                                            at ->
                                                                    at.offset()
                                                                            == end.getValue()
                                                                                    .offset())
                                                    .isPresent());
        }

        private SortedMap<String, String> newest(String topic) {
            SortedMap<String, String> newest = new TreeMap<>();
            read(topic).forEach(entry -> newest.put(entry.getKey(), entry.getValue()));
            return newest;
        }

        private boolean hasEachWindowOnce() {
            List<Map.Entry<String, String>> all = read(averages);
            return all.stream().map(Map.Entry::getKey).distinct().count() == all.size();
        }

        private List<Map.Entry<String, String>> read(String topic) {
            try (KafkaConsumer<String, String> consumer =
                    new KafkaConsumer<>(
                            Map.of(
                                    "bootstrap.servers",
                                    bootstrapServers,
                                    "enable.auto.commit",
                                    false),
                            new StringDeserializer(),
                            new StringDeserializer())) {
                List<TopicPartition> partitions =
                        IntStream.range(0, 3).mapToObj(i -> new TopicPartition(topic, i)).toList();
                consumer.assign(partitions);
                consumer.seekToBeginning(partitions);
                Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
                List<Map.Entry<String, String>> all = new ArrayList<>();
                await().atMost(PATIENCE)
                        .until(
                                () -> {
                                    consumer.poll(Duration.ofMillis(200))
                                            .forEach(
                                                    found ->
                                                            all.add(
                                                                    Map.entry(
                                                                            found.key(),
                                                                            found.value())));
                                    return ends.entrySet().stream()
                                            .allMatch(
                                                    end ->
                                                            consumer.position(end.getKey())
                                                                    >= end.getValue());
                                });
                return all;
            }
        }

        /** Windows by their place after the first one, which begins at another time each run. */
        private String relative(SortedMap<String, String> windows) {
            return windows.entrySet().stream()
                    .map(
                            window -> {
                                String[] key = window.getKey().split("@", -1);
                                long minutes =
                                        Duration.ofMillis(
                                                        Long.parseLong(key[1])
                                                                - start.toEpochMilli())
                                                .toMinutes();
                                return "%s+%d=%s".formatted(key[0], minutes, window.getValue());
                            })
                    .collect(joining(" "));
        }

        private String restored() throws IOException {
            return new TreeSet<>(
                            log("second")
                                    .lines()
                                    .filter(line -> line.startsWith("restored "))
                                    .toList())
                    .toString();
        }

        private String log(String run) throws IOException {
            Path log = directory.resolve(run + ".log");
            return Files.exists(log) ? Files.readString(log) : "";
        }

        private String topics() throws Exception {
            TreeSet<String> names = new TreeSet<>(admin.listTopics().names().get());
            names.removeIf(name -> !name.startsWith(application));
            Map<ConfigResource, Config> configs =
                    admin.describeConfigs(
                                    names.stream()
                                            .map(
                                                    name ->
                                                            new ConfigResource(
                                                                    ConfigResource.Type.TOPIC,
                                                                    name))
                                            .toList())
                            .all()
                            .get();
            TreeSet<String> described = new TreeSet<>();
            configs.forEach(
                    (resource, config) ->
                            described.add(
                                    "%s %s retention %s"
                                            .formatted(
                                                    resource.name().substring(application.length()),
                                                    value(config, "cleanup.policy"),
                                                    value(config, "retention.ms"))));
            return described.toString();
        }

        private static String value(Config config, String name) {
            return Objects.requireNonNull(config.get(name)).value();
        }

        @Override
        public void close() throws IOException, InterruptedException {
            kill();
            admin.close();
            delete(directory);
        }

        private static void delete(Path directory) throws IOException {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            }
        }
    }
}
