package io.fleuve.conformance.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import io.fleuve.conformance.crash.AcknowledgedLoad.Acknowledged;
import io.fleuve.conformance.crash.AcknowledgedLoad.Origin;
import io.fleuve.conformance.platform.FleuvePlatform;
import io.fleuve.conformance.platform.PlatformUnderTest;
import io.fleuve.conformance.platform.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * An acknowledged record survives SIGKILL of every process: it is found at the offset that its
 * producer was told, offsets are dense, and what an idempotent producer sent is there once and in
 * order. A producer without idempotence may leave copies of a record whose acknowledgement it never
 * got, but no acknowledged offset may hold another record.
 */
class BrokerCrashIT {

    private static final int PARTITIONS = 6;
    private static final long BEFORE_KILL = 4_000;

    private static @Nullable PlatformUnderTest platform;

    private final String topic = "crash-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        platform = Subject.start();
    }

    @AfterAll
    static void stop() {
        if (platform != null) {
            platform.close();
        }
    }

    @Test
    void keepsAcknowledgedRecordsWhenTheBrokerIsKilled() throws Exception {
        FleuvePlatform fleuve = fleuve();
        killUnderLoad(
                () -> {
                    fleuve.kill();
                    fleuve.restart();
                });
    }

    @Test
    void keepsAcknowledgedRecordsWhenTheDatabaseIsKilled() throws Exception {
        FleuvePlatform fleuve = fleuve();
        killUnderLoad(
                () -> {
                    fleuve.postgres().kill();
                    fleuve.postgres().restart();
                });
    }

    @Test
    void keepsAcknowledgedRecordsWhenBothAreKilled() throws Exception {
        FleuvePlatform fleuve = fleuve();
        killUnderLoad(
                () -> {
                    fleuve.postgres().kill();
                    fleuve.kill();
                    fleuve.postgres().restart();
                    fleuve.restart();
                });
    }

    /** Kills twice, under the load of four producers, and then reads everything back. */
    private void killUnderLoad(Runnable killAndRestart) throws Exception {
        createTopic();
        AcknowledgedLoad load =
                new AcknowledgedLoad(platform().bootstrapServers(), topic, PARTITIONS);
        try (load) {
            load.start("idempotent-1", true);
            load.start("idempotent-2", true);
            load.start("plain-1", false);
            load.start("plain-2", false);
            for (int kill = 0; kill < 2; kill++) {
                awaitMore(load);
                killAndRestart.run();
            }
            awaitMore(load);
        }
        assertThat(load.failures()).isEmpty();
        Map<Integer, List<Origin>> log = readAll();
        for (Acknowledged record : load.acknowledged()) {
            List<Origin> partition = Objects.requireNonNull(log.get(record.partition()));
            assertThat(record.offset()).as("%s", record).isLessThan(partition.size());
            assertThat(partition.get((int) record.offset()))
                    .as("at the offset that was acknowledged: %s", record)
                    .isEqualTo(
                            new Origin(record.producer(), record.partition(), record.sequence()));
        }
        log.values().forEach(BrokerCrashIT::assertOrder);
    }

    private static void awaitMore(AcknowledgedLoad load) {
        int before = load.acknowledged().size();
        await().atMost(Duration.ofMinutes(3))
                .until(() -> load.acknowledged().size() > before + BEFORE_KILL);
    }

    /**
     * Idempotent producers: each sequence once, without a gap. Others: each at least once, first
     * copies in order.
     */
    private static void assertOrder(List<Origin> partition) {
        Map<String, Long> last = new HashMap<>();
        for (Origin origin : partition) {
            long expected = last.getOrDefault(origin.producer(), -1L) + 1;
            if (origin.producer().startsWith("idempotent")) {
                assertThat(origin.sequence()).as("after a kill: %s", origin).isEqualTo(expected);
            } else {
                assertThat(origin.sequence())
                        .as("after a kill: %s", origin)
                        .isLessThanOrEqualTo(expected);
            }
            last.merge(origin.producer(), origin.sequence(), Math::max);
        }
    }

    private void createTopic() throws Exception {
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", platform().bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1))).all().get();
        }
    }

    /**
     * The log by partition; a record's place in its list is its offset, or offsets are not dense.
     */
    private Map<Integer, List<Origin>> readAll() {
        Map<Integer, List<Origin>> log = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", platform().bootstrapServers()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    IntStream.range(0, PARTITIONS)
                            .mapToObj(partition -> new TopicPartition(topic, partition))
                            .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            await().atMost(Duration.ofMinutes(3))
                    .until(
                            () -> {
                                for (ConsumerRecord<byte[], byte[]> message :
                                        consumer.poll(Duration.ofMillis(500))) {
                                    List<Origin> ofPartition =
                                            log.computeIfAbsent(
                                                    message.partition(), _ -> new ArrayList<>());
                                    assertThat(message.offset())
                                            .as("offsets are dense")
                                            .isEqualTo(ofPartition.size());
                                    ofPartition.add(Origin.of(message.value()));
                                }
                                return ends.entrySet().stream()
                                        .allMatch(
                                                end ->
                                                        consumer.position(end.getKey())
                                                                >= end.getValue());
                            });
        }
        return log;
    }

    private static FleuvePlatform fleuve() {
        if (platform() instanceof FleuvePlatform fleuve) {
            return fleuve;
        }
        return abort("Apache Kafka has no database to kill");
    }

    private static PlatformUnderTest platform() {
        return Objects.requireNonNull(platform, "the platform was not started");
    }
}
