package io.fleuve.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.broker.log.Sequencer.Entry;
import io.fleuve.broker.log.Sequencer.Outcome;
import io.fleuve.broker.log.Sequencer.Piece;
import io.fleuve.broker.log.Sequencer.Sequenced;
import io.fleuve.broker.log.Sequencer.Stretch;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every sequencer does. */
public abstract class SequencerContract {

    private static final int BATCH_BYTES = 100;

    private final String object = "intake/" + UUID.randomUUID() + ".log";
    private long written;

    /** The sequencer under test, as broker 1. */
    protected abstract Sequencer sequencer();

    /** A new, empty log, led by broker 1 at leader epoch 3. */
    protected abstract long newLog();

    @Test
    void givesDenseOffsetsPerLog() {
        long a = newLog();
        long b = newLog();
        assertThat(commit(plain(a, 3), plain(a, 2), plain(b, 1)))
                .containsExactly(
                        new Sequenced(Outcome.APPENDED, 0, 0),
                        new Sequenced(Outcome.APPENDED, 3, 0),
                        new Sequenced(Outcome.APPENDED, 0, 0));
        assertThat(commit(plain(a, 1))).containsExactly(new Sequenced(Outcome.APPENDED, 5, 0));
        assertThat(sequencer().ends(a)).contains(new LogEnds(0, 6));
        assertThat(sequencer().ends(List.of(a, b, Long.MAX_VALUE)))
                .containsOnlyKeys(a, b)
                .containsEntry(b, new LogEnds(0, 1));
    }

    @BeforeEach
    void enlist() {
        sequencer().enlist(object, Duration.ofMinutes(5));
    }

    @Test
    void commitsNothingInAnObjectThatIsSealedOrNotEntered() {
        long log = newLog();
        Stretch first = stretch(plain(log, 1));
        List<Sequenced> answer = sequencer().commit(first);
        sequencer().seal(object);
        assertThat(sequencer().commit(first)).isEqualTo(answer);
        assertThat(commit(plain(log, 1), plain(Long.MAX_VALUE, 1)))
                .extracting(Sequenced::outcome)
                .containsExactly(Outcome.OBJECT_SEALED, Outcome.OBJECT_SEALED);
        assertThat(sequencer().commit(new Stretch("nobody's", 0, 100, List.of(plain(log, 1)))))
                .extracting(Sequenced::outcome)
                .containsExactly(Outcome.OBJECT_SEALED);
        assertThat(sequencer().ends(log)).contains(new LogEnds(0, 1));
    }

    @Test
    void raisesTheStartOfALogUpToItsEnd() {
        long log = newLog();
        commit(plain(log, 5));
        assertThat(sequencer().raiseStart(log, 3)).contains(new LogEnds(3, 5));
        assertThat(sequencer().raiseStart(log, 2)).contains(new LogEnds(3, 5));
        assertThat(sequencer().raiseStart(log, 6)).contains(new LogEnds(3, 5));
        assertThat(sequencer().raiseStart(log, Long.MAX_VALUE)).contains(new LogEnds(5, 5));
        assertThat(sequencer().raiseStart(Long.MAX_VALUE, 0)).isEmpty();
        assertThat(commit(plain(log, 1))).containsExactly(new Sequenced(Outcome.APPENDED, 5, 5));
    }

    @Test
    void answersTheSameStretchTheSameWayWithoutAppendingAgain() {
        long log = newLog();
        Stretch stretch = stretch(plain(log, 3), idempotent(log, 2, 7, 0, 0));
        List<Sequenced> first = sequencer().commit(stretch);
        assertThat(sequencer().commit(stretch)).isEqualTo(first);
        assertThat(sequencer().ends(log)).contains(new LogEnds(0, 5));
    }

    @Test
    void leavesOutAStretchThatWasNeverCommitted() {
        long log = newLog();
        commit(plain(log, 1));
        stretch(plain(log, 1));
        assertThat(commit(plain(log, 1))).containsExactly(new Sequenced(Outcome.APPENDED, 1, 0));
        assertThat(sequencer().locate(log, 0, 1_000))
                .extracting(Piece::position)
                .containsExactly(0L, 2L * BATCH_BYTES);
    }

    @Test
    void refusesAnUnknownLogAndTakesTheRest() {
        long log = newLog();
        assertThat(commit(plain(log, 1), plain(Long.MAX_VALUE, 1)))
                .extracting(Sequenced::outcome)
                .containsExactly(Outcome.APPENDED, Outcome.UNKNOWN_LOG);
    }

