package io.fleuve.alerts.streams;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The pause between attempts: doubles from half a second to its bound, and ends early when the
 * service stops.
 */
final class RetryPause {

    private static final long FIRST_MS = 500;

    private final CountDownLatch stopped;
    private final long maxMs;
    private long nextMs = FIRST_MS;

    RetryPause(CountDownLatch stopped, Duration max) {
        this.stopped = stopped;
        this.maxMs = max.toMillis();
    }

    /** Waits; says whether to go on. */
    boolean await() {
        long waitMs = Math.min(nextMs, maxMs);
        nextMs = Math.min(maxMs, nextMs * 2);
        try {
            return !stopped.await(waitMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void reset() {
        nextMs = FIRST_MS;
    }
}
