package io.fleuve.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fleuve.kafkapeer.ApacheKafka;
import io.fleuve.simulator.replay.Replay;
import io.fleuve.simulator.replay.ReplayStatus.State;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The whole year through a real broker: an Apache Kafka of its own, or the one at {@code
 * fleuve.test.bootstrap}.
 */
class SimulatorIT {

    private static final int HOURS = 366 * 24;
    private static final int REGIONS = 7;
    private static final int PARTITIONS = 6;
    private static final String UNPACED = "1000000000";

    /** The year in some nine seconds. */
    private static final String BRISK = "3600000";

    private static @Nullable ApacheKafka kafka;
    private static String bootstrapServers = "";

    @TempDir private Path directory;

    private final String topic = "temperature-data-" + UUID.randomUUID();

    @BeforeAll
    static void connect() {
        String given = System.getProperty("fleuve.test.bootstrap", "");
        if (given.isBlank()) {
            kafka = ApacheKafka.temporary();
            bootstrapServers = kafka.bootstrapServers();
        } else {
            bootstrapServers = given;
        }
    }

    @AfterAll
    static void disconnect() {
        if (kafka != null) {
            kafka.close();
        }
    }

    @Test
    void publishesTheYearKeyedByRegionUnderTimesOfThePast() throws Exception {
        try (ConfigurableApplicationContext simulator = simulator(UNPACED)) {
            awaitFinished(simulator);
        }

        List<ConsumerRecord<String, byte[]>> records = readAll();
        assertYearOnceAndInOrder(records);
        Instant now = Instant.now();
        JsonMapper json = JsonMapper.builder().build();
        for (ConsumerRecord<String, byte[]> message : records) {
            JsonNode reading = json.readTree(message.value());
            assertThat(reading.get("region").asString()).isEqualTo(message.key());
            assertThat(reading.get("sensor").asString()).isEqualTo(message.key() + "-1");
            Instant observedAt = Instant.parse(reading.get("observedAt").asString());
            assertThat(observedAt.toEpochMilli()).isEqualTo(message.timestamp());
            assertThat(observedAt).isBefore(now);
            assertThat(message.partition())
                    .isEqualTo(
                            Utils.toPositive(Utils.murmur2(message.key().getBytes(UTF_8)))
                                    % PARTITIONS);
        }
        assertThat(topicConfig("retention.ms")).isEqualTo("-1");
    }

    @Test
    void goesOnExactlyWhereAKilledProcessWas() throws Exception {
        Process child = childProcess(BRISK);
        try {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> published() > 5_000 || !child.isAlive());
            assertThat(child.isAlive()).isTrue();
        } finally {
            // SIGKILL: no shutdown hook, no flush.
            child.destroyForcibly().waitFor();
        }
        long before = published();
        assertThat(before).isBetween(5_000L, HOURS * REGIONS - 1L);
        publishSomethingElse();

        try (ConfigurableApplicationContext simulator = simulator(UNPACED)) {
            awaitFinished(simulator);
            assertThat(simulator.getBean(Replay.class).status().sent())
                    .isEqualTo(HOURS * REGIONS - before);
        }