    @Test
    void recognisesARepeatedBatchAmongTheLastFive() {
        long log = newLog();
        for (int sequence = 0; sequence < 6; sequence++) {
            assertThat(outcome(idempotent(log, 1, 7, 0, sequence))).isEqualTo(Outcome.APPENDED);
        }
        assertThat(commit(idempotent(log, 1, 7, 0, 1)))
                .containsExactly(new Sequenced(Outcome.DUPLICATE, 1, 0));
        assertThat(outcome(idempotent(log, 1, 7, 0, 0))).isEqualTo(Outcome.OUT_OF_ORDER_SEQUENCE);
        assertThat(sequencer().ends(log)).contains(new LogEnds(0, 6));
    }

    @Test
    void recognisesARepeatedBatchWithinOneStretch() {
        long log = newLog();
        assertThat(
                        commit(
                                idempotent(log, 2, 7, 0, 0),
                                idempotent(log, 2, 7, 0, 0),
                                idempotent(log, 2, 7, 0, 2)))
                .containsExactly(
                        new Sequenced(Outcome.APPENDED, 0, 0),
                        new Sequenced(Outcome.DUPLICATE, 0, 0),
                        new Sequenced(Outcome.APPENDED, 2, 0));
    }

    @Test
    void refusesAGapInTheSequenceAndConsumesNothing() {
        long log = newLog();
        commit(idempotent(log, 2, 7, 0, 0));
        assertThat(outcome(idempotent(log, 1, 7, 0, 5))).isEqualTo(Outcome.OUT_OF_ORDER_SEQUENCE);
        assertThat(commit(idempotent(log, 1, 7, 0, 2)))
                .containsExactly(new Sequenced(Outcome.APPENDED, 2, 0));
    }

    @Test
    void wrapsSequenceNumbersAround() {
        long log = newLog();
        commit(idempotent(log, Integer.MAX_VALUE - 2, 7, 0, 0));
        commit(idempotent(log, 2, 7, 0, Integer.MAX_VALUE - 2));
        assertThat(outcome(idempotent(log, 3, 7, 0, Integer.MAX_VALUE)))
                .isEqualTo(Outcome.APPENDED);
        assertThat(outcome(idempotent(log, 3, 7, 0, Integer.MAX_VALUE)))
                .isEqualTo(Outcome.DUPLICATE);
        assertThat(outcome(idempotent(log, 1, 7, 0, 2))).isEqualTo(Outcome.APPENDED);
        assertThat(sequencer().ends(log)).contains(new LogEnds(0, Integer.MAX_VALUE + 4L));
    }

    @Test
    void letsAProducerThatIsNotKnownBeginAtZeroOnly() {
        long log = newLog();
        // Its first batch was refused on the way: what follows must not take that one's place.
        assertThat(outcome(idempotent(log, 1, 7, 0, 5))).isEqualTo(Outcome.OUT_OF_ORDER_SEQUENCE);
        assertThat(outcome(idempotent(log, 5, 7, 0, 0))).isEqualTo(Outcome.APPENDED);
        assertThat(outcome(idempotent(log, 1, 7, 0, 5))).isEqualTo(Outcome.APPENDED);
    }

    @Test
    void commitsAnObjectWhoseFirstStretchNeverWas() {
        long log = newLog();
        stretch(plain(log, 1));
        assertThat(commit(plain(log, 2))).containsExactly(new Sequenced(Outcome.APPENDED, 0, 0));
    }

    @Test
    void lowersNoEpochAndBeginsANewOneAtZero() {
        long log = newLog();
        commit(idempotent(log, 1, 7, 1, 0));
        assertThat(outcome(idempotent(log, 1, 7, 0, 1))).isEqualTo(Outcome.STALE_PRODUCER_EPOCH);
        assertThat(outcome(idempotent(log, 1, 7, 2, 1))).isEqualTo(Outcome.OUT_OF_ORDER_SEQUENCE);
        assertThat(outcome(idempotent(log, 1, 7, 2, 0))).isEqualTo(Outcome.APPENDED);
    }

    @Test
    void keepsProducersApart() {
        long log = newLog();
        assertThat(
                        commit(
                                idempotent(log, 1, 7, 0, 0),
                                idempotent(log, 1, 8, 0, 0),
                                idempotent(log, 1, 8, 0, 1)))
                .extracting(Sequenced::baseOffset)
                .containsExactly(0L, 1L, 2L);
        assertThat(outcome(idempotent(log, 1, 7, 0, 1))).isEqualTo(Outcome.APPENDED);
    }

    @Test
    void refusesAFencedBatchOfAnotherEpoch() {
        long log = newLog();
        assertThat(outcome(fenced(log, 3))).isEqualTo(Outcome.APPENDED);
        assertThat(outcome(fenced(log, 2))).isEqualTo(Outcome.FENCED);
        assertThat(outcome(fenced(log, 4))).isEqualTo(Outcome.FENCED);
        assertThat(sequencer().ends(log)).contains(new LogEnds(0, 1));
    }

