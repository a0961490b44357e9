package io.fleuve.conformance.fuzz;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A request as it goes over the wire, without its size.
 *
 * @param bytes header and body
 * @param marks where lengths, counts and numbers are in it
 */
record RequestFrame(byte[] bytes, List<Mark> marks) {

    private static final int KEY = 0;
    private static final int VERSION = 2;
    private static final int CORRELATION = 4;

    /** What stands at a place. */
    enum Kind {
        /** Two bytes, the length of a string; -1 is none. */
        SHORT_LENGTH,
        /** Four bytes, the length of an array or of bytes; -1 is none. */
        LENGTH,
        /** An unsigned varint, a length and one; 0 is none. */
        COMPACT_LENGTH,
        /** An unsigned varint, the number of tagged fields. */
        TAG_COUNT,
        /** A number of fixed width. */
        NUMBER
    }

    /**
     * A place in the frame.
     *
     * @param width how many bytes are there now
     */
    record Mark(Kind kind, int at, int width) {}

    short apiKey() {
        return ByteBuffer.wrap(bytes).getShort(KEY);
    }

    short version() {
        return ByteBuffer.wrap(bytes).getShort(VERSION);
    }

    int correlationId() {
        return ByteBuffer.wrap(bytes).getInt(CORRELATION);
    }

    /** Whether a broker can read key, version and correlation id. */
    boolean hasHeader() {
        return bytes.length >= CORRELATION + Integer.BYTES;
    }
}
