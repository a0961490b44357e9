package io.fleuve.broker.upkeep;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.broker.log.AbortedTransaction;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

class CleanedTransactionsTest {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final CleanedTransactions transactions =
            new CleanedTransactions(
                    List.of(
                            new AbortedTransaction(1, 10, 20),
                            new AbortedTransaction(1, 30, 40),
                            new AbortedTransaction(2, 12, 50)));

    @Test
    void knowsWhatWasAbortedOfEachProducer() {
        assertThat(transactions.isAborted(data(1, 9))).isFalse();
        assertThat(transactions.isAborted(data(1, 10))).isTrue();
        assertThat(transactions.isAborted(data(1, 19))).isTrue();
        assertThat(transactions.isAborted(data(1, 25))).isFalse();
        assertThat(transactions.isAborted(data(1, 30))).isTrue();
        assertThat(transactions.isAborted(data(2, 25))).isTrue();
        assertThat(transactions.isAborted(data(3, 25))).isFalse();
        assertThat(transactions.isAborted(marker(1, 20))).isFalse();
    }

    @Test
    void aMarkerIsNeededWhileSomethingOfItsTransactionIsThere() {
        ByteBuffer kept = data(1, 1);
        transactions.cleaned(kept, kept);
        assertThat(transactions.isMarkerOfNothing(marker(1, 5))).isFalse();
        transactions.cleaned(marker(1, 5), marker(1, 5));
        transactions.cleaned(data(1, 10), NOTHING);
        assertThat(transactions.isMarkerOfNothing(marker(1, 20))).isTrue();
        assertThat(transactions.isMarkerOfNothing(data(1, 21))).isFalse();
    }

    @Test
    void anEmptyBatchIsNothing() {
        ByteBuffer empty = ByteBuffer.allocate(61);
        DefaultRecordBatch.writeEmptyHeader(
                empty,
                RecordBatch.MAGIC_VALUE_V2,
                1,
                (short) 0,
                0,
                10,
                10,
                0,
                TimestampType.CREATE_TIME,
                0,
                true,
                false);
        transactions.cleaned(data(1, 10), empty.flip());
        assertThat(transactions.isMarkerOfNothing(marker(1, 20))).isTrue();
    }

    @Test
    void tellsOnceWhichMarkersHaveGone() {
        transactions.cleaned(marker(1, 20), NOTHING);
        transactions.cleaned(marker(1, 40), marker(1, 40));
        assertThat(transactions.takeRemovedMarkers()).containsExactly(20L);
        assertThat(transactions.takeRemovedMarkers()).isEmpty();
    }

    private static ByteBuffer data(long producer, long offset) {
        return MemoryRecords.withTransactionalRecords(
                        offset,
                        Compression.NONE,
                        producer,
                        (short) 0,
                        0,
                        0,
                        new SimpleRecord(1, "k".getBytes(UTF_8), "v".getBytes(UTF_8)))
                .buffer();
    }

    private static ByteBuffer marker(long producer, long offset) {
        ByteBuffer marker =
                MemoryRecords.withEndTransactionMarker(
                                1,
                                producer,
                                (short) 0,
                                new EndTransactionMarker(ControlRecordType.ABORT, 0))
                        .buffer();
        return marker.putLong(0, offset);
    }
}
