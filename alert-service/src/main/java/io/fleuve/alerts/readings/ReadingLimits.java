package io.fleuve.alerts.readings;

import java.time.Duration;

/**
 * The bounds of what counts as a reading.
 *
 * @param minCelsius the lowest plausible temperature
 * @param maxCelsius the highest plausible temperature
 * @param maxAhead how far a reading's time may lie ahead of the wall clock; generous, because a
 *     replay that is faster than time runs ahead of it, but not endless, because one reading of the
 *     year 2999 would close every window
 * @param maxValueBytes the largest record value that is looked at
 */
public record ReadingLimits(
        double minCelsius, double maxCelsius, Duration maxAhead, int maxValueBytes) {

    public ReadingLimits {
        if (!(minCelsius < maxCelsius)) {
            throw new IllegalArgumentException(
                    "fleuve.alerts.readings.min-celsius (%s) must be below max-celsius (%s)"
                            .formatted(minCelsius, maxCelsius));
        }
        if (maxAhead.isNegative()) {
            throw new IllegalArgumentException(
                    "fleuve.alerts.readings.max-ahead must not be negative, but is " + maxAhead);
        }
        if (maxValueBytes < 64) {
            throw new IllegalArgumentException(
                    "fleuve.alerts.readings.max-value-bytes must be at least 64, but is "
                            + maxValueBytes);
        }
    }
}
