package io.fleuve.simulator.replay;

import java.time.Duration;
import java.time.Instant;

/**
 * When a reading is due: event time runs {@code speed} times as fast as the clock from the origin
 * on, but never ahead of the clock.
 *
 * @param clockOrigin the moment at which {@code eventOrigin} is due
 * @param eventOrigin an event time
 * @param speed seconds of event time for a second of the clock
 */
record Schedule(Instant clockOrigin, Instant eventOrigin, Speed speed) {

    /** When a reading observed at {@code eventTime} is to be published. */
    Instant dueAt(Instant eventTime) {
        if (speed.isUnpaced()) {
            return later(clockOrigin, eventTime);
        }
        double seconds =
                Duration.between(eventOrigin, eventTime).toMillis() / 1000.0 / speed.factor();
        return later(clockOrigin.plusNanos(Math.round(seconds * 1e9)), eventTime);
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
