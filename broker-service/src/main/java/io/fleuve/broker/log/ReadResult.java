package io.fleuve.broker.log;

import java.nio.ByteBuffer;
import java.util.List;

/** What a read found. */
public sealed interface ReadResult {

    /**
     * Whole batches in offset order, possibly none when the offset is the end of the log.
     *
     * @param batches buffers that each hold one or more whole batches; read-only, offsets in place
     * @param stored batches that follow these and were not read; only where that was asked for
     * @param ends where the log starts and ends, as known to this broker
     */
    record Batches(List<ByteBuffer> batches, List<StoredBatches> stored, LogEnds ends)
            implements ReadResult {

        /** Batches that were all read, of a log without transactions. */
        public Batches(List<ByteBuffer> batches, long highWatermark, long logStartOffset) {
            this(batches, List.of(), new LogEnds(logStartOffset, highWatermark));
        }

        /** The offset after the last visible record, as known to this broker. */
        public long highWatermark() {
            return ends.highWatermark();
        }

        /** First offset of the log. */
        public long logStartOffset() {
            return ends.logStartOffset();
        }

        /** Size of all batches in bytes. */
        public int sizeBytes() {
            int size = memoryBytes();
            for (StoredBatches each : stored) {
                size += each.sizeBytes();
            }
            return size;
        }

        /** Size of those that were read. */
        public int memoryBytes() {
            int size = 0;
            for (ByteBuffer buffer : batches) {
                size += buffer.remaining();
            }
            return size;
        }
    }

    /** The offset lies before the start or after the end of the log. */
    record OutOfRange(long logStartOffset, long highWatermark) implements ReadResult {}

    /** There is no such log, or no longer. */
    record UnknownLog() implements ReadResult {}
}
