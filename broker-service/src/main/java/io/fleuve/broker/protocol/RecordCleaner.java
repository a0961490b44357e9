package io.fleuve.broker.protocol;

import io.fleuve.broker.upkeep.BatchCleaner;
import java.nio.ByteBuffer;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter.BatchRetention;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter.BatchRetentionResult;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;

/**
 * Compaction of batches with Kafka's own filter, which knows how a batch that has lost records is
 * written, compressed or not. Used by one thread.
 */
public final class RecordCleaner implements BatchCleaner {

    private final BufferSupplier buffers = BufferSupplier.create();

    @Override
    public boolean visitKeys(ByteBuffer batch, KeyVisitor visitor) {
        for (RecordBatch each : MemoryRecords.readableRecords(batch.slice()).batches()) {
            if (each.isControlBatch()) {
                continue;
            }
            try (CloseableIterator<Record> records = each.streamingIterator(buffers)) {
                while (records.hasNext()) {
                    Record next = records.next();
                    if (next.hasKey() && !visitor.visit(next.key(), next.offset())) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    @Override
    public ByteBuffer clean(
            ByteBuffer batch,
            long nowMs,
            long deleteRetentionMs,
            boolean emptyTransaction,
            boolean keepEmpty,
            Keeper keeper) {
        BatchRetentionResult retention =
                new BatchRetentionResult(
                        keepEmpty ? BatchRetention.RETAIN_EMPTY : BatchRetention.DELETE_EMPTY,
                        emptyTransaction);
        MemoryRecords.RecordFilter filter =
                new MemoryRecords.RecordFilter(nowMs, deleteRetentionMs) {
                    @Override
                    protected BatchRetentionResult checkBatchRetention(RecordBatch each) {
                        return retention;
                    }

                    @Override
                    protected boolean shouldRetainRecord(RecordBatch each, Record candidate) {
                        if (each.isControlBatch()) {
                            return !emptyTransaction || !isOver(each);
                        }
                        if (!candidate.hasKey()
                                || !keeper.isLatest(candidate.key(), candidate.offset())) {
                            return false;
                        }
                        return candidate.hasValue() || !isOver(each);
                    }

                    private boolean isOver(RecordBatch each) {
                        return each.deleteHorizonMs().isPresent()
                                && nowMs >= each.deleteHorizonMs().getAsLong();
                    }
                };
        return MemoryRecords.readableRecords(batch.slice())
                .filterTo(filter, ByteBuffer.allocate(batch.remaining() + 1_024), buffers)
                .outputBuffer()
                .flip();
    }
}
