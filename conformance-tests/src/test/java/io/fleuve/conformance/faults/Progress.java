package io.fleuve.conformance.faults;

import java.util.Arrays;

/** When each partition has last acknowledged something, and the longest time without. */
public final class Progress {

    private final long[] last;
    private long longest;

    /** Begins now. */
    public Progress(int partitions) {
        last = new long[partitions];
        Arrays.fill(last, System.nanoTime());
    }

    /** A partition has acknowledged something now. */
    public synchronized void acknowledged(int partition) {
        long now = System.nanoTime();
        longest = Math.max(longest, now - last[partition]);
        last[partition] = now;
    }

    /** Forgets the longest time until now. */
    public synchronized void reset() {
        longest = 0;
    }

    /** The longest time in which a partition has acknowledged nothing, since the last reset. */
    public synchronized long longestNanos() {
        return longest;
    }

    /** Whether all partitions have acknowledged something since then. */
    public synchronized boolean allSince(long nanoTime) {
        return Arrays.stream(last).allMatch(time -> time - nanoTime > 0);
    }
}
