package io.fleuve.gateway.idempotency;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which claim of each key counts: a function of one partition of the claims log, the same in every
 * gateway that has read as far.
 *
 * <p>A claim names the claim that it supersedes. It counts if that is the one that counts at this
 * point of the log: so of several that supersede the same, the first one does, whenever the others
 * arrive. No clock is asked but the brokers' own, as written in the log, and that only to forget a
 * key long after its expiry. Not safe for use by several threads.
 */
final class ClaimLedger {

    /** What a claim supersedes when none is known. */
    static final long NOTHING = -1;

    private static final long UNKNOWN = -1;
    // Brokers' clocks may differ a little when a partition moves.
    private static final long CLOCK_SLACK_MS = 60_000;

    private final long forgetAfterMs;
    // In the order in which they came to count, which is that of their timestamps.
    private final LinkedHashMap<Digest, Entry> entries = new LinkedHashMap<>();
    // Outcomes that were read before their claims.
    private final NavigableMap<Long, Long> early = new TreeMap<>();
    private long nextOffset;
    private long logTimeMs;

    /**
     * @param forgetAfterMs how much older than the newest claim one may be before a claim that
     *     knows nothing of it may take its place; more than the expiry of keys
     */
    ClaimLedger(long forgetAfterMs) {
        this.forgetAfterMs = forgetAfterMs;
    }

    private record Entry(Claim claim, long outcomeOffset) {
        boolean is(long offset) {
            return claim.offset() == offset;
        }
    }

    /** Applies a claim of {@code key}, read from the log in order. */
    void claim(Digest key, Claim claim, long supersedes) {
        if (!isNews(claim.offset(), claim.timestampMs())) {
            return;
        }
        Entry current = entries.get(key);
        boolean counts =
                current == null
                        || current.is(supersedes)
                        || (supersedes == NOTHING
                                && claim.timestampMs() - current.claim().timestampMs()
                                        > forgetAfterMs);
        Long outcome = early.remove(claim.offset());
        if (counts) {
            entries.remove(key);
            entries.put(key, new Entry(claim, outcome == null ? UNKNOWN : outcome));
        }
    }

    /**
     * Applies the word of a claim's own author that nothing came of it and nothing will: at {@code
     * offset} of the log, about the claim at {@code released}.
     */
    void release(Digest key, long offset, long timestampMs, long released) {
        if (!isNews(offset, timestampMs)) {
            return;
        }
        Entry current = entries.get(key);
        if (current != null && current.is(released)) {
            entries.remove(key);
        }
    }

    /** Passes over a record of the log that says nothing. */
    void skip(long offset, long timestampMs) {
        isNews(offset, timestampMs);
    }

    /** Applies a committed outcome; it may be read before its claim is. */
    void outcome(Digest key, long claimOffset, long outcomeOffset) {
        Entry current = entries.get(key);
        if (current != null && current.is(claimOffset)) {
            entries.replace(key, new Entry(current.claim(), outcomeOffset));
        } else if (claimOffset >= nextOffset) {
            early.put(claimOffset, outcomeOffset);
        }
    }

    Standing standing(Digest key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return new Standing.Free();
        }
        return entry.outcomeOffset() == UNKNOWN
                ? new Standing.InFlight(entry.claim())
                : new Standing.Done(entry.claim(), entry.outcomeOffset());
    }

    int size() {
        return entries.size() + early.size();
    }

    private boolean isNews(long offset, long timestampMs) {
        if (offset < nextOffset) {
            // Read again after a failure.
            return false;
        }
        nextOffset = offset + 1;
        logTimeMs = Math.max(logTimeMs, timestampMs);
        forget();
        return true;
    }

    // By the time of the log, so that all who read it forget alike.
    private void forget() {
        Iterator<Entry> oldest = entries.values().iterator();
        @Nullable Entry entry = oldest.hasNext() ? oldest.next() : null;
        while (entry != null
                && logTimeMs - entry.claim().timestampMs() > forgetAfterMs + CLOCK_SLACK_MS) {
            oldest.remove();
            entry = oldest.hasNext() ? oldest.next() : null;
        }
        // Claims that the log has lost to retention will never be read.
        early.headMap(nextOffset - 1, false).clear();
    }
}
