package io.fleuve.conformance.fuzz;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.RecordBatch;

/** Batches of records, valid ones and others. */
final class RecordBatches {

    private static final int LENGTH = 8;
    private static final int MAGIC = 16;
    private static final int CRC = 17;
    private static final int ATTRIBUTES = 21;
    private static final int LAST_OFFSET_DELTA = 23;
    private static final int BASE_TIMESTAMP = 27;
    private static final int PRODUCER_ID = 43;
    private static final int PRODUCER_EPOCH = 51;
    private static final int BASE_SEQUENCE = 53;
    private static final int RECORD_COUNT = 57;
    private static final int RECORDS = 61;

    /** Beyond what a broker decompresses of one batch, by default. */
    private static final int BOMB_MEGABYTES = 300;

    private static final List<CompressionType> CODECS = List.of(CompressionType.values());

    private final SplittableRandom random;
    private final long nowMs;

    RecordBatches(SplittableRandom random, long nowMs) {
        this.random = random;
        this.nowMs = nowMs;
    }

    /** A batch as a client would send it, mostly without sequence numbers. */
    byte[] valid() {
        CompressionType codec = CODECS.get(random.nextInt(CODECS.size()));
        ByteBuffer buffer = ByteBuffer.allocate(8 << 10);
        try (MemoryRecordsBuilder batch = builder(buffer, codec, nowMs)) {
            int count = 1 + random.nextInt(10);
            for (int i = 0; i < count; i++) {
                byte[] value = new byte[random.nextInt(100)];
                random.nextBytes(value);
                Header[] headers =
                        random.nextInt(3) == 0
                                ? new Header[] {new RecordHeader("header", new byte[] {1, 2, 3})}
                                : new Header[0];
                batch.append(nowMs, ("key-" + i).getBytes(StandardCharsets.UTF_8), value, headers);
            }
            byte[] bytes = bytes(batch.build());
            if (random.nextInt(4) == 0) {
                ByteBuffer sequenced = ByteBuffer.wrap(bytes);
                sequenced.putLong(PRODUCER_ID, random.nextInt(1_000));
                sequenced.putShort(PRODUCER_EPOCH, (short) random.nextInt(3));
                sequenced.putInt(BASE_SEQUENCE, 0);
                seal(bytes);
            }
            return bytes;
        }
    }

    /** A batch with something wrong; often its CRC is right all the same. */
    byte[] broken() {
        byte[] valid = valid();
        ByteBuffer batch = ByteBuffer.wrap(valid);
        return switch (random.nextInt(14)) {
            case 0 -> flipped(valid, CRC, Integer.BYTES, false);
            case 1 -> flipped(valid, 0, RECORDS, false);
            case 2 -> flipped(valid, ATTRIBUTES, RECORDS - ATTRIBUTES, true);
            case 3 -> flipped(valid, RECORDS, valid.length - RECORDS, true);
            case 4 -> sealed(batch.putInt(RECORD_COUNT, odd()));
            case 5 -> {
                int count = odd();
                yield sealed(
                        batch.putInt(RECORD_COUNT, count).putInt(LAST_OFFSET_DELTA, count - 1));
            }
            case 6 -> sealed(batch.put(MAGIC, (byte) (random.nextInt(6) - 2)));
            case 7 -> sealed(batch.putInt(LENGTH, odd()));
            case 8 -> Arrays.copyOf(valid, random.nextInt(valid.length));
            case 9 -> Arrays.copyOf(valid, valid.length + 1 + random.nextInt(200));
            case 10 -> {
                byte[] twice = Arrays.copyOf(valid, valid.length * 2);
                System.arraycopy(valid, 0, twice, valid.length, valid.length);
                yield twice;
            }
            case 11 -> sealed(batch.putShort(ATTRIBUTES, (short) random.nextInt()));
            case 12 -> sealed(batch.putLong(BASE_TIMESTAMP, random.nextLong()));
            default -> hugeInside(valid);
        };
    }

    /** The first number of the records, or of what a decompressor reads, becomes huge. */
    private byte[] hugeInside(byte[] valid) {
        byte[] bytes = valid.clone();
        int at = RECORDS + random.nextInt(Math.min(24, bytes.length - RECORDS));
        for (int i = at; i < Math.min(bytes.length, at + 4); i++) {
            bytes[i] = (byte) 0xff;
        }
        if (at + 4 < bytes.length) {
            bytes[at + 4] = (byte) random.nextInt(0x10);
        }
        seal(bytes);
        return bytes;
    }

    /** A small batch that becomes huge when it is decompressed. */
    static byte[] bomb(CompressionType codec) {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
        byte[] zeros = new byte[1 << 20];
        try (MemoryRecordsBuilder batch = builder(buffer, codec, System.currentTimeMillis())) {
            for (int i = 0; i < BOMB_MEGABYTES; i++) {
                batch.append(System.currentTimeMillis(), null, zeros);
            }
            return bytes(batch.build());
        }
    }

    private static MemoryRecordsBuilder builder(
            ByteBuffer buffer, CompressionType codec, long timestampMs) {
        return MemoryRecords.builder(
                buffer,
                RecordBatch.MAGIC_VALUE_V2,
                Compression.of(codec).build(),
                TimestampType.CREATE_TIME,
                0,
                timestampMs);
    }

    private static byte[] bytes(MemoryRecords records) {
        byte[] bytes = new byte[records.sizeInBytes()];
        records.buffer().duplicate().get(bytes);
        return bytes;
    }

    private int odd() {
        return switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> -1;
            case 2 -> Integer.MAX_VALUE;
            case 3 -> Integer.MIN_VALUE;
            case 4 -> random.nextInt(20);
            default -> random.nextInt();
        };
    }

    private byte[] flipped(byte[] bytes, int from, int length, boolean seal) {
        for (int i = 0; i <= random.nextInt(4); i++) {
            bytes[from + random.nextInt(length)] ^= (byte) (1 << random.nextInt(8));
        }
        if (seal) {
            seal(bytes);
        }
        return bytes;
    }

    private static byte[] sealed(ByteBuffer batch) {
        seal(batch.array());
        return batch.array();
    }

    /** Makes the CRC right. */
    private static void seal(byte[] batch) {
        CRC32C crc = new CRC32C();
        crc.update(batch, ATTRIBUTES, batch.length - ATTRIBUTES);
        ByteBuffer.wrap(batch).putInt(CRC, (int) crc.getValue());
    }
}
