package io.fleuve.alerts.streams;

import java.time.Duration;

/**
 * How event time is cut into windows and when they close.
 *
 * @param size length of the tumbling windows, aligned to the epoch
 * @param grace how long, in the event time of its region, a window waits for readings out of order
 * @param idleAfter how long, by the wall clock, a region must have been silent before the wall
 *     clock may close its windows
 */
public record Windowing(Duration size, Duration grace, Duration idleAfter) {

    public Windowing {
        if (size.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "fleuve.alerts.window must be at least 1 ms, but is " + size);
        }
        if (grace.isNegative()) {
            throw new IllegalArgumentException(
                    "fleuve.alerts.grace must not be negative, but is " + grace);
        }
        if (idleAfter.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "fleuve.alerts.idle-after must be at least 1 ms, but is " + idleAfter);
        }
    }

    long startOf(long timeMs) {
        return Math.floorDiv(timeMs, size.toMillis()) * size.toMillis();
    }

    /**
     * The end of the last window that is over once the region's event time has come to {@code
     * streamTimeMs}.
     */
    long closedThrough(long streamTimeMs) {
        return startOf(streamTimeMs - grace.toMillis());
    }
}
