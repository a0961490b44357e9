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
final class CommittedRecords {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private CommittedRecords() {}

    static List<ConsumerRecord<String, String>> of(String bootstrap, String topic) {
        Map<String, Object> config =
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "isolation.level",
                        "read_committed",
                        "auto.offset.reset",
                        "earliest",
                        "enable.auto.commit",
                        false);
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = written(bootstrap, partitions);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (partitions.stream()
                    .anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("a transaction of " + topic + " does not end");
                }
                consumer.poll(POLL).forEach(records::add);
            }
        }
        return records;
    }

    /** Where partitions end, open transactions included. */
    private static Map<TopicPartition, Long> written(
            String bootstrap, List<TopicPartition> partitions) {
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", bootstrap),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            return consumer.endOffsets(partitions);
        }
    }

    static List<String> values(String bootstrap, String topic) {
        return of(bootstrap, topic).stream().map(ConsumerRecord::value).toList();
    }
}
