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
     * @param highWatermark the offset after the last visible record, as known to this broker
     * @param logStartOffset first offset of the log
     */
    record Batches(
            List<ByteBuffer> batches,
            List<StoredBatches> stored,
            long highWatermark,
            long logStartOffset)
            implements ReadResult {

        /** Batches that were all read. */
        public Batches(List<ByteBuffer> batches, long highWatermark, long logStartOffset) {
            this(batches, List.of(), highWatermark, logStartOffset);
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
