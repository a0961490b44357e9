package io.fleuve.gateway.consumers;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Records that were fetched but not yet delivered, and how far delivery has come. Kafka's consumer
 * knows what it has fetched; what may be committed is less, in two steps:
 *
 * <ul>
 *   <li><em>delivered</em>: put into an answer. A client that commits by itself means this.
 *   <li><em>confirmed</em>: delivered, and the client has come back for more since. An answer can
 *       be lost on its way, so committing without being asked goes no further than this.
 * </ul>
 *
 * Not thread-safe: it belongs to whoever holds the instance.
 */
final class DeliveryBuffer {

    private final ArrayDeque<ConsumerRecord<byte[], byte[]>> waiting = new ArrayDeque<>();
    private final Map<TopicPartition, Integer> counts = new HashMap<>();
    // Behind the last waiting record of a partition, markers of transactions included.
    private final Map<TopicPartition, OffsetAndMetadata> fetched = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> delivered = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> confirmed = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();

    /** Takes what a poll has brought. */
    void add(ConsumerRecords<byte[], byte[]> polled) {
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            waiting.add(record);
            counts.merge(partitionOf(record), 1, Integer::sum);
        }
        polled.nextOffsets()
                .forEach(
                        (partition, next) ->
                                (counts.containsKey(partition) ? fetched : delivered)
                                        .put(partition, next));
    }

    /** The next record to deliver, or null. */
    @Nullable ConsumerRecord<byte[], byte[]> peek() {
        return waiting.peek();
    }

    /** Delivers the record that {@link #peek} has shown. */
    void deliver() {
        ConsumerRecord<byte[], byte[]> record = waiting.remove();
        TopicPartition partition = partitionOf(record);
        OffsetAndMetadata behind =
                new OffsetAndMetadata(record.offset() + 1, record.leaderEpoch(), "");
        if (counts.merge(partition, -1, Integer::sum) == 0) {
            counts.remove(partition);
            OffsetAndMetadata end = fetched.remove(partition);
            behind = end == null ? behind : end;
        }
        delivered.put(partition, behind);
    }

    /** Whether it is unknown how far a partition has come, since nothing of it was ever fetched. */
    boolean isUnknown(TopicPartition partition) {
        return !delivered.containsKey(partition) && !counts.containsKey(partition);
    }

    /** A partition goes on at {@code offset}, by a decision of the client or of the consumer. */
    void moveTo(TopicPartition partition, long offset, String metadata) {
        dropWaiting(Set.of(partition));
        delivered.put(partition, new OffsetAndMetadata(offset, Optional.empty(), metadata));
    }

    /** The client has what was delivered. */
    void confirm() {
        confirmed.putAll(delivered);
    }

    /** How far delivery has come. */
    Map<TopicPartition, OffsetAndMetadata> delivered() {
        return Map.copyOf(delivered);
    }

    /** What is confirmed but not committed. */
    Map<TopicPartition, OffsetAndMetadata> uncommitted() {
        Map<TopicPartition, OffsetAndMetadata> wanted = new HashMap<>(confirmed);
        wanted.entrySet().removeIf(entry -> entry.getValue().equals(committed.get(entry.getKey())));
        return wanted;
    }

    void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
        committed.putAll(offsets);
    }

    /** Forgets all but {@code partitions}. */
    void retain(Collection<TopicPartition> partitions) {
        Set<TopicPartition> others = new HashSet<>(delivered.keySet());
        others.addAll(counts.keySet());
        others.addAll(confirmed.keySet());
        others.addAll(committed.keySet());
        others.removeAll(Set.copyOf(partitions));
        forget(others);
    }

    /** Forgets partitions that are read by somebody else from now on. */
    void forget(Collection<TopicPartition> partitions) {
        dropWaiting(partitions);
        for (TopicPartition partition : partitions) {
            delivered.remove(partition);
            confirmed.remove(partition);
            committed.remove(partition);
        }
    }

    private void dropWaiting(Collection<TopicPartition> partitions) {
        Set<TopicPartition> dropped = Set.copyOf(partitions);
        waiting.removeIf(record -> dropped.contains(partitionOf(record)));
        counts.keySet().removeAll(dropped);
        fetched.keySet().removeAll(dropped);
    }

    private static TopicPartition partitionOf(ConsumerRecord<byte[], byte[]> record) {
        return new TopicPartition(record.topic(), record.partition());
    }
}
