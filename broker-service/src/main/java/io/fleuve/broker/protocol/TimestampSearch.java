package io.fleuve.broker.protocol;

import io.fleuve.broker.log.PartitionLogs;
import io.fleuve.broker.log.ReadResult;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/** Finds records by their time: the log finds the piece, this finds the record in it. */
final class TimestampSearch {

    /** A record that was looked for. */
    record Hit(long offset, long timestampMs) {}

    private final PartitionLogs logs;

    TimestampSearch(PartitionLogs logs) {
        this.logs = logs;
    }

    /** The first record, by offset, that is not before {@code from} and as late or later. */
    Optional<Hit> firstAtOrAfter(long logId, long from, long timestampMs) {
        long next = from;
        while (true) {
            ByteBuffer piece = logs.seekTimestamp(logId, next, timestampMs).orElse(null);
            if (piece == null) {
                return Optional.empty();
            }
            Optional<Hit> hit = firstAtOrAfter(piece, from, timestampMs);
            if (hit.isPresent()) {
                return hit;
            }
            // Its late records lie before the start of the log.
            next = Math.max(next, lastOffset(piece)) + 1;
        }
    }

    /**
     * The latest record, and of several the first. The search starts at the log's last batch, which
     * mostly has it, and goes on in doubling steps of time, then halving ones: each step is a
     * look-up in an index, so that the cost does not grow with the log.
     *
     * @param start where the log starts
     * @param highWatermark the end of the log
     */
    Optional<Hit> latest(long logId, long start, long highWatermark) {
        long known = maxTimestampAt(logId, highWatermark - 1);
        long beyond = Long.MAX_VALUE;
        long step = 1;
        while (beyond - known > 1) {
            long probe = beyond == Long.MAX_VALUE ? known + step : known + (beyond - known) / 2;
            Optional<ByteBuffer> later = logs.seekTimestamp(logId, start, probe);
            if (later.isPresent()) {
                known = Math.max(probe, maxTimestamp(later.get()));
                step = step * 2;
            } else {
                beyond = probe;
            }
        }
        return known < 0 ? Optional.empty() : firstAtOrAfter(logId, start, known);
    }

    private long maxTimestampAt(long logId, long offset) {
        long max = RecordBatch.NO_TIMESTAMP;
        if (logs.read(logId, offset, 1, true) instanceof ReadResult.Batches found) {
            for (ByteBuffer piece : found.batches()) {
                max = Math.max(max, maxTimestamp(piece));
            }
        }
        return max;
    }

    private static long lastOffset(ByteBuffer piece) {
        long last = -1;
        for (RecordBatch batch : MemoryRecords.readableRecords(piece.slice()).batches()) {
            last = batch.lastOffset();
        }
        return last;
    }

    private static long maxTimestamp(ByteBuffer piece) {
        long max = RecordBatch.NO_TIMESTAMP;
        for (RecordBatch batch : MemoryRecords.readableRecords(piece.slice()).batches()) {
            max = Math.max(max, batch.maxTimestamp());
        }
        return max;
    }

    private static Optional<Hit> firstAtOrAfter(ByteBuffer piece, long from, long timestampMs) {
        for (RecordBatch batch : MemoryRecords.readableRecords(piece.slice()).batches()) {
            if (batch.maxTimestamp() >= timestampMs) {
                for (Record record : batch) {
                    if (record.offset() >= from && record.timestamp() >= timestampMs) {
                        return Optional.of(new Hit(record.offset(), record.timestamp()));
                    }
                }
            }
        }
        return Optional.empty();
    }
}
