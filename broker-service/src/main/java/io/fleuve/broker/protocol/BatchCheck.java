package io.fleuve.broker.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.zip.CRC32C;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;

/**
 * Checks a batch on its way in, so that whatever is in the log can be read by anyone.
 *
 * <p>The layout of a v2 batch (big-endian, KIP-98), of which the CRC covers everything from the
 * attributes on:
 *
 * <pre>
 *  0 base offset 8 | 8 length 4 | 12 leader epoch 4 | 16 magic 1 | 17 crc 4 | 21 attributes 2
 * 23 last offset delta 4 | 27 base timestamp 8 | 35 max timestamp 8 | 43 producer id 8
 * 51 producer epoch 2 | 53 base sequence 4 | 57 record count 4 | 61 records
 * </pre>
 *
 * <p>Record bytes are looked at where they lie; compressed ones are decompressed piece by piece and
 * not kept. A wrong maximal timestamp is put right, since look-ups by time depend on it.
 */
final class BatchCheck {

    private static final int LENGTH = 8;
    private static final int MAGIC = 16;
    private static final int CRC = 17;
    private static final int ATTRIBUTES = 21;
    private static final int LAST_OFFSET_DELTA = 23;
    private static final int BASE_TIMESTAMP = 27;
    private static final int MAX_TIMESTAMP = 35;
    private static final int PRODUCER_ID = 43;
    private static final int PRODUCER_EPOCH = 51;
    private static final int BASE_SEQUENCE = 53;
    private static final int RECORD_COUNT = 57;
    private static final int RECORDS = 61;

    private static final int COMPRESSION_MASK = 0x07;
    private static final int APPEND_TIME_FLAG = 0x08;
    private static final int TRANSACTIONAL_FLAG = 0x10;
    private static final int CONTROL_FLAG = 0x20;
    private static final int DELETE_HORIZON_FLAG = 0x40;

    /** The shortest record: length, attributes, two deltas, two lengths, number of headers. */
    private static final int MIN_RECORD = 7;

    private static final int MAX_REPORTED_RECORDS = 10;
    private static final int MAX_IDLE_SUPPLIERS = 32;
    private static final short FIRST_VERSION_WITH_ZSTD = 7;

    /** What a batch is worth. */
    sealed interface Verdict {

        /** It may be appended. */
        record Good() implements Verdict {}

        /** It must not be appended. */
        record Bad(Errors error, String message, List<BatchIndexAndErrorMessage> records)
                implements Verdict {}
    }

    private static final Verdict GOOD = new Verdict.Good();

    private final Clock clock;
    private final long maxDecompressedBytes;

    /** Decompressors' buffers, reused: each is used by one thread at a time. */
    private final BlockingQueue<BufferSupplier> suppliers =
            new ArrayBlockingQueue<>(MAX_IDLE_SUPPLIERS);

    BatchCheck(Clock clock, long maxDecompressedBytes) {
        this.clock = clock;
        this.maxDecompressedBytes = maxDecompressedBytes;
    }

    /**
     * Checks the records that a produce request has for one partition.
     *
     * @param batch between position and limit, backed by an array; only its maximal timestamp and
     *     CRC may be changed
     * @param version version of the request
     */
    Verdict check(ByteBuffer batch, TopicRules rules, short version) {
        try {
            checkFrame(batch, rules);
            checkHeader(batch, version);
            return checkRecords(batch, rules);
        } catch (BatchFormatException e) {
            return new Verdict.Bad(e.error(), e.reason(), List.of());
        }
    }

    private static void checkFrame(ByteBuffer batch, TopicRules rules) throws BatchFormatException {
        int at = batch.position();
        int size = batch.remaining();
        if (size == 0) {
            throw invalid("there must be a record batch for the partition");
        }
        if (size <= MAGIC) {
            throw corrupt("%d bytes are too few for a record batch".formatted(size));
        }
        int magic = batch.get(at + MAGIC);
        if (magic != RecordBatch.MAGIC_VALUE_V2) {
            throw invalid("record batches must be of format version 2, not " + magic);
        }
        long expected = (long) LENGTH + Integer.BYTES + batch.getInt(at + LENGTH);
        if (expected < RECORDS || expected > size) {
            throw corrupt(
                    "the batch says that it has %d bytes; there are %d".formatted(expected, size));
        }
        if (expected < size) {
            throw invalid("there must be exactly one record batch for the partition");
        }
        if (size > rules.maxBatchBytes()) {
            throw new BatchFormatException(
                    Errors.MESSAGE_TOO_LARGE,
                    "the batch has %d bytes; the topic takes %d (max.message.bytes)"
                            .formatted(size, rules.maxBatchBytes()));
        }
        if (crc(batch) != batch.getInt(at + CRC)) {
            throw corrupt("the CRC of the batch is wrong");
        }
    }

