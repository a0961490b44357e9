package io.fleuve.alerts;

import io.fleuve.alerts.windows.WindowResult;
import io.fleuve.alerts.windows.WindowResultCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Everything in a topic of window results, read on as it grows. */
final class TopicTail implements AutoCloseable {

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final WindowResultCodec codec = new WindowResultCodec();
    private final String topic;
    private final List<WindowResult> results = new ArrayList<>();
    private final Set<String> windows = new HashSet<>();

    TopicTail(String bootstrap, String topic) {
        this.topic = topic;
        this.consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                bootstrap,
                                "isolation.level",
                                "read_committed",
                                "allow.auto.create.topics",
                                false),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
    }

    /** Reads to the end as it is now; how many results there are. */
    long poll() {
        List<TopicPartition> partitions =
                consumer.partitionsFor(topic).stream()
                        .map(p -> new TopicPartition(topic, p.partition()))
                        .toList();
        if (consumer.assignment().size() != partitions.size()) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            results.clear();
            windows.clear();
        }
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                WindowResult result = codec.decode(record.value()).orElseThrow();
                results.add(result);
                windows.add(result.aggregation() + result.region() + result.windowStart());
            }
        }
        return results.size();
    }

    List<WindowResult> results() {
        return List.copyOf(results);
    }

    /** How many different windows there are. */
    int windows() {
        return windows.size();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
