package io.fleuve.conformance.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Members of one group, which commit what they have processed. No offset that a member was told to
 * be committed may ever be found to be lower, and together they see every record.
 */
final class GroupMembers {

    private static final Duration COMMIT_EVERY = Duration.ofMillis(500);

    private final String bootstrapServers;
    private final String topic;
    private final String group;
    private final List<Thread> threads = new ArrayList<>();
    private final List<BitSet> seen = new ArrayList<>();
    private final long[] committed;
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong failedCommits = new AtomicLong();
    private final AtomicLong rebalances = new AtomicLong();
    private volatile boolean ending;
    private volatile Map<TopicPartition, Long> ends = Map.of();

    GroupMembers(String bootstrapServers, String topic, int partitions, String group) {
        this.bootstrapServers = bootstrapServers;
        this.topic = topic;
        this.group = group;
        this.committed = new long[partitions];
        for (int partition = 0; partition < partitions; partition++) {
            seen.add(new BitSet());
        }
    }

    void start(int members, String protocol) {
        for (int i = 0; i < members; i++) {
            threads.add(
                    Thread.ofPlatform()
                            .daemon()
                            .name(group + "-" + i)
                            .start(
                                    () -> {
                                        while (!isOver()) {
                                            consume(protocol);
                                        }
                                    }));
        }
    }

    long commits() {
        return commits.get();
    }

    long failedCommits() {
        return failedCommits.get();
    }

    long rebalances() {
        return rebalances.get();
    }

    Queue<String> violations() {
        return violations;
    }

    /** Lets them process up to there, and waits until they have. */
    void finish(Map<TopicPartition, Long> upTo, Duration limit) throws InterruptedException {
        ends = upTo;
        ending = true;
        long deadline = System.nanoTime() + limit.toNanos();
        for (Thread thread : threads) {
            thread.join(Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime())));
            if (thread.isAlive()) {
                violations.add(thread.getName() + " did not reach the end within " + limit);
            }
        }
        upTo.forEach(
                (partition, end) -> {
                    long found;
                    synchronized (this) {
                        found = seen.get(partition.partition()).cardinality();
                    }
                    if (found != end) {
                        violations.add(
                                "%s: saw %d of the %d records of partition %d"
                                        .formatted(group, found, end, partition.partition()));
                    }
                });
    }

    private void consume(String protocol) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("group.id", group);
        settings.put("group.protocol", protocol);
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", false);
        settings.put("request.timeout.ms", 10_000);
        settings.put("reconnect.backoff.max.ms", 500L);
        settings.put("metadata.max.age.ms", 10_000);
        if (protocol.equals("classic")) {
            settings.put("session.timeout.ms", 10_000);
        }
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(Set.of(topic), new Positions(consumer));
            Map<TopicPartition, OffsetAndMetadata> processed = new HashMap<>();
            long lastCommit = System.nanoTime();
            while (!isOver()) {
                for (ConsumerRecord<byte[], byte[]> message :
                        consumer.poll(Duration.ofMillis(200))) {
                    process(message);
                    processed.put(
                            new TopicPartition(topic, message.partition()),
                            new OffsetAndMetadata(message.offset() + 1));
                }
                if (System.nanoTime() - lastCommit > COMMIT_EVERY.toNanos()) {
                    processed.keySet().retainAll(consumer.assignment());
                    commit(consumer, Map.copyOf(processed));
                    processed.clear();
                    lastCommit = System.nanoTime();
                }
            }
        } catch (KafkaException e) {
            violations.add(Thread.currentThread().getName() + ": " + e);
            // Another one takes its place, so that one fault does not hide the next.
        }
    }

    private synchronized void process(ConsumerRecord<byte[], byte[]> message) {
        seen.get(message.partition()).set(Math.toIntExact(message.offset()));
    }

    private void commit(
            KafkaConsumer<byte[], byte[]> consumer,
            Map<TopicPartition, OffsetAndMetadata> processed) {
        if (processed.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(processed, Duration.ofSeconds(15));
            commits.incrementAndGet();
            synchronized (this) {
                processed.forEach(
                        (partition, offset) ->
                                committed[partition.partition()] =
                                        Math.max(
                                                committed[partition.partition()], offset.offset()));
            }
        } catch (CommitFailedException | RetriableException _) {
            // Another member has the partition now, or the outcome is not known: the records are
            // processed again, or committed with the next.
            failedCommits.incrementAndGet();
        }
    }

    private synchronized boolean isOver() {
        return ending
                && ends.entrySet().stream()
                        .allMatch(
                                end ->
                                        seen.get(end.getKey().partition()).cardinality()
                                                >= end.getValue());
    }

    /** Where a member begins, against what was committed before. */
    private final class Positions implements ConsumerRebalanceListener {

        private final KafkaConsumer<byte[], byte[]> consumer;

        Positions(KafkaConsumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            rebalances.incrementAndGet();
            for (TopicPartition partition : partitions) {
                long least = committedBefore(partition);
                long position = consumer.position(partition, Duration.ofMinutes(2));
                if (position < least) {
                    violations.add(
                            "%s: begins partition %d at %d, committed was %d"
                                    .formatted(group, partition.partition(), position, least));
                }
            }
        }

        private long committedBefore(TopicPartition partition) {
            synchronized (GroupMembers.this) {
                return committed[partition.partition()];
            }
        }
    }
}
