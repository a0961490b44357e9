package io.fleuve.conformance.transactions;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Reads all partitions from the beginning, without a group, at one isolation level. */
final class Reader {

    private final String bootstrapServers;
    private final boolean committed;
    private final OpenTransactions open;
    private final History history;
    private final SeenLog seen;
    private final Thread thread;
    private volatile boolean ending;
    private volatile Map<TopicPartition, Long> ends = Map.of();

    Reader(
            String bootstrapServers,
            boolean committed,
            String name,
            OpenTransactions open,
            History history) {
        this.bootstrapServers = bootstrapServers;
        this.committed = committed;
        this.open = open;
        this.history = history;
        this.seen = new SeenLog(name, Topics.PARTITIONS);
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::follow);
    }

    void start() {
        thread.start();
    }

    boolean isCommitted() {
        return committed;
    }

    SeenLog seen() {
        return seen;
    }

    /** Lets it read up to these ends of the logs, and waits until it has. */
    SeenLog finish(Map<TopicPartition, Long> upTo, Duration limit) throws InterruptedException {
        ends = upTo;
        ending = true;
        thread.join(limit);
        if (thread.isAlive()) {
            history.violations()
                    .add(
                            "%s did not reach the end within %s: is a transaction still open?"
                                    .formatted(seen.reader(), limit));
        }
        return seen;
    }

    private void follow() {
        Map<String, Object> settings =
                Map.of(
                        "isolation.level",
                        committed ? "read_committed" : "read_uncommitted",
                        // An offset that is not there any more, or not yet, is an error here.
                        "auto.offset.reset",
                        "none");
        try (KafkaConsumer<byte[], byte[]> consumer = Topics.consumer(bootstrapServers, settings)) {
            consumer.assign(Topics.all());
            Topics.all().forEach(partition -> consumer.seek(partition, 0));
            while (!ending || !isAtEnd(consumer)) {
                for (ConsumerRecord<byte[], byte[]> message :
                        consumer.poll(Duration.ofMillis(200))) {
                    take(message);
                }
            }
        } catch (KafkaException | IllegalStateException e) {
            history.violations().add(seen.reader() + ": " + e);
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> message) {
        int partition = Topics.number(message.topic(), message.partition());
        if (committed) {
            int past = open.readPast(partition, message.offset(), System.nanoTime());
            if (past >= 0) {
                history.violations()
                        .add(
                                "%s: has offset %d of partition %d, past open transaction %d"
                                        .formatted(
                                                seen.reader(), message.offset(), partition, past));
            }
        }
        seen.add(partition, message.offset(), Topics.value(message));
    }

    private boolean isAtEnd(KafkaConsumer<byte[], byte[]> consumer) {
        return ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }
}