    @Test
    void keepsNeighboursOfOneLogAsOnePiece() {
        long log = newLog();
        commit(guessed(log, 2, 0), guessed(log, 3, 2));
        assertThat(sequencer().locate(log, 4, 10))
                .containsExactly(new Piece(0, 4, object, 0, 2 * BATCH_BYTES, true));
    }

    @Test
    void saysWhenAGuessWasWrong() {
        long log = newLog();
        commit(guessed(log, 2, 0));
        commit(guessed(log, 1, 7));
        assertThat(sequencer().locate(log, 0, 1_000))
                .extracting(Piece::settled)
                .containsExactly(true, false);
    }

    @Test
    void splitsAPieceAtARefusedBatch() {
        long log = newLog();
        commit(
                idempotent(log, 1, 7, 0, 0),
                idempotent(log, 1, 7, 0, 9),
                idempotent(log, 1, 7, 0, 1));
        assertThat(sequencer().locate(log, 0, 1_000))
                .extracting(Piece::position)
                .containsExactly(0L, 2L * BATCH_BYTES);
    }

    @Test
    void locatesUntilThereIsEnough() {
        long log = newLog();
        for (int i = 0; i < 5; i++) {
            commit(plain(log, 2));
        }
        assertThat(sequencer().locate(log, 3, 150))
                .extracting(Piece::baseOffset)
                .containsExactly(2L, 4L, 6L);
        assertThat(sequencer().locate(log, 10, 150)).isEmpty();
    }

    @Test
    void findsTheFirstPieceAtOrAfterATimeThoughTimesGoBackAndForth() {
        long log = newLog();
        for (long timestamp : new long[] {100, 50, 300, 200, 300, 400}) {
            commit(stamped(log, timestamp));
        }
        assertThat(locatedBase(log, 10)).isEqualTo(0);
        assertThat(locatedBase(log, 101)).isEqualTo(2);
        assertThat(locatedBase(log, 300)).isEqualTo(2);
        assertThat(locatedBase(log, 301)).isEqualTo(5);
        assertThat(sequencer().locateTimestamp(log, 0, 401)).isEmpty();
        assertThat(sequencer().locateTimestamp(log, 3, 250).orElseThrow().baseOffset())
                .isEqualTo(4);
    }

    private long locatedBase(long log, long timestamp) {
        return sequencer().locateTimestamp(log, 0, timestamp).orElseThrow().baseOffset();
    }

    private Outcome outcome(Entry entry) {
        return commit(entry).getFirst().outcome();
    }

    private List<Sequenced> commit(Entry... entries) {
        return sequencer().commit(stretch(entries));
    }

    /** Lays entries one after the other behind what was written before. */
    private Stretch stretch(Entry... entries) {
        long from = written;
        List<Entry> placed = new java.util.ArrayList<>();
        for (Entry entry : entries) {
            placed.add(
                    new Entry(
                            entry.logId(),
                            written,
                            entry.sizeBytes(),
                            entry.offsetCount(),
                            entry.maxTimestamp(),
                            entry.guess(),
                            entry.producerId(),
                            entry.producerEpoch(),
                            entry.baseSequence(),
                            entry.fence(),
                            entry.kind(),
                            entry.transactionalId(),
                            entry.commits()));
            written += entry.sizeBytes();
        }
        return new Stretch(object, from, written, placed);
    }

    private static Entry plain(long log, int count) {
        return new Entry(
                log,
                0,
                BATCH_BYTES,
                count,
                1_000,
                -1,
                -1,
                (short) -1,
                -1,
                -1,
                BatchKind.PLAIN,
                null,
                false);
    }

    private static Entry guessed(long log, int count, long guess) {
        return new Entry(
                log,
                0,
                BATCH_BYTES,
                count,
                1_000,
                guess,
                -1,
                (short) -1,
                -1,
                -1,
                BatchKind.PLAIN,
                null,
                false);
    }

    private static Entry stamped(long log, long timestamp) {
        return new Entry(
                log,
                0,
                BATCH_BYTES,
                1,
                timestamp,
                -1,
                -1,
                (short) -1,
                -1,
                -1,
                BatchKind.PLAIN,
                null,
                false);
    }

    private static Entry fenced(long log, int epoch) {
        return new Entry(
                log,
                0,
                BATCH_BYTES,
                1,
                1_000,
                -1,
                -1,
                (short) -1,
                -1,
                epoch,
                BatchKind.PLAIN,
                null,
                false);
    }

    private static Entry idempotent(long log, int count, long producer, int epoch, int sequence) {
        return new Entry(
                log,
                0,
                BATCH_BYTES,
                count,
                1_000,
                -1,
                producer,
                (short) epoch,
                sequence,
                -1,
                BatchKind.PLAIN,
                null,
                false);
    }
}