    private static void checkHeader(ByteBuffer batch, short version) throws BatchFormatException {
        int at = batch.position();
        if (batch.getLong(at) != 0) {
            throw invalid("the base offset must be 0, not " + batch.getLong(at));
        }
        int attributes = batch.getShort(at + ATTRIBUTES);
        int codec = attributes & COMPRESSION_MASK;
        if (codec > CompressionType.ZSTD.id) {
            throw invalid("there is no compression type " + codec);
        }
        if (codec == CompressionType.ZSTD.id && version < FIRST_VERSION_WITH_ZSTD) {
            throw new BatchFormatException(
                    Errors.UNSUPPORTED_COMPRESSION_TYPE,
                    "zstd needs version %d of Produce".formatted(FIRST_VERSION_WITH_ZSTD));
        }
        if ((attributes & CONTROL_FLAG) != 0) {
            throw invalid("clients must not write control records");
        }
        if ((attributes & DELETE_HORIZON_FLAG) != 0) {
            throw invalid("clients must not set a delete horizon");
        }
        if ((attributes & TRANSACTIONAL_FLAG) != 0 && batch.getLong(at + PRODUCER_ID) < 0) {
            throw invalid("a batch of a transaction needs a producer id");
        }
        if ((attributes & APPEND_TIME_FLAG) != 0) {
            throw new BatchFormatException(
                    Errors.INVALID_TIMESTAMP, "clients must not set LogAppendTime");
        }
        int count = batch.getInt(at + RECORD_COUNT);
        int lastDelta = batch.getInt(at + LAST_OFFSET_DELTA);
        if (count < 1 || lastDelta != count - 1) {
            throw invalid(
                    "a batch of %d records cannot have the last offset delta %d"
                            .formatted(count, lastDelta));
        }
        if (batch.getLong(at + PRODUCER_ID) >= 0
                && (batch.getShort(at + PRODUCER_EPOCH) < 0
                        || batch.getInt(at + BASE_SEQUENCE) < 0)) {
            throw invalid("a batch with a producer id needs a producer epoch and a sequence");
        }
    }

    private Verdict checkRecords(ByteBuffer batch, TopicRules rules) throws BatchFormatException {
        int codec = batch.getShort(batch.position() + ATTRIBUTES) & COMPRESSION_MASK;
        try {
            if (codec == CompressionType.NONE.id) {
                int start = batch.arrayOffset() + batch.position();
                return checkRecords(
                        batch,
                        RecordBytes.inMemory(
                                batch.array(), start + RECORDS, start + batch.remaining()),
                        rules);
            }
            if (codec == CompressionType.SNAPPY.id) {
                SnappyFrames.check(
                        batch.slice(batch.position() + RECORDS, batch.remaining() - RECORDS),
                        maxDecompressedBytes);
            }
            return checkCompressed(batch, rules);
        } catch (VirtualMachineError e) {
            throw e;
        } catch (IOException | RuntimeException | Error e) {
            // Native decompressors have exceptions, and even errors, of their own.
            throw invalid("the records cannot be decompressed: " + e.getMessage());
        }
    }

    private Verdict checkCompressed(ByteBuffer batch, TopicRules rules)
            throws IOException, BatchFormatException {
        BufferSupplier idle = suppliers.poll();
        BufferSupplier supplier = idle != null ? idle : BufferSupplier.create();
        var records = MemoryRecords.readableRecords(batch.slice());
        DefaultRecordBatch compressed = (DefaultRecordBatch) records.batches().iterator().next();
        try (InputStream stream = compressed.recordInputStream(supplier)) {
            return checkRecords(
                    batch, RecordBytes.decompressed(stream, maxDecompressedBytes), rules);
        } finally {
            if (!suppliers.offer(supplier)) {
                supplier.close();
            }
        }
    }

