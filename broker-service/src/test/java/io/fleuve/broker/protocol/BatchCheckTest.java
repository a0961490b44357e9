package io.fleuve.broker.protocol;

import static io.fleuve.broker.protocol.ProtocolFixture.NOW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BatchCheckTest {

    private static final TopicRules LAX =
            new TopicRules(1_000_000, false, Long.MAX_VALUE, 3_600_000, Optional.empty(), false);
    private static final TopicRules COMPACTED =
            new TopicRules(1_000_000, false, Long.MAX_VALUE, 3_600_000, Optional.empty(), true);
    private static final short VERSION = 9;

    private final BatchCheck check =
            new BatchCheck(Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC), 100_000);

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void acceptsWhatKafkaWrites(CompressionType type) {
        ByteBuffer batch = batch(type, some(300));
        byte[] before = bytes(batch);
        assertThat(check.check(batch, LAX, VERSION)).isEqualTo(new BatchCheck.Verdict.Good());
        assertThat(bytes(batch)).isEqualTo(before);
    }

    @Test
    void rejectsBatchWhenCrcIsWrong() {
        ByteBuffer batch = batch(CompressionType.NONE, some(1));
        batch.put(batch.limit() - 1, (byte) (batch.get(batch.limit() - 1) ^ 1));
        assertRefused(batch, LAX, Errors.CORRUPT_MESSAGE);
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void neverThrowsWhateverIsInTheBatch(CompressionType type) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            ByteBuffer batch = batch(type, some(5));
            int flips = 1 + random.nextInt(3);
            for (int j = 0; j < flips; j++) {
                batch.put(random.nextInt(batch.limit()), (byte) random.nextInt());
            }
            if (random.nextBoolean()) {
                seal(batch);
            }
            assertThat(check.check(batch, LAX, VERSION)).as("seed %d", seed).isNotNull();
        }
    }

    @Test
    void rejectsBatchesThatAreCutOrFollowedByMore() {
        ByteBuffer batch = batch(CompressionType.NONE, some(2));
        assertRefused(ByteBuffer.allocate(0), LAX, Errors.INVALID_RECORD);
        assertRefused(ByteBuffer.wrap(bytes(batch), 0, 12), LAX, Errors.CORRUPT_MESSAGE);
        assertRefused(
                ByteBuffer.wrap(bytes(batch), 0, batch.limit() - 1), LAX, Errors.CORRUPT_MESSAGE);
        ByteBuffer two = ByteBuffer.allocate(batch.limit() * 2);
        two.put(batch.duplicate()).put(batch.duplicate()).flip();
        assertRefused(two, LAX, Errors.INVALID_RECORD);
    }

    @Test
    void rejectsOldFormats() {
        ByteBuffer batch = batch(CompressionType.NONE, some(1));
        batch.put(16, (byte) 1);
        assertRefused(batch, LAX, Errors.INVALID_RECORD);
    }

    @Test
    void rejectsHeadersThatClientsMustNotWrite() {
        assertRefused(changed(it -> it.putShort(21, (short) 0x20)), LAX, Errors.INVALID_RECORD);
        assertRefused(changed(it -> it.putShort(21, (short) 0x40)), LAX, Errors.INVALID_RECORD);
        assertRefused(changed(it -> it.putShort(21, (short) 0x08)), LAX, Errors.INVALID_TIMESTAMP);
        assertRefused(changed(it -> it.putShort(21, (short) 0x10)), LAX, Errors.INVALID_RECORD);
        assertRefused(changed(it -> it.putShort(21, (short) 5)), LAX, Errors.INVALID_RECORD);
        assertRefused(changed(it -> it.putInt(23, 7)), LAX, Errors.INVALID_RECORD);
        assertRefused(changed(it -> it.putInt(57, 4)), LAX, Errors.INVALID_RECORD);
        assertRefused(changed(it -> it.putLong(0, 4)), LAX, Errors.INVALID_RECORD);
        assertRefused(changed(it -> it.putLong(43, 4)), LAX, Errors.INVALID_RECORD);
    }

    @Test
    void rejectsMoreOrFewerRecordsThanTheHeaderSays() {
        assertRefused(changed(it -> it.putInt(57, 2).putInt(23, 1)), LAX, Errors.INVALID_RECORD);
        assertRefused(changed(it -> it.putInt(57, 4).putInt(23, 3)), LAX, Errors.INVALID_RECORD);
    }

    @Test
    void rejectsBatchesThatTheTopicFindsTooLarge() {
        ByteBuffer batch = batch(CompressionType.NONE, some(50));
        TopicRules rules =
                new TopicRules(
                        batch.limit() - 1, false, Long.MAX_VALUE, 1, Optional.empty(), false);
        assertRefused(batch, rules, Errors.MESSAGE_TOO_LARGE);
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void rejectsBatchesThatAreTooLargeWhenDecompressed(CompressionType type) {
        SimpleRecord bomb = new SimpleRecord(NOW, null, new byte[200_000]);
        assertRefused(batch(type, bomb), LAX, Errors.MESSAGE_TOO_LARGE);
    }

    @Test
    void rejectsZstdFromClientsThatAreTooOldForIt() {
        BatchCheck.Verdict verdict =
                check.check(batch(CompressionType.ZSTD, some(1)), LAX, (short) 6);
        assertThat(verdict).isInstanceOf(BatchCheck.Verdict.Bad.class);
        assertThat(((BatchCheck.Verdict.Bad) verdict).error())
                .isEqualTo(Errors.UNSUPPORTED_COMPRESSION_TYPE);
    }

    @Test
    void namesTheRecordsWithoutKeysInCompactedTopics() {
        SimpleRecord[] records = {
            new SimpleRecord(NOW, "k".getBytes(UTF_8), new byte[1]),
            new SimpleRecord(NOW, null, new byte[1]),
            new SimpleRecord(NOW, "k".getBytes(UTF_8), null),
            new SimpleRecord(NOW, null, new byte[1])
        };
        BatchCheck.Verdict.Bad bad =
                assertRefused(
                        batch(CompressionType.LZ4, records), COMPACTED, Errors.INVALID_RECORD);
        assertThat(bad.records()).extracting(it -> it.batchIndex()).containsExactly(1, 3);
    }

    @Test
    void rejectsTimestampsOutOfRangeUnlessTheBrokerSetsThem() {
        SimpleRecord[] early = {new SimpleRecord(NOW - 1_001, null, new byte[1])};
        SimpleRecord[] late = {
            new SimpleRecord(NOW, null, new byte[1]),
            new SimpleRecord(NOW + 1_001, null, new byte[1])
        };
        TopicRules rules = new TopicRules(1_000_000, false, 1_000, 1_000, Optional.empty(), false);
        assertRefused(batch(CompressionType.NONE, early), rules, Errors.INVALID_TIMESTAMP);
        BatchCheck.Verdict.Bad bad =
                assertRefused(batch(CompressionType.GZIP, late), rules, Errors.INVALID_TIMESTAMP);
        assertThat(bad.records()).extracting(it -> it.batchIndex()).containsExactly(1);
        TopicRules stamped = new TopicRules(1_000_000, true, 1_000, 1_000, Optional.empty(), false);
        assertThat(check.check(batch(CompressionType.NONE, early), stamped, VERSION))
                .isEqualTo(new BatchCheck.Verdict.Good());
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void putsWrongMaximalTimestampRight(CompressionType type) {
        ByteBuffer batch = batch(type, some(3));
        byte[] right = bytes(batch);
        batch.putLong(35, NOW + 5_000);
        seal(batch);
        assertThat(check.check(batch, LAX, VERSION)).isEqualTo(new BatchCheck.Verdict.Good());
        assertThat(bytes(batch)).isEqualTo(right);
    }

    private BatchCheck.Verdict.Bad assertRefused(ByteBuffer batch, TopicRules rules, Errors error) {
        BatchCheck.Verdict verdict = check.check(batch, rules, VERSION);
        assertThat(verdict).isInstanceOf(BatchCheck.Verdict.Bad.class);
        BatchCheck.Verdict.Bad bad = (BatchCheck.Verdict.Bad) verdict;
        assertThat(bad.error()).as(bad.message()).isEqualTo(error);
        return bad;
    }

    private static SimpleRecord[] some(int count) {
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            records[i] =
                    new SimpleRecord(
                            NOW - 1_000 + i,
                            i % 3 == 0 ? null : ("key" + i).getBytes(UTF_8),
                            i % 5 == 1 ? null : ("value" + i).getBytes(UTF_8),
                            new Header[] {
                                new RecordHeader("h", null),
                                new RecordHeader("trace", new byte[] {1, 2})
                            });
        }
        return records;
    }

    private static ByteBuffer batch(CompressionType type, SimpleRecord... records) {
        ByteBuffer made =
                MemoryRecords.withRecords(
                                RecordBatch.MAGIC_VALUE_V2, Compression.of(type).build(), records)
                        .buffer();
        return ByteBuffer.allocate(made.remaining()).put(made).flip();
    }

    /** A batch of three records, changed and sealed with a CRC that is right. */
    private static ByteBuffer changed(Consumer<ByteBuffer> change) {
        ByteBuffer batch = batch(CompressionType.NONE, some(3));
        change.accept(batch);
        seal(batch);
        return batch;
    }

    private static void seal(ByteBuffer batch) {
        CRC32C crc = new CRC32C();
        crc.update(batch.duplicate().position(21));
        batch.putInt(17, (int) crc.getValue());
    }

    private static byte[] bytes(ByteBuffer batch) {
        byte[] bytes = new byte[batch.remaining()];
        batch.duplicate().get(bytes);
        return bytes;
    }
}
