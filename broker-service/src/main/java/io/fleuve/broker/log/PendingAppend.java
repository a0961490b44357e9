package io.fleuve.broker.log;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An append on its way through the pipeline. */
final class PendingAppend {

    private static final Heads.Guess NONE = new Heads.Guess(-1, 0);

    private final Append append;
    private final CompletableFuture<AppendResult> result = new CompletableFuture<>();
    private Heads.Guess guess = NONE;
    private long appendTimeMs = -1;
    private final long sinceNanos = System.nanoTime();

    private final @Nullable TransactionEnd end;
    private final BatchKind kind;

    PendingAppend(Append append, @Nullable TransactionEnd end) {
        this.append = append;
        this.end = end;
        this.kind = BatchKind.of(append, end != null);
    }

    /** The end of the transaction that this is a marker of. */
    @Nullable TransactionEnd end() {
        return end;
    }

    /** Whether both must be in the same commit. */
    boolean belongsWith(PendingAppend other) {
        return end != null && end == other.end;
    }

    /** Writes into the batch what must be there before it is durable. */
    void prepare(Heads heads, long nowMs) {
        BatchHeader.setLeaderEpoch(bytes(), at(), append.leaderEpoch());
        if (append.stampAppendTime()) {
            appendTimeMs = nowMs;
            BatchHeader.stampAppendTime(bytes(), at(), nowMs);
        }
        guess = heads.guess(append.logId(), offsetCount());
        BatchHeader.setBaseOffset(bytes(), at(), guess.baseOffset());
    }

    /** Gives the guessed offsets back, if there were any. */
    void withdraw(Heads heads) {
        if (guess != NONE) {
            heads.withdraw(append.logId(), offsetCount());
        }
    }

    Sequencer.Entry entry(long position) {
        return new Sequencer.Entry(
                append.logId(),
                position,
                sizeBytes(),
                offsetCount(),
                BatchHeader.maxTimestamp(bytes(), at()),
                guess.baseOffset(),
                producerId(),
                BatchHeader.producerEpoch(bytes(), at()),
                // A coordinator numbers nothing: it is alone, and knows what it has written.
                append.fenced() ? -1 : BatchHeader.baseSequence(bytes(), at()),
                append.fenced() ? append.leaderEpoch() : -1,
                kind,
                append.transactionalId(),
                kind.compareTo(BatchKind.MARKER) >= 0 && BatchHeader.markerCommits(bytes(), at()));
    }

    /** The offset is known now: puts it in place where the guess was wrong. */
    void settle(long baseOffset) {
        if (guess.baseOffset() != baseOffset) {
            BatchHeader.setBaseOffset(bytes(), at(), baseOffset);
        }
    }

    CompletableFuture<AppendResult> result() {
        return result;
    }

    /** When it arrived, by {@link System#nanoTime()}. */
    long sinceNanos() {
        return sinceNanos;
    }

    Heads.Guess guess() {
        return guess;
    }

    long appendTimeMs() {
        return appendTimeMs;
    }

    ByteBuffer bytes() {
        return append.batch();
    }

    long logId() {
        return append.logId();
    }

    long producerId() {
        return BatchHeader.producerId(bytes(), at());
    }

    int offsetCount() {
        return BatchHeader.offsetCount(bytes(), at());
    }

    int sizeBytes() {
        return bytes().remaining();
    }

    private int at() {
        return bytes().position();
    }
}
