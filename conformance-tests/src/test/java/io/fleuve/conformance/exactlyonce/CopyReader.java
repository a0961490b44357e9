package io.fleuve.conformance.exactlyonce;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A consumer that reads all copies from the beginning at one isolation level. */
final class CopyReader implements AutoCloseable {

    private final KafkaConsumer<String, String> consumer;
    private final List<TopicPartition> partitions;
    private final List<Copy> seen = new ArrayList<>();
    private final Set<Long> numbers = new HashSet<>();
    private final Set<String> lives = new HashSet<>();

    CopyReader(String bootstrapServers, String topic, int partitions, IsolationLevel level) {
        this.partitions =
                IntStream.range(0, partitions).mapToObj(i -> new TopicPartition(topic, i)).toList();
        this.consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                bootstrapServers,
                                "isolation.level",
                                level.name().toLowerCase(Locale.ROOT),
                                "enable.auto.commit",
                                false,
                                // An offset that is not there any more, or not yet, is an error.
                                "auto.offset.reset",
                                "none",
                                "request.timeout.ms",
                                10_000),
                        new StringDeserializer(),
                        new StringDeserializer());
        consumer.assign(this.partitions);
        this.partitions.forEach(partition -> consumer.seek(partition, 0));
    }

    void poll() {
        consumer.poll(Duration.ofMillis(100))
                .forEach(
                        found -> {
                            Copy copy = Copy.of(found.partition(), found.offset(), found.value());
                            seen.add(copy);
                            numbers.add(copy.number());
                            lives.add(copy.life());
                        });
    }

    /** Different numbers so far. */
    int numbers() {
        return numbers.size();
    }

    /** Different lives of subtasks so far. */
    int lives() {
        return lives.size();
    }

    /** Where its isolation level lets it read to now, for each partition. */
    List<Long> ends() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        return partitions.stream().map(ends::get).toList();
    }

    /** All, up to where its isolation level lets it read. */
    List<Copy> readToEnd(Duration limit) {
        List<Long> ends = ends();
        await().atMost(limit)
                .until(
                        () -> {
                            poll();
                            return IntStream.range(0, ends.size())
                                    .allMatch(
                                            i ->
                                                    consumer.position(partitions.get(i))
                                                            >= ends.get(i));
                        });
        return List.copyOf(seen);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
