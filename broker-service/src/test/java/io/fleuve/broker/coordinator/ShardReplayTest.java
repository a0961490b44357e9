package io.fleuve.broker.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.coordinator.common.runtime.CoordinatorPlayback;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordHelpers;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.junit.jupiter.api.Test;

class ShardReplayTest {

    private final Recorded recorded = new Recorded();
    private final ShardReplay replay =
            new ShardReplay(new TopicPartition("__consumer_offsets", 0), recorded);

    /** A tombstone of an offset, as good a record as any. */
    private static SimpleRecord record(int partition) {
        GroupCoordinatorRecordSerde serde = new GroupCoordinatorRecordSerde();
        CoordinatorRecord tombstone =
                GroupCoordinatorRecordHelpers.newOffsetCommitTombstoneRecord(
                        "group", "topic", partition);
        return new SimpleRecord(serde.serializeKey(tombstone), serde.serializeValue(tombstone));
    }

    private static ByteBuffer batch(long baseOffset, SimpleRecord... records) {
        return MemoryRecords.withRecords(
                        RecordBatch.MAGIC_VALUE_V2, baseOffset, Compression.gzip().build(), records)
                .buffer()
                .asReadOnlyBuffer();
    }

    @Test
    void replaysCompressedBatchesAndMakesThemFinal() {
        replay.replay(List.of(batch(0, record(0), record(1)), batch(5, record(2))));

        assertThat(recorded.events)
                .containsExactly("record 0", "record 1", "record 5", "written 6", "committed 6");
        assertThat(replay.records()).isEqualTo(3);
        assertThat(replay.nextOffset()).isEqualTo(6);
    }

    @Test
    void leavesOutWhatLiesBeforeTheOffset() {
        replay.skipTo(1);

        replay.replay(List.of(batch(0, record(0), record(1))));

        assertThat(recorded.events).containsExactly("record 1", "written 2", "committed 2");
    }

    @Test
    void skipsRecordsOfUnknownTypes() {
        SimpleRecord unknown = new SimpleRecord(new byte[] {0x7f, 0x7f, 1, 2}, new byte[] {0, 0});

        replay.replay(List.of(batch(0, unknown, record(0))));

        assertThat(recorded.events).containsExactly("record 1", "written 2", "committed 2");
    }

    @Test
    void namesTheOffsetOfARecordThatCannotBeDecoded() {
        SimpleRecord broken = new SimpleRecord(new byte[] {0}, new byte[0]);

        assertThatThrownBy(() -> replay.replay(List.of(batch(7, broken))))
                .hasMessageContaining("offset 7 of __consumer_offsets-0");
    }

    @Test
    void replaysTransactionMarkers() {
        ByteBuffer marker =
                MemoryRecords.withEndTransactionMarker(
                                4,
                                0,
                                0,
                                9,
                                (short) 2,
                                new EndTransactionMarker(ControlRecordType.ABORT, 0))
                        .buffer();

        replay.replay(List.of(marker));

        assertThat(recorded.events).containsExactly("9/2 ABORT", "written 5", "committed 5");
    }

    @Test
    void goesToTheEndOfALogThatCompactionHasEmptied() {
        replay.skipTo(3);
        replay.commit(9);
        replay.commit(9);

        assertThat(recorded.events).containsExactly("written 9", "committed 9");
    }

    @Test
    void doesNothingForAnEmptyLog() {
        replay.commit(0);

        assertThat(recorded.events).isEmpty();
    }

    private static final class Recorded implements CoordinatorPlayback<CoordinatorRecord> {

        private final List<String> events = new ArrayList<>();

        @Override
        public void replay(
                long offset, long producerId, short producerEpoch, CoordinatorRecord record) {
            events.add("record " + offset);
        }

        @Override
        public void replayEndTransactionMarker(
                long producerId, short producerEpoch, TransactionResult result) {
            events.add(producerId + "/" + producerEpoch + " " + result);
        }

        @Override
        public void updateLastWrittenOffset(long offset) {
            events.add("written " + offset);
        }

        @Override
        public void updateLastCommittedOffset(long offset) {
            events.add("committed " + offset);
        }
    }
}
