package io.fleuve.conformance.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fleuve.conformance.platform.FleuvePlatform;
import io.fleuve.kafkapeer.ApacheKafka;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The settings of docs/mirror: Kafka's MirrorMaker 2 moves a topic with its settings, and a group
 * with what it has committed, from Apache Kafka to Fleuve and back again, while somebody writes.
 */
class MirrorMakerIT {

    private static final int PARTITIONS = 3;
    private static final int BEFORE = 3_000;
    private static final int DURING = 3_000;
    private static final int AFTER = 300;
    private static final long END = (BEFORE + DURING) / PARTITIONS;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir private static Path directory;
    private static ApacheKafka kafka;
    private static FleuvePlatform fleuve;

    @BeforeAll
    static void start() {
        kafka = ApacheKafka.temporary();
        fleuve = FleuvePlatform.start();
    }

    @AfterAll
    static void stop() {
        fleuve.close();
        kafka.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka to fleuve", "fleuve to kafka"})
    void recordsSettingsAndOffsetsMove(String direction) throws Exception {
        boolean toFleuve = direction.endsWith("fleuve");
        String from = toFleuve ? kafka.bootstrapServers() : fleuve.bootstrapServers();
        String to = toFleuve ? fleuve.bootstrapServers() : kafka.bootstrapServers();
        String topic = toFleuve ? "orders-in" : "orders-out";
        createTopic(from, topic);
        produce(from, topic, 0, BEFORE);
        Process mirror = mirror(direction, from, to, topic);
        try {
            produce(from, topic, BEFORE, BEFORE + DURING);
            abort(from, topic);
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> count(to, topic) == BEFORE + DURING || !mirror.isAlive());
            assertThat(mirror.isAlive()).as(log(direction)).isTrue();
            assertThat(read(to, topic)).isEqualTo(read(from, topic));
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(settings(to, topic)).isEqualTo("7200000"));
            // A group that has read everything stands at the end there as well. (In the middle,
            // MirrorMaker knows few offsets and takes an earlier one: read twice, never skipped.)
            commit(from, topic);
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(
                            () ->
                                    assertThat(committed(to, topic))
                                            .isEqualTo(Map.of(0, END, 1, END, 2, END)));
        } finally {
            mirror.destroy();
            if (!mirror.waitFor(30, TimeUnit.SECONDS)) {
                mirror.destroyForcibly().waitFor();
            }
        }
        // Writers and readers change over.
        produce(to, topic, BEFORE + DURING, BEFORE + DURING + AFTER);
        assertThat(readOn(to, topic))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(BEFORE + DURING, BEFORE + DURING + AFTER)
                                .mapToObj(i -> "value-" + i)
                                .toList());
    }

    private static Process mirror(String direction, String from, String to, String topic)
            throws IOException {
        Path settings =
                Files.writeString(
                        directory.resolve(topic + ".properties"),
                        Files.readString(Path.of("../docs/mirror/mirror-maker.properties"))
                                        .replace("old.example.org:9092", from)
                                        .replace("new.example.org:9092", to)
                                        .replace("= orders.*", "= " + topic)
                                        .replace("groups = .*", "groups = readers")
                                // The class path has no plug-ins that need a search.
                                + """
                                source.plugin.discovery = service_load
                                target.plugin.discovery = service_load
                                """);
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx384m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.apache.kafka.connect.mirror.MirrorMaker",
                        settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(logFile(direction).toFile())
                .start();
    }

    private static Path logFile(String direction) {
        return directory.resolve(direction.replace(' ', '-') + ".log");
    }

    private static String log(String direction) {
        try {
            List<String> lines = Files.readAllLines(logFile(direction));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

    private static void createTopic(String servers, String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            admin.createTopics(
                            List.of(
                                    new NewTopic(topic, PARTITIONS, (short) 1)
                                            .configs(Map.of("retention.ms", "7200000"))))
                    .all()
                    .get();
        }
    }

    private static void produce(String servers, String topic, int begin, int end) {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", servers, "linger.ms", 20),
                        new StringSerializer(),
                        new StringSerializer())) {
            IntStream.range(begin, end)
                    .forEach(
                            i ->
                                    producer.send(
                                            new ProducerRecord<>(
                                                    topic,
                                                    i % PARTITIONS,
                                                    1_700_000_000_000L + i,
                                                    "key-" + i % 7,
                                                    "value-" + i,
                                                    List.of(
                                                            new RecordHeader(
                                                                    "number",
                                                                    Integer.toString(i)
                                                                            .getBytes(
                                                                                    StandardCharsets
                                                                                            .UTF_8))))));
        }
    }

    /** Something that nobody is to see, here or there. */
    private static void abort(String servers, String topic) {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", servers, "transactional.id", topic),
                        new StringSerializer(),
                        new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, 0, null, "never"));
            producer.flush();
            producer.abortTransaction();
        }
    }

    private static void commit(String servers, String topic) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new TreeMap<>(MirrorMakerIT::compare);
        partitions(topic).forEach(p -> offsets.put(p, new OffsetAndMetadata(END)));
        try (KafkaConsumer<String, String> consumer = consumer(servers, "readers")) {
            consumer.assign(partitions(topic));
            consumer.commitSync(offsets);
        }
    }

    private static int compare(TopicPartition one, TopicPartition other) {
        return Integer.compare(one.partition(), other.partition());
    }

    /** By partition. */
    private static Map<Integer, Long> committed(String servers, String topic) throws Exception {
        Map<Integer, Long> found = new TreeMap<>();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            admin.listConsumerGroupOffsets("readers")
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .forEach(
                            (partition, offset) -> {
                                if (partition.topic().equals(topic)) {
                                    found.put(partition.partition(), offset.offset());
                                }
                            });
        }
        return found;
    }

    private static String settings(String servers, String topic) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            return Objects.requireNonNull(
                            admin.describeConfigs(List.of(resource)).all().get().get(resource))
                    .get("retention.ms")
                    .value();
        }
    }

    private static long count(String servers, String topic) {
        try (KafkaConsumer<String, String> consumer = consumer(servers, "counter")) {
            return consumer.endOffsets(partitions(topic)).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    /** Each partition's records, all that a reader sees of them. */
    private static Map<Integer, List<String>> read(String servers, String topic) {
        Map<Integer, List<String>> records = new TreeMap<>();
        try (KafkaConsumer<String, String> consumer = consumer(servers, "auditor")) {
            consumer.assign(partitions(topic));
            consumer.seekToBeginning(partitions(topic));
            int[] seen = {0};
            await().atMost(PATIENCE)
                    .until(
                            () -> {
                                for (ConsumerRecord<String, String> each :
                                        consumer.poll(Duration.ofMillis(500))) {
                                    records.computeIfAbsent(
                                                    each.partition(), _ -> new ArrayList<>())
                                            .add(
                                                    "%d %d %s %s %s"
                                                            .formatted(
                                                                    each.offset(),
                                                                    each.timestamp(),
                                                                    each.key(),
                                                                    each.value(),
                                                                    each.headers()));
                                    seen[0]++;
                                }
                                return seen[0] >= BEFORE + DURING;
                            });
        }
        return records;
    }

    /** What the group of the move finds where it goes on. */
    private static List<String> readOn(String servers, String topic) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer(servers, "readers")) {
            consumer.subscribe(List.of(topic));
            await().atMost(PATIENCE)
                    .until(
                            () -> {
                                consumer.poll(Duration.ofMillis(500))
                                        .forEach(each -> values.add(each.value()));
                                return values.size() >= AFTER;
                            });
        }
        return values;
    }

    private static List<TopicPartition> partitions(String topic) {
        return IntStream.range(0, PARTITIONS).mapToObj(i -> new TopicPartition(topic, i)).toList();
    }

    private static KafkaConsumer<String, String> consumer(String servers, String group) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        servers,
                        "group.id",
                        group,
                        "enable.auto.commit",
                        false,
                        "isolation.level",
                        "read_committed"),
                new StringDeserializer(),
                new StringDeserializer());
    }
}
