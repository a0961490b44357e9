package io.fleuve.broker.coordinator;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.coordinator.common.runtime.CoordinatorPlayback;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.Deserializer;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Applies the records of a shard's log to its state machine, in order. Used by one thread. */
final class ShardReplay {

    private static final Logger LOGGER = LoggerFactory.getLogger(ShardReplay.class);

    private final TopicPartition tp;
    private final CoordinatorPlayback<CoordinatorRecord> playback;
    private final GroupCoordinatorRecordSerde serde = new GroupCoordinatorRecordSerde();
    private long nextOffset;
    private long committedOffset;
    private long records;
    private long bytes;

    ShardReplay(TopicPartition tp, CoordinatorPlayback<CoordinatorRecord> playback) {
        this.tp = tp;
        this.playback = playback;
    }

    /** The first offset that was not replayed yet. */
    long nextOffset() {
        return nextOffset;
    }

    long records() {
        return records;
    }

    long bytes() {
        return bytes;
    }

    /** Goes on at this offset, as there is nothing in between. Never goes back. */
    void skipTo(long offset) {
        nextOffset = Math.max(nextOffset, offset);
    }

    /**
     * Replays batches, then makes their effect final: the state machine keeps a snapshot of
     * everything that is not.
     */
    void replay(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            bytes += buffer.remaining();
            for (MutableRecordBatch batch : MemoryRecords.readableRecords(buffer).batches()) {
                if (batch.isControlBatch()) {
                    replayMarkers(batch);
                } else {
                    replayRecords(batch);
                }
                skipTo(batch.nextOffset());
            }
        }
        commit(nextOffset);
    }

    /** Everything before this offset was replayed and is durable. */
    void commit(long offset) {
        skipTo(offset);
        if (nextOffset > committedOffset) {
            playback.updateLastWrittenOffset(nextOffset);
            playback.updateLastCommittedOffset(nextOffset);
            committedOffset = nextOffset;
        }
    }

    private void replayRecords(MutableRecordBatch batch) {
        for (Record record : batch) {
            // A read begins with the batch that holds the offset, not with its record.
            if (record.offset() < nextOffset) {
                continue;
            }
            records++;
            CoordinatorRecord decoded = decode(record);
            if (decoded != null) {
                playback.replay(
                        record.offset(), batch.producerId(), batch.producerEpoch(), decoded);
            }
        }
    }

    private void replayMarkers(MutableRecordBatch batch) {
        for (Record record : batch) {
            if (record.offset() < nextOffset) {
                continue;
            }
            records++;
            ControlRecordType type = ControlRecordType.parse(record.key());
            if (type == ControlRecordType.COMMIT || type == ControlRecordType.ABORT) {
                playback.replayEndTransactionMarker(
                        batch.producerId(),
                        batch.producerEpoch(),
                        type == ControlRecordType.COMMIT
                                ? TransactionResult.COMMIT
                                : TransactionResult.ABORT);
            }
        }
    }

    private @Nullable CoordinatorRecord decode(Record record) {
        try {
            return serde.deserialize(record.key(), record.value());
        } catch (Deserializer.UnknownRecordTypeException e) {
            LOGGER.atWarn()
                    .addKeyValue("partition", tp)
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("type", e.unknownType())
                    .log("skipped a record of a type that this release does not know");
            return null;
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "record at offset " + record.offset() + " of " + tp + " cannot be decoded", e);
        }
    }
}
