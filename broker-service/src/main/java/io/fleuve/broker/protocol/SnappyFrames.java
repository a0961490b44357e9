package io.fleuve.broker.protocol;

import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.Errors;

/**
 * Looks at the sizes in snappy-compressed records before anything is decompressed: the decompressor
 * allocates whatever a chunk claims to need, up to half a gigabyte.
 *
 * <p>The framing is that of snappy-java: a header of sixteen bytes (eight of magic, two versions of
 * four), then chunks of a four-byte big-endian length and as many bytes, which begin with the
 * decompressed length as a varint. Without the header, all is one chunk without length.
 */
final class SnappyFrames {

    private static final long MAGIC = 0x82_53_4E_41_50_50_59_00L;
    private static final int MAGIC_HEAD = (int) (MAGIC >>> 32);
    private static final int HEADER = 16;
    private static final int MAX_VARINT_SHIFT = 28;

    /** The densest thing in snappy's format: three bytes that repeat 64. */
    private static final int MAX_RATIO = 22;

    private SnappyFrames() {}

    /**
     * Checks that all chunks lie within the records, and do not claim to hold more than that, or
     * more than as many bytes can.
     *
     * @param records the compressed records, between position and limit; left as they are
     */
    static void check(ByteBuffer records, long maxDecompressedBytes) throws BatchFormatException {
        ByteBuffer bytes = records.slice();
        if (bytes.remaining() < HEADER || bytes.getLong(0) != MAGIC) {
            checkClaim(claim(bytes), maxDecompressedBytes);
            return;
        }
        bytes.position(HEADER);
        long total = 0;
        while (bytes.remaining() >= Integer.BYTES) {
            int length = bytes.getInt();
            if (length == MAGIC_HEAD && bytes.remaining() >= HEADER - Integer.BYTES) {
                // Streams may be joined: another header begins.
                bytes.position(bytes.position() + HEADER - Integer.BYTES);
                continue;
            }
            if (length < 0 || length > bytes.remaining()) {
                throw RecordBytes.malformed(
                        "a snappy chunk of %d bytes does not fit into its batch".formatted(length));
            }
            ByteBuffer chunk = bytes.slice(bytes.position(), length);
            total += length == 0 ? 0 : claim(chunk);
            checkClaim(total, maxDecompressedBytes);
            bytes.position(bytes.position() + length);
        }
    }

    private static void checkClaim(long claimed, long most) throws BatchFormatException {
        if (claimed > most) {
            throw new BatchFormatException(
                    Errors.MESSAGE_TOO_LARGE,
                    "the batch holds more than %d bytes when decompressed".formatted(most));
        }
    }

    /** The decompressed length that a chunk begins with. */
    private static long claim(ByteBuffer chunk) throws BatchFormatException {
        long most = (long) MAX_RATIO * chunk.remaining();
        long length = 0;
        for (int shift = 0; shift <= MAX_VARINT_SHIFT && chunk.hasRemaining(); shift += 7) {
            byte part = chunk.get();
            length |= (long) (part & 0x7f) << shift;
            if (part >= 0) {
                if (length > most) {
                    throw RecordBytes.malformed(
                            "a snappy chunk cannot hold the %d bytes that it says"
                                    .formatted(length));
                }
                return length;
            }
        }
        throw RecordBytes.malformed("a snappy chunk does not say how much it holds");
    }
}
