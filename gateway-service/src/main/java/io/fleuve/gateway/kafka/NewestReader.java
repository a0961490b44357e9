package io.fleuve.gateway.kafka;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads the newest records before some offsets, newest first. Kafka reads forwards only: it reads
 * the last stretch of each partition, and longer ones if markers, aborted transactions or
 * compaction have left too few records in it.
 */
public final class NewestReader {

    private static final int WIDER = 4;
    private static final int MAX_ROUNDS = 5;

    private final ConsumerPool pool;
    private final Duration fetchTimeout;

    /**
     * @param fetchTimeout how long records that exist may take to come from a broker
     */
    public NewestReader(ConsumerPool pool, Duration fetchTimeout) {
        this.pool = pool;
        this.fetchTimeout = fetchTimeout;
    }

    /**
     * A question.
     *
     * @param before the offset in each partition before which to look
     * @param begins the first offset that each partition holds
     * @param count records of all partitions together, at most
     * @param maxBytes of keys, values and headers, shared among the partitions
     */
    public record Query(
            String topic,
            SortedMap<Integer, Long> before,
            Map<Integer, Long> begins,
            int count,
            int maxBytes,
            Isolation isolation) {}

    /**
     * An answer.
     *
     * @param records newest first; those of one partition in the reverse order of their offsets
     * @param previous {@code before} of the question for the records that are next older
     */
    public record Page(
            List<ConsumerRecord<byte[], byte[]>> records, SortedMap<Integer, Long> previous) {}

    /** Reads; fewer records than asked for only where there are no more, or by the byte bound. */
    public Page read(Query query) {
        boolean empty =
                query.before().entrySet().stream()
                        .allMatch(e -> e.getValue() <= beginOf(query, e.getKey()));
        if (empty) {
            return new Page(List.of(), new TreeMap<>(query.before()));
        }
        return pool.with(query.isolation(), consumer -> search(consumer, query));
    }

    private static long beginOf(Query query, int partition) {
        return query.begins().getOrDefault(partition, 0L);
    }

    private Page search(Consumer<byte[], byte[]> consumer, Query query) {
        SortedMap<Integer, Stretch> stretches = new TreeMap<>();
        long width = query.count();
        for (int round = 0; round < MAX_ROUNDS; round++) {
            for (Map.Entry<Integer, Long> entry : query.before().entrySet()) {
                int partition = entry.getKey();
                Stretch known = stretches.get(partition);
                long begin = beginOf(query, partition);
                if (known == null || !known.suffices(query.count(), begin)) {
                    long from = Math.max(begin, entry.getValue() - width);
                    stretches.put(partition, read(consumer, query, partition, from));
                }
            }
            int found = stretches.values().stream().mapToInt(s -> s.records.size()).sum();
            boolean all =
                    stretches.entrySet().stream()
                            .allMatch(e -> e.getValue().from <= beginOf(query, e.getKey()));
            if (found >= query.count() || all) {
                break;
            }
            width *= WIDER;
        }
        return select(query, stretches);
    }

    /** The last records of one partition from an offset on, as many as the bounds allow. */
    private static final class Stretch {
        private final long from;
        private final Deque<ConsumerRecord<byte[], byte[]>> records = new ArrayDeque<>();
        private long bytes;
        private boolean cut;

        Stretch(long from) {
            this.from = from;
        }

        boolean suffices(int count, long begin) {
            return cut || from <= begin || records.size() >= count;
        }

        void add(ConsumerRecord<byte[], byte[]> record, int maxRecords, int maxBytes) {
            records.addLast(record);
            bytes += PartitionReader.sizeOf(record);
            while (records.size() > maxRecords || (records.size() > 1 && bytes > maxBytes)) {
                bytes -= PartitionReader.sizeOf(records.removeFirst());
                cut = true;
            }
        }
    }

    private Stretch read(Consumer<byte[], byte[]> consumer, Query query, int number, long from) {
        Stretch stretch = new Stretch(from);
        long end = query.before().getOrDefault(number, from);
        if (from >= end) {
            return stretch;
        }
        TopicPartition partition = new TopicPartition(query.topic(), number);
        consumer.assign(List.of(partition));
        consumer.seek(partition, from);
        int maxBytes = Math.max(1, query.maxBytes() / query.before().size());
        long deadline = System.nanoTime() + fetchTimeout.toNanos();
        while (consumer.position(partition) < end) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new TimeoutException(
                        "Offsets %d to %d of %s exist, but no broker delivered them within %d ms."
                                .formatted(from, end, partition, fetchTimeout.toMillis()));
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofNanos(left))) {
                if (record.offset() < end) {
                    stretch.add(record, query.count(), maxBytes);
                }
            }
        }
        return stretch;
    }

    private static Page select(Query query, SortedMap<Integer, Stretch> stretches) {
        List<ConsumerRecord<byte[], byte[]>> merged =
                new ArrayList<>(
                        TopicReader.oldestFirst(
                                stretches.values().stream()
                                        .map(s -> List.copyOf(s.records))
                                        .toList()));
        Collections.reverse(merged);
        List<ConsumerRecord<byte[], byte[]>> newest =
                List.copyOf(merged.subList(0, Math.min(query.count(), merged.size())));
        SortedMap<Integer, Long> previous = new TreeMap<>(query.before());
        stretches.forEach(
                (partition, stretch) -> {
                    if (stretch.records.isEmpty()) {
                        previous.merge(partition, stretch.from, Math::min);
                    }
                });
        newest.forEach(record -> previous.merge(record.partition(), record.offset(), Math::min));
        return new Page(newest, previous);
    }
}
