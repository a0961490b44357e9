package io.fleuve.gateway.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads a bounded run of records from several partitions of a topic at once, with a consumer of a
 * {@link ConsumerPool} and without leaving any state behind. Each partition gets a fair share of
 * the bounds, so that a long one does not starve the others page after page.
 */
public final class TopicReader {

    // Records that follow are normally there already: a page is not held back long for them.
    private static final Duration NEXT_FETCH = Duration.ofMillis(200);

    private final ConsumerPool pool;
    private final Duration fetchTimeout;

    /**
     * @param fetchTimeout how long records that exist may take to come from a broker
     */
    public TopicReader(ConsumerPool pool, Duration fetchTimeout) {
        this.pool = pool;
        this.fetchTimeout = fetchTimeout;
    }

    /**
     * A question.
     *
     * @param from where to begin in each partition
     * @param ends up to where records are known to exist, for the same partitions; beyond them is
     *     read only while waiting
     * @param maxRecords of all partitions together
     * @param maxBytes of keys, values and headers of all partitions together; the first record is
     *     given whatever its size
     * @param timeout how long to wait for a first record when there is none yet
     */
    public record Query(
            String topic,
            SortedMap<Integer, Long> from,
            Map<Integer, Long> ends,
            int maxRecords,
            int maxBytes,
            Duration timeout,
            Isolation isolation) {}

    /**
     * An answer.
     *
     * @param records oldest first; those of one partition in the order of their offsets
     * @param next where the next question should start in each partition
     */
    public record Page(
            List<ConsumerRecord<byte[], byte[]>> records, SortedMap<Integer, Long> next) {}

    /**
     * Reads.
     *
     * @throws OffsetOutOfRangeException naming the partitions that do not hold what was asked for
     * @throws TimeoutException if there are records, but no broker delivered any
     */
    public Page read(Query query) {
        boolean nothingThere =
                query.from().entrySet().stream()
                        .allMatch(e -> e.getValue() >= endOf(query, e.getKey()));
        if (nothingThere && query.timeout().isZero()) {
            return new Page(List.of(), new TreeMap<>(query.from()));
        }
        return pool.with(query.isolation(), consumer -> new Run(query, consumer).fetch());
    }

    private static long endOf(Query query, int partition) {
        return query.ends().getOrDefault(partition, 0L);
    }

    /** One answer in the making. */
    private final class Run {
        private final Query query;
        private final Consumer<byte[], byte[]> consumer;
        private final SortedMap<Integer, Share> shares = new TreeMap<>();
        private final long existingRecordsBy;
        private final long newRecordsBy;
        private int taken;
        private long bytes;
        private boolean full;

        Run(Query query, Consumer<byte[], byte[]> consumer) {
            this.query = query;
            this.consumer = consumer;
            query.from()
                    .forEach(
                            (partition, next) ->
                                    shares.put(
                                            partition,
                                            new Share(
                                                    new TopicPartition(query.topic(), partition),
                                                    next,
                                                    endOf(query, partition))));
            long now = System.nanoTime();
            newRecordsBy = now + query.timeout().toNanos();
            existingRecordsBy = now + fetchTimeout.toNanos();
        }

        Page fetch() {
            consumer.assign(shares.values().stream().map(share -> share.partition).toList());
            shares.values().forEach(share -> consumer.seek(share.partition, share.next));
            allot(behind().isEmpty() ? List.copyOf(shares.values()) : behind());
            boolean progress = poll();
            while (goesOn(progress)) {
                List<Share> cut = shares.values().stream().filter(share -> share.cut).toList();
                if (!cut.isEmpty() && behind().stream().allMatch(share -> share.cut)) {
                    resume(cut);
                }
                progress = poll();
            }
            if (taken == 0
                    && !behind().isEmpty()
                    && shares.values().stream().noneMatch(Share::moved)) {
                throw new TimeoutException(
                        "Records of %s exist, but no broker delivered them within %d ms."
                                .formatted(query.topic(), fetchTimeout.toMillis()));
            }
            return page();
        }

        private boolean goesOn(boolean progress) {
            long now = System.nanoTime();
            if (full) {
                return false;
            }
            if (behind().isEmpty()) {
                return taken == 0 && now < newRecordsBy;
            }
            return now < Math.max(existingRecordsBy, newRecordsBy) && (progress || taken == 0);
        }

