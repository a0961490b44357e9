package io.fleuve.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class IntakeQueueTest {

    private static final short EPOCH = 3;
    private static final int FLUSH_BYTES = 1_000_000;

    private final IntakeQueue queue = new IntakeQueue(FLUSH_BYTES);

    @Test
    void aSecondEndOfAProducersTransactionWaitsForTheNextFlush() throws InterruptedException {
        // Its time is over when only one log is in it, and its client commits it with two.
        List<PendingAppend> abort = markers(end(7, false, 1));
        List<PendingAppend> commit = markers(end(7, true, 1, 2));
        List<PendingAppend> other = markers(end(8, true, 1));
        queue.offer(abort);
        queue.offer(other);
        queue.offer(commit);

        assertThat(queue.take(FLUSH_BYTES, 0)).containsExactly(abort.get(0), other.get(0));
        assertThat(queue.take(FLUSH_BYTES, 0)).containsExactlyElementsOf(commit);
    }

    @Test
    void markersOfATransactionAreInOneFlushHoweverSmallItIs() throws InterruptedException {
        List<PendingAppend> markers = markers(end(7, true, 1, 2, 3));
        PendingAppend plain = new PendingAppend(append(4), null);
        queue.offer(markers);
        queue.offer(plain);

        assertThat(queue.take(1, 0)).containsExactlyElementsOf(markers);
        assertThat(queue.take(1, 0)).containsExactly(plain);
    }

    private static List<PendingAppend> markers(TransactionEnd end) {
        return end.markers().stream().map(marker -> new PendingAppend(marker, end)).toList();
    }

    private static TransactionEnd end(long producerId, boolean commit, long... logs) {
        List<Append> markers = LongStream.of(logs).mapToObj(IntakeQueueTest::append).toList();
        short next = EPOCH + 1;
        return new TransactionEnd(
                producerId, EPOCH, commit, producerId, next, next, markers, List.of());
    }

    private static Append append(long logId) {
        return new Append(logId, TestBatches.batch("value"), 0, false, false);
    }
}
