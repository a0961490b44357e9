package io.fleuve.conformance.scenario;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Stock clients of one platform.
 *
 * @param bootstrapServers the platform's address
 */
record Client(String bootstrapServers) {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A connection of no client library. */
    Wire wire() throws IOException {
        return new Wire(bootstrapServers);
    }

    /** Gives up sooner than by default: some scenarios ask for what never comes. */
    Admin admin() {
        return Admin.create(
                settings(Map.of("default.api.timeout.ms", 20_000, "request.timeout.ms", 10_000)));
    }

    KafkaProducer<byte[], byte[]> producer(Map<String, Object> properties) {
        return new KafkaProducer<>(
                settings(properties), new ByteArraySerializer(), new ByteArraySerializer());
    }

    KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> properties) {
        Map<String, Object> settings = settings(properties);
        settings.putIfAbsent("allow.auto.create.topics", false);
        settings.putIfAbsent("enable.auto.commit", false);
        settings.putIfAbsent("auto.offset.reset", "earliest");
        return new KafkaConsumer<>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Creates a topic of a name that nobody else has, and waits until it answers. */
    String newTopic(int partitions, Map<String, String> configs) throws Exception {
        String name = newName("topic");
        try (Admin admin = admin()) {
            NewTopic request =
                    new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(configs);
            admin.createTopics(List.of(request)).all().get();
            awaitTopic(admin, name, partitions);
        }
        return name;
    }

    /**
     * Waits until all partitions of a new topic answer. Apache Kafka answers the one who creates it
     * sooner than its brokers know it: it may not be described yet, and a producer's first batch
     * may be refused, the second taken, and then the first refused for ever as out of sequence.
     */
    static void awaitTopic(Admin admin, String name, int partitions) {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        partitionsOf(name, partitions)
                .forEach(partition -> ends.put(partition, OffsetSpec.latest()));
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> admin.listOffsets(ends).all().get().size() == partitions);
    }

    /** Reads so many records of partitions from their beginning. */
    List<ConsumerRecord<byte[], byte[]>> read(
            String topic, int partitions, int count, Map<String, Object> properties) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(properties)) {
            List<TopicPartition> all = partitionsOf(topic, partitions);
            consumer.assign(all);
            consumer.seekToBeginning(all);
            return poll(consumer, count);
        }
    }

    /** Polls until so many records have come. */
    List<ConsumerRecord<byte[], byte[]>> poll(KafkaConsumer<byte[], byte[]> consumer, int count) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        await().atMost(PATIENCE)
                .until(
                        () -> {
                            consumer.poll(Duration.ofMillis(200)).forEach(records::add);
                            return records.size() >= count;
                        });
        return records;
    }

    /** Polls until a consumer has so many partitions. */
    void awaitAssignment(KafkaConsumer<byte[], byte[]> consumer, int partitions) {
        await().atMost(PATIENCE)
                .until(
                        () -> {
                            consumer.poll(Duration.ofMillis(100));
                            return consumer.assignment().size() == partitions;
                        });
    }

    private static List<TopicPartition> partitionsOf(String topic, int count) {
        return IntStream.range(0, count)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    static String newName(String kind) {
        return kind + "-" + UUID.randomUUID();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte @Nullable [] bytes) {
        return bytes == null ? "null" : "'" + new String(bytes, StandardCharsets.UTF_8) + "'";
    }

    private Map<String, Object> settings(Map<String, Object> properties) {
        Map<String, Object> settings = new HashMap<>(properties);
        settings.put("bootstrap.servers", bootstrapServers);
        return settings;
    }
}