        private List<Share> behind() {
            return shares.values().stream().filter(share -> share.next < share.end).toList();
        }

        private void allot(List<Share> among) {
            int count = Math.max(1, among.size());
            for (Share share : among) {
                share.recordsLeft = Math.max(1, (query.maxRecords() - taken) / count);
                share.bytesLeft = Math.max(1, (query.maxBytes() - bytes) / count);
                share.first = true;
            }
        }

        private void resume(List<Share> cut) {
            allot(cut);
            for (Share share : cut) {
                share.cut = false;
                consumer.seek(share.partition, share.next);
            }
            consumer.resume(cut.stream().map(share -> share.partition).toList());
        }

        /** Takes what one poll gives; whether any partition got further. */
        private boolean poll() {
            boolean waiting = behind().isEmpty();
            long deadline = waiting ? newRecordsBy : Math.max(existingRecordsBy, newRecordsBy);
            Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            ConsumerRecords<byte[], byte[]> polled =
                    consumer.poll(taken == 0 || left.compareTo(NEXT_FETCH) < 0 ? left : NEXT_FETCH);
            if (waiting && !polled.isEmpty()) {
                allot(List.copyOf(shares.values()));
            }
            boolean progress = false;
            for (Share share : shares.values()) {
                long before = share.next;
                take(share, polled.records(share.partition));
                progress |= share.next > before;
            }
            return progress;
        }

        private void take(Share share, List<ConsumerRecord<byte[], byte[]>> records) {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                if (!share.cut && !accept(share, record)) {
                    share.cut = true;
                    consumer.pause(List.of(share.partition));
                }
            }
            if (!share.cut) {
                share.next = Math.max(share.next, consumer.position(share.partition));
            }
        }

        private boolean accept(Share share, ConsumerRecord<byte[], byte[]> record) {
            int size = PartitionReader.sizeOf(record);
            if (taken == query.maxRecords() || (taken > 0 && bytes + size > query.maxBytes())) {
                full = true;
                share.next = record.offset();
                return false;
            }
            if (share.recordsLeft == 0 || (!share.first && size > share.bytesLeft)) {
                share.next = record.offset();
                return false;
            }
            share.records.add(record);
            share.next = record.offset() + 1;
            share.recordsLeft--;
            share.bytesLeft -= size;
            share.first = false;
            taken++;
            bytes += size;
            full = taken == query.maxRecords() || bytes >= query.maxBytes();
            return true;
        }

        private Page page() {
            SortedMap<Integer, Long> next = new TreeMap<>();
            shares.forEach((partition, share) -> next.put(partition, share.next));
            return new Page(
                    oldestFirst(shares.values().stream().map(share -> share.records).toList()),
                    next);
        }
    }

    /** How far one partition has been read, and what it may still give. */
    private static final class Share {
        private final TopicPartition partition;
        private final long from;
        private final long end;
        private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        private long next;
        private int recordsLeft;
        private long bytesLeft;
        private boolean first = true;
        private boolean cut;

        Share(TopicPartition partition, long from, long end) {
            this.partition = partition;
            this.from = from;
            this.next = from;
            this.end = end;
        }

        boolean moved() {
            return next > from;
        }
    }

    /** Merges partitions by time without changing the order within any of them. */
    static List<ConsumerRecord<byte[], byte[]>> oldestFirst(
            List<List<ConsumerRecord<byte[], byte[]>>> partitions) {
        record Head(List<ConsumerRecord<byte[], byte[]>> records, int index) {
            ConsumerRecord<byte[], byte[]> record() {
                return records.get(index);
            }
        }
        PriorityQueue<Head> heads =
                new PriorityQueue<>(
                        Comparator.<Head>comparingLong(head -> head.record().timestamp())
                                .thenComparingInt(head -> head.record().partition()));
        for (List<ConsumerRecord<byte[], byte[]>> records : partitions) {
            if (!records.isEmpty()) {
                heads.add(new Head(records, 0));
            }
        }
        List<ConsumerRecord<byte[], byte[]>> merged = new ArrayList<>();
        Head head = heads.poll();
        while (head != null) {
            merged.add(head.record());
            if (head.index() + 1 < head.records().size()) {
                heads.add(new Head(head.records(), head.index() + 1));
            }
            head = heads.poll();
        }
        return merged;
    }
}
