package io.fleuve.broker.upkeep;

/**
 * A run of whole batches of one log within one object, as the catalog knows it.
 *
 * @param baseOffset its first offset; the offset after the last one of the piece before
 * @param lastOffset its last offset
 * @param maxTimestamp the latest timestamp of its records, in milliseconds since the epoch
 * @param runningMax the latest timestamp of this and all earlier pieces, or later
 * @param settled whether the bytes carry their offsets
 */
public record Piece(
        long logId,
        long baseOffset,
        long lastOffset,
        long objectId,
        String objectKey,
        long position,
        int sizeBytes,
        long maxTimestamp,
        long runningMax,
        boolean settled) {}
