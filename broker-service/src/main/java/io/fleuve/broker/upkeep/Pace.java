package io.fleuve.broker.upkeep;

import java.util.concurrent.TimeUnit;

/** Keeps the background from taking the disk: so many bytes a second, and no more. */
final class Pace {

    private final long bytesPerSecond;
    private long freeAtNanos = System.nanoTime();

    Pace(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Waits until so many bytes may be written. */
    void take(long bytes) throws InterruptedException {
        long now = System.nanoTime();
        if (freeAtNanos - now > 0) {
            TimeUnit.NANOSECONDS.sleep(freeAtNanos - now);
        } else {
            freeAtNanos = now;
        }
        freeAtNanos += (long) ((double) bytes / bytesPerSecond * TimeUnit.SECONDS.toNanos(1));
    }
}
