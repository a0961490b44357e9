package io.fleuve.gateway.events;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.apache.kafka.common.Uuid;

/**
 * Where a reader of a topic is, in all of its partitions: the {@code id} of its events. Written in
 * base64url without padding, of these bytes:
 *
 * <pre>
 * 0        1            5             9
 * +--------+------------+-------------+-------+---------------------------------------+
 * | 0x01   | CRC-32 of  | CRC-32 of   | count | count times: partition less the one   |
 * |        | the name   | the topic ID|       | before it less 1, offset of the next  |
 * +--------+------------+-------------+-------+---------------------------------------+
 * </pre>
 *
 * Checksums are big-endian; count, partitions and offsets are unsigned LEB128, so that a position
 * in six partitions of a million records takes 46 characters.
 *
 * @param topicHash of the topic's name: a position of another topic is refused
 * @param idHash of its ID, which differs once the topic was deleted and created again
 * @param next the offset that comes next in each partition
 */
record Position(int topicHash, int idHash, SortedMap<Integer, Long> next) {

    private static final byte VERSION = 1;
    private static final int MAX_VARINT = 10;
    private static final int MAX_PARTITIONS = 200_000;

    static Position of(String topic, Uuid id, SortedMap<Integer, Long> next) {
        return new Position(hashOf(topic), hashOf(id), next);
    }

    boolean isOf(String topic) {
        return topicHash == hashOf(topic);
    }

    boolean isOf(Uuid id) {
        return idHash == hashOf(id);
    }

    private static int hashOf(String topic) {
        return crc(topic.getBytes(StandardCharsets.UTF_8));
    }

    private static int hashOf(Uuid id) {
        return crc(
                ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(id.getMostSignificantBits())
                        .putLong(id.getLeastSignificantBits())
                        .array());
    }

    private static int crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    String encode() {
        ByteBuffer out = ByteBuffer.allocate(1 + 4 + 4 + MAX_VARINT * (1 + 2 * next.size()));
        out.put(VERSION).putInt(topicHash).putInt(idHash);
        putVarint(out, next.size());
        int expected = 0;
        for (Map.Entry<Integer, Long> entry : next.entrySet()) {
            putVarint(out, entry.getKey() - expected);
            putVarint(out, entry.getValue());
            expected = entry.getKey() + 1;
        }
        ByteBuffer written = out.flip();
        return StandardCharsets.ISO_8859_1
                .decode(Base64.getUrlEncoder().withoutPadding().encode(written))
                .toString();
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    static Position decode(String text) {
        ByteBuffer in = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
        try {
            byte version = in.get();
            if (version != VERSION) {
                throw new IllegalArgumentException("it is of version " + version);
            }
            int topicHash = in.getInt();
            int idHash = in.getInt();
            long count = varint(in);
            if (count < 0 || count > MAX_PARTITIONS) {
                throw new IllegalArgumentException("it names too many partitions");
            }
            SortedMap<Integer, Long> next = new TreeMap<>();
            long partition = -1;
            for (long i = 0; i < count; i++) {
                long skipped = varint(in);
                if (skipped < 0 || skipped > Integer.MAX_VALUE - partition - 1) {
                    throw new IllegalArgumentException("it names an impossible partition");
                }
                partition += skipped + 1;
                long offset = varint(in);
                if (offset < 0) {
                    throw new IllegalArgumentException("it names an impossible offset");
                }
                next.put(Math.toIntExact(partition), offset);
            }
            if (in.hasRemaining()) {
                throw new IllegalArgumentException("it is too long");
            }
            return new Position(topicHash, idHash, next);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("it is too short", e);
        }
    }

    private static void putVarint(ByteBuffer out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.put((byte) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("it has a number that does not end");
    }
}
