package io.fleuve.broker.protocol;

import java.nio.ByteBuffer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;

/**
 * Gives a batch the compression that its topic wants ({@code compression.type}). Records,
 * timestamps, producer and sequence stay what they are.
 */
final class Recompression {

    private Recompression() {}

    /**
     * The batch as the topic wants it: the same one if it is so already, else a new one.
     *
     * @param batch a batch that was found to be good, between position and limit
     * @throws BatchFormatException if it would be larger than the topic takes
     */
    static ByteBuffer apply(ByteBuffer batch, TopicRules rules) throws BatchFormatException {
        if (rules.compression().isEmpty()) {
            return batch;
        }
        Compression target = rules.compression().get();
        MutableRecordBatch source =
                MemoryRecords.readableRecords(batch.slice()).batches().iterator().next();
        if (source.compressionType() == target.type()) {
            return batch;
        }
        ByteBuffer rebuilt = rebuild(source, target, rules.maxBatchBytes());
        checkSize(rebuilt.remaining(), rules.maxBatchBytes());
        return rebuilt;
    }

    private static ByteBuffer rebuild(MutableRecordBatch source, Compression target, int maxBytes)
            throws BatchFormatException {
        ByteBuffer room =
                ByteBuffer.allocate(
                        DefaultRecordBatch.RECORD_BATCH_OVERHEAD + source.sizeInBytes());
        boolean sizeIsKnown = target.type() == CompressionType.NONE;
        try (BufferSupplier supplier = BufferSupplier.create();
                CloseableIterator<Record> records = source.streamingIterator(supplier);
                MemoryRecordsBuilder builder =
                        MemoryRecords.builder(
                                room,
                                RecordBatch.MAGIC_VALUE_V2,
                                target,
                                TimestampType.CREATE_TIME,
                                source.baseOffset(),
                                RecordBatch.NO_TIMESTAMP,
                                source.producerId(),
                                source.producerEpoch(),
                                source.baseSequence(),
                                source.isTransactional(),
                                RecordBatch.NO_PARTITION_LEADER_EPOCH)) {
            while (records.hasNext()) {
                Record next = records.next();
                builder.appendWithOffset(next.offset(), next);
                if (sizeIsKnown) {
                    // A small batch may hold a lot: stop before all of it is in memory.
                    checkSize(
                            DefaultRecordBatch.RECORD_BATCH_OVERHEAD
                                    + builder.uncompressedBytesWritten(),
                            maxBytes);
                }
            }
            return builder.build().buffer().slice();
        } catch (KafkaException e) {
            // A decompressor that gives up where it did not when the batch was checked.
            throw RecordBytes.malformed("the records cannot be read: " + e.getMessage());
        }
    }

    private static void checkSize(int size, int maxBytes) throws BatchFormatException {
        if (size > maxBytes) {
            throw new BatchFormatException(
                    Errors.MESSAGE_TOO_LARGE,
                    ("the batch would have %d bytes with the compression of the topic, which takes"
                                    + " %d (max.message.bytes)")
                            .formatted(size, maxBytes));
        }
    }
}
