package io.fleuve.broker.log;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The header of a record batch of format version 2, read and written in place.
 *
 * <pre>
 *  offset  size
 *       0     8  base offset
 *       8     4  batch length (bytes after this field)
 *      12     4  partition leader epoch
 *      16     1  magic (2)
 *      17     4  CRC-32C of all that follows
 *      21     2  attributes (bit 3: timestamp type, bit 4: transactional, bit 5: control)
 *      23     4  last offset delta
 *      27     8  base timestamp
 *      35     8  max timestamp
 *      43     8  producer id
 *      51     2  producer epoch
 *      53     4  base sequence
 *      57     4  record count
 *      61        records
 * </pre>
 *
 * <p>The checksum covers neither base offset nor leader epoch, so both can be put in place without
 * touching it. Source: Apache Kafka, "Record Batch" in the protocol's message format; KIP-98.
 */
public final class BatchHeader {

    /** Size of the header in bytes: the smallest batch. */
    public static final int SIZE_BYTES = 61;

    /** What precedes the batch length and the length itself. */
    static final int OVERHEAD_BYTES = 12;

    private static final int LEADER_EPOCH = 12;
    private static final int CRC = 17;
    private static final int ATTRIBUTES = 21;
    private static final int LAST_OFFSET_DELTA = 23;
    private static final int MAX_TIMESTAMP = 35;
    private static final int PRODUCER_ID = 43;
    private static final int PRODUCER_EPOCH = 51;
    private static final int BASE_SEQUENCE = 53;
    private static final int APPEND_TIME_BIT = 0x08;
    private static final int TRANSACTIONAL_BIT = 0x10;
    private static final int CONTROL_BIT = 0x20;

    /** The type in the key of a marker's one record, whose lengths take a byte each. */
    private static final int MARKER_TYPE = SIZE_BYTES + 7;

    private BatchHeader() {}

    /** Size in bytes of the batch at {@code at}, header included. */
    public static int sizeBytes(ByteBuffer buffer, int at) {
        return OVERHEAD_BYTES + buffer.getInt(at + 8);
    }

    public static long baseOffset(ByteBuffer buffer, int at) {
        return buffer.getLong(at);
    }

    static void setBaseOffset(ByteBuffer buffer, int at, long offset) {
        buffer.putLong(at, offset);
    }

    static void setLeaderEpoch(ByteBuffer buffer, int at, int epoch) {
        buffer.putInt(at + LEADER_EPOCH, epoch);
    }

    /** How many offsets the batch takes. */
    public static int offsetCount(ByteBuffer buffer, int at) {
        return buffer.getInt(at + LAST_OFFSET_DELTA) + 1;
    }

    public static long maxTimestamp(ByteBuffer buffer, int at) {
        return buffer.getLong(at + MAX_TIMESTAMP);
    }

    public static boolean isTransactional(ByteBuffer buffer, int at) {
        return (buffer.getShort(at + ATTRIBUTES) & TRANSACTIONAL_BIT) != 0;
    }

    public static boolean isControl(ByteBuffer buffer, int at) {
        return (buffer.getShort(at + ATTRIBUTES) & CONTROL_BIT) != 0;
    }

    /** Whether a marker is of a committed transaction, or else of an aborted one. */
    static boolean markerCommits(ByteBuffer buffer, int at) {
        return buffer.getShort(at + MARKER_TYPE) == 1;
    }

    /** The producer's id, -1 if it is not an idempotent one. */
    public static long producerId(ByteBuffer buffer, int at) {
        return buffer.getLong(at + PRODUCER_ID);
    }

    static short producerEpoch(ByteBuffer buffer, int at) {
        return buffer.getShort(at + PRODUCER_EPOCH);
    }

    static int baseSequence(ByteBuffer buffer, int at) {
        return buffer.getInt(at + BASE_SEQUENCE);
    }

    /**
     * Marks the batch's timestamps as the time of the append, sets that time, and mends the
     * checksum.
     */
    static void stampAppendTime(ByteBuffer buffer, int at, long timeMs) {
        buffer.putShort(
                at + ATTRIBUTES, (short) (buffer.getShort(at + ATTRIBUTES) | APPEND_TIME_BIT));
        buffer.putLong(at + MAX_TIMESTAMP, timeMs);
        CRC32C crc = new CRC32C();
        crc.update(buffer.duplicate().limit(at + sizeBytes(buffer, at)).position(at + ATTRIBUTES));
        buffer.putInt(at + CRC, (int) crc.getValue());
    }

    /**
     * Gives all batches of a buffer their offsets, one after the other from {@code baseOffset} on.
     */
    public static void settle(ByteBuffer buffer, long baseOffset) {
        long next = baseOffset;
        for (int at = buffer.position(); at < buffer.limit(); at += sizeBytes(buffer, at)) {
            setBaseOffset(buffer, at, next);
            next += offsetCount(buffer, at);
        }
    }
}
