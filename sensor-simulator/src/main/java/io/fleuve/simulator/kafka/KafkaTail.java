package io.fleuve.simulator.kafka;

import io.fleuve.simulator.publish.TopicTail;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the topic with a consumer without a group. */
final class KafkaTail implements TopicTail {

    private final ReadingTopic topic;
    private final Duration timeout;
    private final Consumer<byte[], byte[]> consumer;

    /**
     * @param timeout how long to wait for each answer
     */
    KafkaTail(ReadingTopic topic, Duration timeout) {
        this.topic = topic;
        this.timeout = timeout;
        this.consumer =
                new KafkaConsumer<>(
                        topic.client(
                                "resume",
                                Map.of(
                                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                                        false,
                                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                                        false,
                                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                                        (int) timeout.toMillis())),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
    }

    @Override
    public List<Span> partitions() {
        try {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic.name()).stream()
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            if (partitions.isEmpty()) {
                throw new TimeoutException("topic '" + topic.name() + "' is not known yet");
            }
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
            return consumer.endOffsets(partitions).entrySet().stream()
                    .map(
                            end ->
                                    new Span(
                                            end.getKey().partition(),
                                            begins.getOrDefault(end.getKey(), 0L),
                                            end.getValue()))
                    .toList();
        } catch (RetriableException e) {
            throw topic.unreachable(e);
        }
    }

    @Override
    public void read(
            int partition, long from, long upTo, java.util.function.Consumer<Stored> each) {
        TopicPartition assigned = new TopicPartition(topic.name(), partition);
        try {
            consumer.assign(List.of(assigned));
            consumer.seek(assigned, from);
            for (long position = from;
                    position < upTo;
                    position = consumer.position(assigned, timeout)) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(timeout);
                records.forEach(message -> give(message, each));
                if (consumer.position(assigned, timeout) == position) {
                    throw new TimeoutException(
                            "no records of " + assigned + " from offset " + position);
                }
            }
        } catch (RetriableException e) {
            throw topic.unreachable(e);
        }
    }

    private static void give(
            ConsumerRecord<byte[], byte[]> message, java.util.function.Consumer<Stored> each) {
        byte[] key = message.key();
        if (key != null) {
            each.accept(
                    new Stored(
                            text(key), Instant.ofEpochMilli(message.timestamp()), texts(message)));
        }
    }

    private static Map<String, String> texts(ConsumerRecord<byte[], byte[]> message) {
        Map<String, String> headers = new HashMap<>();
        for (Header header : message.headers()) {
            if (header.value() != null) {
                headers.put(header.key(), text(header.value()));
            }
        }
        return headers;
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
