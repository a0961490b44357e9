package io.fleuve.alerts.readings;

import java.time.Instant;

/**
 * The final figures of one region over one window, as {@code temperature-averages} carries them.
 *
 * @param windowStart first instant that belongs to the window
 * @param windowEnd first instant that does not
 * @param count readings in the window, at least one
 * @param average arithmetic mean, degrees Celsius
 * @param min lowest reading, degrees Celsius
 * @param max highest reading, degrees Celsius
 */
public record RegionAverage(
        String region,
        Instant windowStart,
        Instant windowEnd,
        long count,
        double average,
        double min,
        double max) {

    /** What databases can keep; nothing that a sensor observed lies outside. */
    private static final Instant EARLIEST = Instant.EPOCH;

    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    public RegionAverage {
        if (!RegionName.isUsable(region)) {
            throw new IllegalArgumentException("an average needs the name of a region");
        }
        if (windowStart.isBefore(EARLIEST) || windowEnd.isAfter(LATEST)) {
            throw new IllegalArgumentException(
                    "a window must lie between %s and %s".formatted(EARLIEST, LATEST));
        }
        if (!windowStart.isBefore(windowEnd)) {
            throw new IllegalArgumentException(
                    "a window must start before it ends: " + windowStart + " to " + windowEnd);
        }
        if (count < 1) {
            throw new IllegalArgumentException("an average needs a reading, count is " + count);
        }
        if (!Double.isFinite(average) || !Double.isFinite(min) || !Double.isFinite(max)) {
            throw new IllegalArgumentException("the figures of an average must be finite");
        }
    }
}
