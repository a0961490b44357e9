package io.fleuve.gateway.kafka;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.kafka.ClusterAdmin.OffsetRange;
import io.fleuve.gateway.tracing.MessagingSpans;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;

/**
 * Reads a bounded run of records from one partition, without a group and without leaving any state
 * behind: the same question gives the same answer as long as the records are there.
 */
public final class PartitionReader {

    // Records that follow are normally there already: a page is not held back long for them.
    private static final Duration NEXT_FETCH = Duration.ofMillis(200);

    private final ClusterAdmin admin;
    private final TopicDirectory topics;
    private final ConsumerPool pool;
    private final ReadLimits limits;
    private final MessagingSpans spans;
    private final ReadMeters meters;

    public PartitionReader(
            ClusterAdmin admin,
            TopicDirectory topics,
            ConsumerPool pool,
            ReadLimits limits,
            MessagingSpans spans,
            ReadMeters meters) {
        this.admin = admin;
        this.topics = topics;
        this.pool = pool;
        this.limits = limits;
        this.spans = spans;
        this.meters = meters;
    }

    public ReadLimits limits() {
        return limits;
    }

    /** Where to begin. */
    public sealed interface Start {

        /** At an offset; a negative one counts from the end, so -1 is the last record. */
        record AtOffset(long offset) implements Start {}

        /** At the first record that is not older. */
        record AtTime(long timestampMs) implements Start {}

        record Earliest() implements Start {}

        /** At the end: only what comes while the request waits. */
        record Latest() implements Start {}
    }

    /**
     * A question.
     *
     * @param maxBytes bytes of keys, values and headers; the first record is given whatever its
     *     size
     * @param timeout how long to wait for a first record
     */
    public record Query(
            TopicPartition partition,
            Start start,
            int maxRecords,
            int maxBytes,
            Duration timeout) {}

    /**
     * An answer.
     *
     * @param nextOffset where the next question should start; beyond the last record when a
     *     transaction marker or a compacted range follows it
     * @param beginOffset the first offset that the partition holds
     * @param endOffset the high watermark
     */
    public record Page(
            List<ConsumerRecord<byte[], byte[]>> records,
            long nextOffset,
            long beginOffset,
            long endOffset) {}

    /**
     * Reads.
     *
     * @throws RestException 40401, 40402, 41601, or 50301 when all consumers are in use
     */
    public Page read(Query query) {
        return meters.time(
                () ->
                        spans.poll(
                                query.partition().topic(),
                                () -> readNow(query),
                                page -> page.records().size()));
    }

    private Page readNow(Query query) {
        TopicPartition partition = query.partition();
        topics.requireReadable(partition.topic(), partition.partition());
        OffsetRange range = admin.offsetRange(partition);
        long offset = resolve(query, range);
        if (offset < range.begin() || offset > range.end()) {
            throw outOfRange(offset, range);
        }
        Page page =
                offset >= visibleEnd(range) && query.timeout().isZero()
                        ? new Page(List.of(), offset, range.begin(), range.end())
                        : pool.with(
                                limits.isolation(),
                                consumer -> fetch(consumer, query, offset, range));
        meters.count(page.records());
        return page;
    }

    private long resolve(Query query, OffsetRange range) {
        return switch (query.start()) {
            case Start.AtOffset(long offset) ->
                    offset >= 0 ? offset : Math.max(range.begin(), range.end() + offset);
            case Start.AtTime(long timestampMs) -> {
                long found = admin.offsetAt(query.partition(), timestampMs);
                yield found < 0 ? range.end() : found;
            }
            case Start.Earliest() -> range.begin();
            case Start.Latest() -> range.end();
        };
    }

    private Page fetch(
            Consumer<byte[], byte[]> consumer, Query query, long offset, OffsetRange range) {
        TopicPartition partition = query.partition();
        consumer.assign(List.of(partition));
        consumer.seek(partition, offset);
        Run run = new Run(query);
        long start = System.nanoTime();
        long newRecordsBy = start + query.timeout().toNanos();
        long existingRecordsBy = start + limits.fetchTimeout().toNanos();
        long next = offset;
        long visibleEnd = visibleEnd(range);
        boolean atEnd = offset >= visibleEnd;
        boolean going = true;
        while (going) {
            long before = next;
            long deadline = atEnd ? newRecordsBy : Math.max(newRecordsBy, existingRecordsBy);
            Duration wait = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            try {
                consumer.poll(run.isEmpty() ? wait : shorter(wait, NEXT_FETCH)).forEach(run::offer);
            } catch (OffsetOutOfRangeException e) {
                // Retention overtook us between the question about the range and the fetch.
                throw outOfRange(next, admin.offsetRange(partition));
            }
            next = run.full ? run.nextOffset : consumer.position(partition);
            atEnd = next >= visibleEnd;
            boolean expired = System.nanoTime() >= (atEnd ? newRecordsBy : deadline);
            going = !run.full && !expired && (run.isEmpty() || (!atEnd && next > before));
        }
        if (run.isEmpty() && !atEnd && next == offset) {
            throw new TimeoutException(
                    "Offsets %d to %d of %s exist, but no broker delivered them within %d ms."
                            .formatted(
                                    offset,
                                    visibleEnd,
                                    partition,
                                    limits.fetchTimeout().toMillis()));
        }
        return new Page(List.copyOf(run.taken), next, range.begin(), Math.max(range.end(), next));
    }

    private long visibleEnd(OffsetRange range) {
        return limits.isolation() == Isolation.READ_COMMITTED ? range.stableEnd() : range.end();
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /** The records taken so far, and whether a bound was reached. */
    private static final class Run {
        private final Query query;
        private final List<ConsumerRecord<byte[], byte[]>> taken = new ArrayList<>();
        private long size;
        private boolean full;
        private long nextOffset;

        Run(Query query) {
            this.query = query;
        }

        boolean isEmpty() {
            return taken.isEmpty();
        }

        void offer(ConsumerRecord<byte[], byte[]> record) {
            if (full) {
                return;
            }
            int recordSize = sizeOf(record);
            if (taken.size() == query.maxRecords()
                    || (!taken.isEmpty() && size + recordSize > query.maxBytes())) {
                full = true;
                nextOffset = record.offset();
                return;
            }
            taken.add(record);
            size += recordSize;
            if (taken.size() == query.maxRecords() || size >= query.maxBytes()) {
                full = true;
                nextOffset = record.offset() + 1;
            }
        }
    }

    /** Bytes of key, value and headers. */
    public static int sizeOf(ConsumerRecord<byte[], byte[]> record) {
        int size =
                Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
        for (Header header : record.headers()) {
            size += header.key().length() + (header.value() == null ? 0 : header.value().length);
        }
        return size;
    }

    private static RestException outOfRange(long offset, OffsetRange range) {
        return new RestException(RestError.offsetOutOfRange(offset, range.begin(), range.end()));
    }
}
