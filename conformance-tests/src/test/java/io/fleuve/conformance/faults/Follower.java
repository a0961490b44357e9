package io.fleuve.conformance.faults;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A plain reader that follows the tail from the beginning, without a group. */
final class Follower {

    private final String bootstrapServers;
    private final List<TopicPartition> partitions;
    private final LogCopy copy;
    private final Thread thread;
    private volatile boolean ending;
    private volatile Map<TopicPartition, Long> ends = Map.of();

    Follower(String bootstrapServers, String topic, int partitions, String name) {
        this.bootstrapServers = bootstrapServers;
        this.partitions =
                IntStream.range(0, partitions)
                        .mapToObj(partition -> new TopicPartition(topic, partition))
                        .toList();
        copy = new LogCopy(name, partitions);
        thread = Thread.ofPlatform().daemon().name(name).unstarted(this::follow);
    }

    void start() {
        thread.start();
    }

    LogCopy copy() {
        return copy;
    }

    /** Lets it read up to there, and waits until it has. */
    void finish(Map<TopicPartition, Long> upTo, Duration limit) throws InterruptedException {
        ends = upTo;
        ending = true;
        thread.join(limit);
        if (thread.isAlive()) {
            copy.violations().add(thread.getName() + " did not reach the end within " + limit);
        }
    }

    /** Reads all that is there now, with a consumer of its own. */
    static LogCopy readBack(
            String bootstrapServers,
            String topic,
            int partitions,
            Map<TopicPartition, Long> ends,
            RecordVisitor visitor) {
        Follower reader = new Follower(bootstrapServers, topic, partitions, "the log");
        reader.ends = ends;
        reader.ending = true;
        reader.follow(visitor);
        return reader.copy;
    }

    private void follow() {
        follow(_ -> {});
    }

    private void follow(RecordVisitor visitor) {
        Map<String, Object> settings =
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        // An offset that is not there any more, or not yet, is an error here.
                        "auto.offset.reset",
                        "none",
                        "request.timeout.ms",
                        10_000,
                        "reconnect.backoff.max.ms",
                        500L,
                        "metadata.max.age.ms",
                        10_000);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            partitions.forEach(partition -> consumer.seek(partition, 0));
            while (!ending || !isAtEnd()) {
                for (ConsumerRecord<byte[], byte[]> message :
                        consumer.poll(Duration.ofMillis(200))) {
                    copy.add(message);
                    visitor.visit(message);
                }
            }
        } catch (KafkaException e) {
            copy.violations().add(Thread.currentThread().getName() + ": " + e);
        }
    }

    private boolean isAtEnd() {
        return ends.entrySet().stream()
                .allMatch(end -> copy.size(end.getKey().partition()) >= end.getValue());
    }

    /** Gets each record, in order of its partition. */
    interface RecordVisitor {
        void visit(ConsumerRecord<byte[], byte[]> message);
    }
}
