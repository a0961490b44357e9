package io.fleuve.broker.log;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What this broker knows of the ends of logs: where they ended when it last heard, and where they
 * will probably end when what it is writing now is committed.
 */
final class Heads {

    private final Map<Long, Head> heads = new ConcurrentHashMap<>();

    /** The ends of a log, if this broker has heard of it. They may be behind, never ahead. */
    Optional<Known> known(long logId) {
        Head head = heads.get(logId);
        return head == null ? Optional.empty() : Optional.ofNullable(head.known);
    }

    /** Takes note of ends; offsets never go back. Returns whether there is more to read. */
    boolean learn(long logId, LogEnds ends) {
        return heads.computeIfAbsent(logId, id -> new Head()).learn(ends);
    }

    /** Guesses the base offset of a batch that is about to be written, and takes its offsets. */
    Guess guess(long logId, int offsetCount) {
        return heads.computeIfAbsent(logId, id -> new Head()).guess(offsetCount);
    }

    /**
     * Corrects later guesses by what a commit has shown: where the log goes on after a guessed
     * batch.
     */
    void correct(long logId, Guess guess, int offsetCount, long actualNext) {
        Head head = heads.get(logId);
        if (head != null) {
            head.correct(guess, offsetCount, actualNext);
        }
    }

    /**
     * Takes back the offsets of a guessed batch that was not appended: what was guessed after it is
     * too high.
     */
    void withdraw(long logId, int offsetCount) {
        Head head = heads.get(logId);
        if (head != null) {
            head.shift(-offsetCount);
        }
    }

    void forget(long logId) {
        heads.remove(logId);
    }

    /**
     * A guessed base offset.
     *
     * @param corrections the sum of all corrections that it knew of
     */
    record Guess(long baseOffset, long corrections) {}

    /**
     * Ends that were heard of.
     *
     * @param atNanos when, by {@link System#nanoTime()}
     */
    record Known(LogEnds ends, long atNanos) {}

    private static final class Head {

        private volatile @Nullable Known known;
        private long next;
        private long corrections;

        synchronized boolean learn(LogEnds ends) {
            Known before = known;
            LogEnds latest = before == null ? ends : before.ends.latest(ends);
            known = new Known(latest, System.nanoTime());
            return before == null
                    || latest.highWatermark() > before.ends.highWatermark()
                    || latest.lastStableOffset() > before.ends.lastStableOffset();
        }

        synchronized Guess guess(int offsetCount) {
            Guess guess = new Guess(next, corrections);
            next += offsetCount;
            return guess;
        }

        synchronized void correct(Guess guess, int offsetCount, long actualNext) {
            // Batches that were guessed since then are off by the same distance: count it once.
            shift(
                    actualNext
                            - (guess.baseOffset + (corrections - guess.corrections) + offsetCount));
        }

        synchronized void shift(long distance) {
            corrections += distance;
            next += distance;
        }
    }
}
