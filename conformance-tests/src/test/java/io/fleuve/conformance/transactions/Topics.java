package io.fleuve.conformance.transactions;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The topics of a run, whose partitions are numbered through, and its clients. The first topic is
 * the processors' input, the last one is their output.
 */
final class Topics {

    static final List<String> NAMES = List.of("input", "other", "output");
    static final int PARTITIONS_EACH = 3;
    static final int PARTITIONS = NAMES.size() * PARTITIONS_EACH;

    /** Where producers append; the rest is the output. */
    static final int APPENDED = 2 * PARTITIONS_EACH;

    private static final int MIN_PADDING = 20;
    private static final int MAX_PADDING = 200;

    private Topics() {}

    static int[] input() {
        return new int[] {0, 1, 2};
    }

    static TopicPartition partition(int number) {
        return new TopicPartition(NAMES.get(number / PARTITIONS_EACH), number % PARTITIONS_EACH);
    }

    static int number(String topic, int partition) {
        return NAMES.indexOf(topic) * PARTITIONS_EACH + partition;
    }

    static List<TopicPartition> all() {
        List<TopicPartition> all = new ArrayList<>();
        for (int number = 0; number < PARTITIONS; number++) {
            all.add(partition(number));
        }
        return all;
    }

    /** The value, and padding that follows from it. */
    static ProducerRecord<byte[], byte[]> message(int partition, long value) {
        TopicPartition target = partition(partition);
        return new ProducerRecord<>(target.topic(), target.partition(), null, bytes(value));
    }

    static long value(ConsumerRecord<byte[], byte[]> message) {
        long value = ByteBuffer.wrap(message.value()).getLong();
        if (!ByteBuffer.wrap(bytes(value)).equals(ByteBuffer.wrap(message.value()))) {
            throw new IllegalStateException(
                    "%s-%d, offset %d: bytes that nobody here has written"
                            .formatted(message.topic(), message.partition(), message.offset()));
        }
        return value;
    }

    private static byte[] bytes(long value) {
        SplittableRandom random = new SplittableRandom(value);
        ByteBuffer bytes =
                ByteBuffer.allocate(Long.BYTES + random.nextInt(MIN_PADDING, MAX_PADDING));
        bytes.putLong(value);
        while (bytes.hasRemaining()) {
            bytes.put((byte) ('a' + random.nextInt(8)));
        }
        return bytes.array();
    }

    static KafkaProducer<byte[], byte[]> producer(
            String bootstrapServers, String transactionalId, int timeoutMs) {
        Map<String, Object> settings = connection(bootstrapServers);
        settings.put("transactional.id", transactionalId);
        settings.put("transaction.timeout.ms", timeoutMs);
        settings.put("delivery.timeout.ms", 60_000);
        settings.put("max.block.ms", 30_000L);
        settings.put("buffer.memory", 1L << 20);
        settings.put("linger.ms", 2);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    static KafkaConsumer<byte[], byte[]> consumer(
            String bootstrapServers, Map<String, Object> more) {
        Map<String, Object> settings = connection(bootstrapServers);
        settings.put("enable.auto.commit", false);
        settings.putAll(more);
        return new KafkaConsumer<>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static Map<String, Object> connection(String bootstrapServers) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("request.timeout.ms", 10_000);
        settings.put("reconnect.backoff.max.ms", 500L);
        settings.put("metadata.max.age.ms", 10_000L);
        return settings;
    }
}