    private Verdict checkRecords(ByteBuffer batch, RecordBytes bytes, TopicRules rules)
            throws IOException, BatchFormatException {
        int at = batch.position();
        int count = batch.getInt(at + RECORD_COUNT);
        long baseTimestamp = batch.getLong(at + BASE_TIMESTAMP);
        long now = clock.millis();
        long maxTimestamp = RecordBatch.NO_TIMESTAMP;
        Faults faults = new Faults();
        for (int i = 0; i < count; i++) {
            int length = bytes.readVarint();
            if (length < MIN_RECORD - 1) {
                throw invalid("record %d cannot have %d bytes".formatted(i, length));
            }
            long end = bytes.position() + length;
            bytes.readByte();
            long timestamp = baseTimestamp + bytes.readVarlong();
            int offsetDelta = bytes.readVarint();
            if (offsetDelta != i) {
                throw invalid("record %d has the offset delta %d".formatted(i, offsetDelta));
            }
            int keyLength = bytes.readVarint();
            checkRest(bytes, keyLength, end, i);
            if (rules.keysRequired() && keyLength < 0) {
                faults.add(i, Errors.INVALID_RECORD, "a compacted topic needs keys");
            }
            if (!rules.appendTime() && isOutOfBounds(timestamp, now, rules)) {
                faults.add(i, Errors.INVALID_TIMESTAMP, timestampFault(timestamp, now, rules));
            }
            maxTimestamp = Math.max(maxTimestamp, timestamp);
        }
        if (!bytes.atEnd()) {
            throw invalid("there is more in the batch than its %d records".formatted(count));
        }
        if (!faults.isEmpty()) {
            return faults.verdict();
        }
        if (batch.getLong(at + MAX_TIMESTAMP) != maxTimestamp) {
            batch.putLong(at + MAX_TIMESTAMP, maxTimestamp);
            batch.putInt(at + CRC, crc(batch));
        }
        return GOOD;
    }

    /** What follows the length of the key: the key, the value and the headers. */
    private static void checkRest(RecordBytes bytes, int keyLength, long end, int index)
            throws IOException, BatchFormatException {
        skipField(bytes, keyLength, -1, end, index);
        skipField(bytes, bytes.readVarint(), -1, end, index);
        int headers = bytes.readVarint();
        if (headers < 0 || headers > end - bytes.position()) {
            throw invalid("record %d cannot have %d headers".formatted(index, headers));
        }
        for (int i = 0; i < headers; i++) {
            skipField(bytes, bytes.readVarint(), 0, end, index);
            skipField(bytes, bytes.readVarint(), -1, end, index);
        }
        if (bytes.position() != end) {
            throw invalid("the length of record %d is wrong".formatted(index));
        }
    }

    private static void skipField(RecordBytes bytes, int length, int least, long end, int index)
            throws IOException, BatchFormatException {
        if (length < least || length > end - bytes.position()) {
            throw invalid("record %d has a field of %d bytes".formatted(index, length));
        }
        if (length > 0) {
            bytes.skip(length);
        }
    }

    private static boolean isOutOfBounds(long timestamp, long now, TopicRules rules) {
        if (timestamp == RecordBatch.NO_TIMESTAMP) {
            return false;
        }
        return timestamp < 0
                || now - timestamp > rules.timestampBeforeMaxMs()
                || timestamp - now > rules.timestampAfterMaxMs();
    }

    private static String timestampFault(long timestamp, long now, TopicRules rules) {
        return "the timestamp %d is out of range: it is %d now, and the topic takes %d ms before and %d ms after"
                .formatted(
                        timestamp, now, rules.timestampBeforeMaxMs(), rules.timestampAfterMaxMs());
    }

    private static int crc(ByteBuffer batch) {
        CRC32C crc = new CRC32C();
        int from = ATTRIBUTES;
        crc.update(
                batch.array(),
                batch.arrayOffset() + batch.position() + from,
                batch.remaining() - from);
        return (int) crc.getValue();
    }

    private static BatchFormatException invalid(String message) {
        return new BatchFormatException(Errors.INVALID_RECORD, message);
    }

    private static BatchFormatException corrupt(String message) {
        return new BatchFormatException(Errors.CORRUPT_MESSAGE, message);
    }

    /** Records that the topic does not take. The first one's error is the batch's. */
    private static final class Faults {

        private final List<BatchIndexAndErrorMessage> records = new ArrayList<>(0);
        private Errors error = Errors.NONE;

        void add(int index, Errors recordError, String message) {
            if (records.isEmpty()) {
                error = recordError;
            }
            if (error == recordError && records.size() < MAX_REPORTED_RECORDS) {
                records.add(
                        new BatchIndexAndErrorMessage()
                                .setBatchIndex(index)
                                .setBatchIndexErrorMessage(message));
            }
        }

        boolean isEmpty() {
            return records.isEmpty();
        }

        Verdict verdict() {
            BatchIndexAndErrorMessage first = records.getFirst();
            return new Verdict.Bad(
                    error,
                    "record %d: %s".formatted(first.batchIndex(), first.batchIndexErrorMessage()),
                    records);
        }
    }
}