        List<ConsumerRecord<String, byte[]>> records = readAll();
        records.removeIf(message -> message.headers().lastHeader("fleuve-replay-run") == null);
        assertYearOnceAndInOrder(records);
    }

    @Test
    void losesNothingWhenTheBrokerIsKilledMeanwhile() throws Exception {
        ApacheKafka broker = kafka;
        assumeTrue(broker != null, "the broker at fleuve.test.bootstrap is not ours to kill");
        try (ConfigurableApplicationContext simulator = simulator(BRISK)) {
            Replay replay = simulator.getBean(Replay.class);
            await().until(() -> replay.status().sent() > 5_000);
            broker.kill();
            await().until(() -> replay.status().lag().compareTo(Duration.ofSeconds(1)) > 0);
            assertThat(replay.status().state()).isEqualTo(State.RUNNING);
            assertThat(replay.status().unacknowledged()).isLessThanOrEqualTo(1_000);

            broker.restart();
            bootstrapServers = broker.bootstrapServers();
            awaitFinished(simulator);
            assertThat(replay.status().failed()).isZero();
        }
        List<ConsumerRecord<String, byte[]>> records = readAll();
        removeRepeats(records);
        assertYearOnceAndInOrder(records);
    }

    /**
     * Removes what a producer sent again after the kill. When Apache Kafka rebuilds what it knows
     * of idempotent producers from a log that was not closed, it forgets those whose last record is
     * older than {@code producer.id.expiration.ms} by the record's own time, as all of these are; a
     * batch that was in flight may then be there twice.
     */
    private static void removeRepeats(List<ConsumerRecord<String, byte[]>> records) {
        Map<String, Long> newest = new LinkedHashMap<>();
        records.removeIf(
                message -> {
                    long before = newest.getOrDefault(message.key(), Long.MIN_VALUE);
                    newest.put(message.key(), Math.max(before, message.timestamp()));
                    return message.timestamp() <= before;
                });
    }

    private void assertYearOnceAndInOrder(List<ConsumerRecord<String, byte[]>> records) {
        Map<String, List<Long>> times = new LinkedHashMap<>();
        records.forEach(
                message ->
                        times.computeIfAbsent(message.key(), _ -> new ArrayList<>())
                                .add(message.timestamp()));
        assertThat(times).hasSize(REGIONS);
        times.forEach(
                (region, ofRegion) -> {
                    assertThat(ofRegion).as(region).hasSize(HOURS);
                    for (int hour = 1; hour < HOURS; hour++) {
                        assertThat(ofRegion.get(hour) - ofRegion.get(hour - 1))
                                .as("step to hour %d of %s", hour, region)
                                .isEqualTo(Duration.ofHours(1).toMillis());
                    }
                });
    }

    private static void awaitFinished(ConfigurableApplicationContext simulator) {
        Replay replay = simulator.getBean(Replay.class);
        await().atMost(Duration.ofSeconds(90))
                .until(() -> replay.status().state() != State.RUNNING);
        assertThat(replay.status().state()).as(replay.status().detail()).isEqualTo(State.FINISHED);
    }

    private ConfigurableApplicationContext simulator(String speed) {
        return SimulatorApplication.application().run(arguments(speed).toArray(String[]::new));
    }

    private List<String> arguments(String speed) {
        return List.of(
                "--server.port=0",
                "--fleuve.simulator.bootstrap-servers=" + bootstrapServers,
                "--fleuve.simulator.topic=" + topic,
                "--fleuve.simulator.speed=" + speed);
    }

    private Process childProcess(String speed) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx256m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                SimulatorApplication.class.getName()));
        command.addAll(arguments(speed));
        File log = directory.resolve("simulator.log").toFile();
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(log))
                .start();
    }

    private void publishSomethingElse() {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(client(), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < 3_000; i++) {
                var unused =
                        producer.send(
                                new ProducerRecord<>(
                                        topic, "dakar", "not a reading of the replay"));
            }
        }
    }

    private long published() {
        try (KafkaConsumer<String, byte[]> consumer = consumer()) {
            return consumer.endOffsets(partitions(consumer)).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    private List<ConsumerRecord<String, byte[]>> readAll() {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = partitions(consumer);
            assertThat(partitions).hasSize(PARTITIONS);
            long expected =
                    consumer.endOffsets(partitions).values().stream()
                            .mapToLong(Long::longValue)
                            .sum();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            // A poll returns 500 records: pauses between polls would add up.
            await().atMost(Duration.ofSeconds(60))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(
                            () -> {
                                consumer.poll(Duration.ofMillis(500)).forEach(records::add);
                                return records.size() >= expected;
                            });
        }
        return records;
    }

    private List<TopicPartition> partitions(KafkaConsumer<String, byte[]> consumer) {
        return consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
    }

    private KafkaConsumer<String, byte[]> consumer() {
        Map<String, Object> properties = new LinkedHashMap<>(client());
        properties.put("allow.auto.create.topics", false);
        return new KafkaConsumer<>(
                properties, new StringDeserializer(), new ByteArrayDeserializer());
    }

    private String topicConfig(String key) throws Exception {
        try (Admin admin = Admin.create(client())) {
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
            Config config =
                    Objects.requireNonNull(
                            admin.describeConfigs(List.of(resource)).all().get().get(resource));
            return config.get(key).value();
        }
    }

    private static Map<String, Object> client() {
        return Map.of("bootstrap.servers", bootstrapServers);
    }
}
