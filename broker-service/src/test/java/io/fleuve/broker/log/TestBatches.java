package io.fleuve.broker.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Record batches made and read with Kafka's own classes. */
final class TestBatches {

    private TestBatches() {}

    /** A batch of a producer that is not idempotent. */
    static ByteBuffer batch(String... values) {
        return batch(
                RecordBatch.NO_PRODUCER_ID,
                RecordBatch.NO_PRODUCER_EPOCH,
                RecordBatch.NO_SEQUENCE,
                values);
    }

    static ByteBuffer batch(long producerId, short epoch, int sequence, String... values) {
        SimpleRecord[] records = new SimpleRecord[values.length];
        for (int i = 0; i < values.length; i++) {
            records[i] = new SimpleRecord(1_000 + i, null, values[i].getBytes(UTF_8));
        }
        ByteBuffer made =
                MemoryRecords.withIdempotentRecords(
                                RecordBatch.MAGIC_VALUE_V2,
                                0,
                                Compression.NONE,
                                producerId,
                                epoch,
                                sequence,
                                RecordBatch.NO_PARTITION_LEADER_EPOCH,
                                records)
                        .buffer();
        // In the midst of a larger array, as a part of a request's frame.
        ByteBuffer frame = ByteBuffer.allocate(made.remaining() + 10);
        frame.position(7);
        frame.put(made).flip();
        return frame.position(7);
    }

    /** "offset:value" of every record of whole, valid batches. */
    static List<String> read(List<ByteBuffer> batches) {
        List<String> records = new ArrayList<>();
        for (ByteBuffer buffer : batches) {
            ByteBuffer copy =
                    ByteBuffer.allocate(buffer.remaining()).put(buffer.duplicate()).flip();
            MemoryRecords.readableRecords(copy)
                    .batches()
                    .forEach(
                            batch -> {
                                batch.ensureValid();
                                batch.forEach(
                                        record ->
                                                records.add(
                                                        record.offset()
                                                                + ":"
                                                                + UTF_8.decode(record.value())));
                            });
        }
        return records;
    }

    static RecordBatch first(List<ByteBuffer> batches) {
        ByteBuffer buffer = batches.getFirst();
        ByteBuffer copy = ByteBuffer.allocate(buffer.remaining()).put(buffer.duplicate()).flip();
        return MemoryRecords.readableRecords(copy).batches().iterator().next();
    }

    static final TimestampType APPEND_TIME = TimestampType.LOG_APPEND_TIME;
}
