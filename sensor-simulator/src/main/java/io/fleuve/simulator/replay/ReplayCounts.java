package io.fleuve.simulator.replay;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What became of readings since the process started. Counted from several threads. */
final class ReplayCounts {

    private static final int RATE_SECONDS = 10;

    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicReference<@Nullable Instant> eventTime = new AtomicReference<>();
    private final long[] sentInSecond = new long[RATE_SECONDS + 1];
    private long rateSecond;

    void sent(Instant observedAt, Instant now) {
        sent.incrementAndGet();
        eventTime.set(observedAt);
        synchronized (sentInSecond) {
            forgetUpTo(now.getEpochSecond());
            sentInSecond[slot(rateSecond)]++;
        }
    }

    void skipped() {
        skipped.incrementAndGet();
    }

    void failed() {
        failed.incrementAndGet();
    }

    long sent() {
        return sent.get();
    }

    long skippedCount() {
        return skipped.get();
    }

    long failedCount() {
        return failed.get();
    }

    @Nullable Instant eventTime() {
        return eventTime.get();
    }

    /** Readings acknowledged a second, over the last ten seconds that are complete. */
    double perSecond(Instant now) {
        synchronized (sentInSecond) {
            forgetUpTo(now.getEpochSecond());
            long sum = 0;
            for (long second = rateSecond - RATE_SECONDS; second < rateSecond; second++) {
                sum += sentInSecond[slot(second)];
            }
            return (double) sum / RATE_SECONDS;
        }
    }

    private void forgetUpTo(long second) {
        if (second <= rateSecond) {
            return;
        }
        for (long s = Math.max(rateSecond + 1, second - RATE_SECONDS); s <= second; s++) {
            sentInSecond[slot(s)] = 0;
        }
        rateSecond = second;
    }

    private static int slot(long second) {
        return (int) Math.floorMod(second, (long) (RATE_SECONDS + 1));
    }
}
