package io.fleuve.gateway;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads what a read_committed consumer sees of a topic up to the end of what is written: Apache
 * Kafka answers to the end of a transaction before its markers are there, so a consumer may have to
 * wait for them.
 */
public final class CommittedRecords {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private CommittedRecords() {}

    public static List<ConsumerRecord<String, String>> of(String bootstrap, String topic) {
        try (KafkaConsumer<String, String> consumer = consumer(bootstrap, "read_committed")) {
            return read(bootstrap, consumer, partitions(consumer, topic));
        }
    }

    /** Of these partitions, in the order of each. */
    public static List<ConsumerRecord<String, String>> of(
            String bootstrap, List<TopicPartition> partitions) {
        try (KafkaConsumer<String, String> consumer = consumer(bootstrap, "read_committed")) {
            return read(bootstrap, consumer, partitions);
        }
    }

    private static List<TopicPartition> partitions(
            KafkaConsumer<String, String> consumer, String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
    }

    private static List<ConsumerRecord<String, String>> read(
            String bootstrap,
            KafkaConsumer<String, String> consumer,
            List<TopicPartition> partitions) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        consumer.assign(partitions);
        Map<TopicPartition, Long> ends = written(bootstrap, partitions);
        long heardAt = System.nanoTime();
        while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
            int before = records.size();
            consumer.poll(POLL).forEach(records::add);
            if (records.size() > before) {
                heardAt = System.nanoTime();
            } else if (System.nanoTime() - heardAt > PATIENCE.toNanos()) {
                throw new AssertionError("a transaction does not end in one of " + partitions);
            }
        }
        return records;
    }

    private static KafkaConsumer<String, String> consumer(String bootstrap, String isolation) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "isolation.level",
                        isolation,
                        "auto.offset.reset",
                        "earliest",
                        "enable.auto.commit",
                        false),
                new StringDeserializer(),
                new StringDeserializer());
    }

    /** Where partitions end, open transactions included. */
    private static Map<TopicPartition, Long> written(
            String bootstrap, List<TopicPartition> partitions) {
        try (KafkaConsumer<String, String> consumer = consumer(bootstrap, "read_uncommitted")) {
            return consumer.endOffsets(partitions);
        }
    }

    static List<String> values(String bootstrap, String topic) {
        return of(bootstrap, topic).stream().map(ConsumerRecord::value).toList();
    }
}
