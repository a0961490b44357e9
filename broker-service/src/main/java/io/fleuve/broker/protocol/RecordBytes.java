package io.fleuve.broker.protocol;

import java.io.IOException;
import java.io.InputStream;
import org.apache.kafka.common.protocol.Errors;

/**
 * The bytes of a batch's records, read from front to back: either as they lie in memory, or as a
 * decompressor yields them, piece by piece and up to a limit.
 */
final class RecordBytes {

    private static final int PIECE = 16 * 1_024;

    private final InputStream more;
    private final long maxBytes;
    private final byte[] bytes;
    private int next;
    private int end;

    /** How many bytes came before those in {@code bytes}. */
    private long passed;

    private RecordBytes(byte[] bytes, int next, int end, InputStream more, long maxBytes) {
        this.bytes = bytes;
        this.next = next;
        this.end = end;
        this.more = more;
        this.maxBytes = maxBytes;
        passed = -next;
    }

    static RecordBytes inMemory(byte[] bytes, int from, int to) {
        return new RecordBytes(bytes, from, to, InputStream.nullInputStream(), Long.MAX_VALUE);
    }

    /**
     * @param maxBytes how much the stream may yield before the batch is refused
     */
    static RecordBytes decompressed(InputStream stream, long maxBytes) {
        return new RecordBytes(new byte[PIECE], 0, 0, stream, maxBytes);
    }

    /** How many bytes were read or skipped. */
    long position() {
        return passed + next;
    }

    boolean atEnd() throws IOException, BatchFormatException {
        return next == end && !fill();
    }

    byte readByte() throws IOException, BatchFormatException {
        if (next == end && !fill()) {
            throw malformed("the records end within a record");
        }
        return bytes[next++];
    }

    void skip(long count) throws IOException, BatchFormatException {
        long left = count;
        while (left > end - next) {
            left -= end - next;
            next = end;
            if (!fill()) {
                throw malformed("the records end within a record");
            }
        }
        next += (int) left;
    }

    /** A zigzag-encoded number of up to 32 bits. */
    int readVarint() throws IOException, BatchFormatException {
        int raw = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            byte part = readByte();
            raw |= (part & 0x7f) << shift;
            if (part >= 0) {
                return (raw >>> 1) ^ -(raw & 1);
            }
        }
        throw malformed("a number is longer than 32 bits");
    }

    /** A zigzag-encoded number of up to 64 bits. */
    long readVarlong() throws IOException, BatchFormatException {
        long raw = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            byte part = readByte();
            raw |= (long) (part & 0x7f) << shift;
            if (part >= 0) {
                return (raw >>> 1) ^ -(raw & 1);
            }
        }
        throw malformed("a number is longer than 64 bits");
    }

    private boolean fill() throws IOException, BatchFormatException {
        int read = more.read(bytes, 0, Math.min(bytes.length, PIECE));
        if (read <= 0) {
            return false;
        }
        passed += end;
        next = 0;
        end = read;
        if (passed + end > maxBytes) {
            throw new BatchFormatException(
                    Errors.MESSAGE_TOO_LARGE,
                    "the batch holds more than %d bytes when decompressed".formatted(maxBytes));
        }
        return true;
    }

    static BatchFormatException malformed(String what) {
        return new BatchFormatException(Errors.INVALID_RECORD, what);
    }
}
