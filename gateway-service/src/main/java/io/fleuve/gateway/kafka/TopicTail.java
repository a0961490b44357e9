package io.fleuve.gateway.kafka;

import io.fleuve.gateway.kafka.KafkaClients.Metered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * One consumer at the end of a topic, for as many readers as there are. Only one thread may use it.
 */
public final class TopicTail implements AutoCloseable {

    private static final Duration POSITION_WITHIN = Duration.ofMillis(100);

    private final String topic;
    private final Metered<Consumer<byte[], byte[]>> metered;
    private final SortedMap<Integer, Long> positions = new TreeMap<>();

    /** A tail that fetches at most so many records and bytes at a time. */
    public TopicTail(
            KafkaClients clients,
            String topic,
            Isolation isolation,
            int maxPollRecords,
            int fetchBytes) {
        this.topic = topic;
        this.metered = clients.tail(isolation, maxPollRecords, fetchBytes);
    }

    /** Offsets that were gone before they could be read. */
    public record Gap(int partition, long from, long to) {}

    /**
     * What came of a poll.
     *
     * @param records in the order of their offsets in each partition
     * @param moved the new position of each partition that has one, also where nothing but a marker
     *     or an aborted transaction was passed
     */
    public record Polled(
            List<ConsumerRecord<byte[], byte[]>> records,
            SortedMap<Integer, Long> moved,
            List<Gap> gaps) {

        public boolean isEmpty() {
            return moved.isEmpty();
        }
    }

    /**
     * Goes to the end of all partitions.
     *
     * @return their positions
     */
    public SortedMap<Integer, Long> begin(Collection<Integer> partitions) {
        Consumer<byte[], byte[]> consumer = metered.client();
        List<TopicPartition> all = partitions.stream().map(this::partition).toList();
        consumer.assign(all);
        consumer.seekToEnd(all);
        positions.clear();
        for (TopicPartition partition : all) {
            positions.put(partition.partition(), consumer.position(partition));
        }
        return new TreeMap<>(positions);
    }

    /**
     * Includes partitions that the topic got later, from their first record on.
     *
     * @return the positions of those that are new
     */
    public SortedMap<Integer, Long> include(Collection<Integer> partitions) {
        Consumer<byte[], byte[]> consumer = metered.client();
        List<TopicPartition> added =
                partitions.stream()
                        .filter(number -> !positions.containsKey(number))
                        .map(this::partition)
                        .toList();
        // The question also makes the consumer learn of the partitions, and of who leads them.
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(added);
        List<TopicPartition> all = new ArrayList<>(consumer.assignment());
        all.addAll(added);
        consumer.assign(all);
        SortedMap<Integer, Long> included = new TreeMap<>();
        for (TopicPartition partition : added) {
            long begin = begins.getOrDefault(partition, 0L);
            consumer.seek(partition, begin);
            included.put(partition.partition(), begin);
        }
        positions.putAll(included);
        return included;
    }

    /** Waits for what comes next. */
    public Polled poll(Duration timeout) {
        List<Gap> gaps = List.of();
        ConsumerRecords<byte[], byte[]> records = ConsumerRecords.empty();
        try {
            records = metered.client().poll(timeout);
        } catch (OffsetOutOfRangeException e) {
            gaps = skip(e.offsetOutOfRangePartitions());
        }
        SortedMap<Integer, Long> moved = new TreeMap<>();
        for (TopicPartition partition : metered.client().assignment()) {
            long position = positionOf(partition, records);
            Long before = positions.put(partition.partition(), position);
            if (before == null || before != position) {
                moved.put(partition.partition(), position);
            }
        }
        List<ConsumerRecord<byte[], byte[]>> taken = new ArrayList<>(records.count());
        records.forEach(taken::add);
        return new Polled(taken, moved, gaps);
    }

    // What was polled must not be lost because the position of some partition cannot be told now.
    private long positionOf(TopicPartition partition, ConsumerRecords<byte[], byte[]> polled) {
        List<ConsumerRecord<byte[], byte[]>> records = polled.records(partition);
        try {
            return metered.client().position(partition, POSITION_WITHIN);
        } catch (TimeoutException e) {
            return records.isEmpty()
                    ? positions.getOrDefault(partition.partition(), 0L)
                    : records.getLast().offset() + 1;
        }
    }

    private List<Gap> skip(Map<TopicPartition, Long> outOfRange) {
        Consumer<byte[], byte[]> consumer = metered.client();
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(outOfRange.keySet());
        Map<TopicPartition, Long> ends = consumer.endOffsets(outOfRange.keySet());
        List<Gap> gaps = new ArrayList<>();
        outOfRange.forEach(
                (partition, offset) -> {
                    long begin = begins.getOrDefault(partition, 0L);
                    long to = offset < begin ? begin : ends.getOrDefault(partition, begin);
                    consumer.seek(partition, to);
                    gaps.add(new Gap(partition.partition(), offset, to));
                });
        return gaps;
    }

    private TopicPartition partition(int number) {
        return new TopicPartition(topic, number);
    }

    @Override
    public void close() {
        metered.metrics().close();
        metered.client().close(CloseOptions.timeout(Duration.ZERO));
    }
}
