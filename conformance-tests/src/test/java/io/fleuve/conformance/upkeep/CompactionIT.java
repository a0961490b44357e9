package io.fleuve.conformance.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fleuve.conformance.platform.FleuvePlatform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A million updates of a thousand keys, compacted while they are written and read: every key ends
 * with its last value, deleted ones are gone, and not many records are left.
 */
class CompactionIT {

    private static final int UPDATES = 1_000_000;
    private static final int KEYS = 1_000;

    /** The background works every second or so, and objects are closed often. */
    private static final List<String> HASTY =
            List.of(
                    "-Xmx384m",
                    "-XX:+UseSerialGC",
                    "-Dfleuve.broker.log.max-object-age=2s",
                    "-Dfleuve.broker.log.index-age=1s",
                    "-Dfleuve.broker.log.tail-cache=1MB",
                    "-Dfleuve.broker.log.read-cache=1MB",
                    "-Dfleuve.broker.upkeep.compaction-interval=1s",
                    "-Dfleuve.broker.upkeep.grace=2s");

    private static @Nullable FleuvePlatform broker;

    private final String topic = "compacted-" + UUID.randomUUID();
    private final TopicPartition partition = new TopicPartition(topic, 0);

    @BeforeAll
    static void start() {
        broker = FleuvePlatform.start(HASTY);
    }

    @AfterAll
    static void stop() {
        if (broker != null) {
            broker.close();
        }
    }

    @Test
    void endsWithTheLastValueOfEachKey() throws Exception {
        try (Admin admin = Admin.create(client())) {
            admin.createTopics(
                            List.of(
                                    new NewTopic(topic, 1, (short) 1)
                                            .configs(
                                                    Map.of(
                                                            "cleanup.policy",
                                                            "compact",
                                                            "min.cleanable.dirty.ratio",
                                                            "0.01",
                                                            "delete.retention.ms",
                                                            "0"))))
                    .all()
                    .get();
        }
        AtomicBoolean written = new AtomicBoolean();
        CompletableFuture<Map<String, String>> follower =
                CompletableFuture.supplyAsync(() -> follow(written));
        Map<String, String> expected = write();
        written.set(true);

        assertThat(follower.get()).as("what a reader saw who was there").isEqualTo(expected);
        List<ConsumerRecord<String, String>> left = new ArrayList<>();
        await().atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(
                        () -> {
                            left.clear();
                            left.addAll(readAll());
                            assertThat(left).hasSizeLessThan(KEYS + KEYS / 10);
                            assertThat(left)
                                    .filteredOn(message -> message.value() == null)
                                    .isEmpty();
                        });
        Map<String, String> last = new HashMap<>();
        left.forEach(message -> last.put(message.key(), message.value()));
        assertThat(last).isEqualTo(expected);
    }

    /** Every hundredth update is a deletion, and a tenth of the keys end with one. */
    private Map<String, String> write() throws Exception {
        Random random = new Random(7);
        Map<String, String> expected = new HashMap<>();
        Map<String, Object> settings = new HashMap<>(client());
        settings.put("linger.ms", 5);
        settings.put("compression.type", "lz4");
        List<java.util.concurrent.Future<RecordMetadata>> unfinished = new ArrayList<>();
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < UPDATES + KEYS / 10; i++) {
                boolean atTheEnd = i >= UPDATES;
                String key = "key-" + (atTheEnd ? i - UPDATES : random.nextInt(KEYS));
                String value =
                        atTheEnd || random.nextInt(100) == 0 ? null : "value " + i + " of " + key;
                unfinished.add(producer.send(new ProducerRecord<>(topic, 0, key, value)));
                if (value == null) {
                    expected.remove(key);
                } else {
                    expected.put(key, value);
                }
                if (unfinished.size() == 10_000) {
                    for (var each : unfinished) {
                        each.get();
                    }
                    unfinished.clear();
                }
            }
            // Something after the last deletions, so that they are not the end of the log.
            for (int i = 0; i < KEYS; i++) {
                producer.send(new ProducerRecord<>(topic, 0, "key-" + (KEYS - 1), "end " + i))
                        .get();
            }
            expected.put("key-" + (KEYS - 1), "end " + (KEYS - 1));
        }
        return expected;
    }

    /** What a table of the topic holds that was kept from the first record on. */
    private Map<String, String> follow(AtomicBoolean written) {
        Map<String, String> table = new HashMap<>();
        try (KafkaConsumer<String, String> consumer = consumer()) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (!written.get() || consumer.position(partition) < end(consumer)) {
                for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofMillis(200))) {
                    if (each.value() == null) {
                        table.remove(each.key());
                    } else {
                        table.put(each.key(), each.value());
                    }
                }
            }
        }
        return table;
    }

    private List<ConsumerRecord<String, String>> readAll() {
        List<ConsumerRecord<String, String>> found = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer()) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = end(consumer);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(found::add);
            }
        }
        return found;
    }

    private long end(KafkaConsumer<String, String> consumer) {
        return Objects.requireNonNull(consumer.endOffsets(List.of(partition)).get(partition));
    }

    private static KafkaConsumer<String, String> consumer() {
        return new KafkaConsumer<>(client(), new StringDeserializer(), new StringDeserializer());
    }

    private static Map<String, Object> client() {
        return Map.of("bootstrap.servers", Objects.requireNonNull(broker).bootstrapServers());
    }
}
