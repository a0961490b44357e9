package io.fleuve.alerts.windows;

import io.fleuve.alerts.readings.RegionName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one window, as {@code temperature-averages} carries them. Figures that are not
 * defined, or not known, are {@code NaN}.
 *
 * @param aggregation {@value Aggregation#DEFAULT_ID} or {@link Aggregation#id()}
 * @param sensor the sensor, if the aggregation groups by sensors and the readings named one
 * @param windowStart first instant that belongs to the window
 * @param windowEnd first instant that does not
 * @param count readings in the window, at least one
 * @param standardDeviation of the readings in the window, all of them being known (divided by n)
 * @param changePerHour last reading minus first, by observation time, an hour; not defined for
 *     readings of one instant
 * @param p50 percentiles: exact (nearest rank) up to {@value WindowFigures#EXACT_VALUES} readings,
 *     then within 0.5 % of the value at that rank
 * @param revision 0 for the final figures, n for the n-th revision by late readings
 */
public record WindowResult(
        String aggregation,
        String region,
        @Nullable String sensor,
        Instant windowStart,
        Instant windowEnd,
        long count,
        double average,
        double min,
        double max,
        double standardDeviation,
        double changePerHour,
        double p50,
        double p90,
        double p95,
        double p99,
        int revision) {

    /** What databases can keep; nothing that a sensor observed lies outside. */
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    public WindowResult {
        if (!RegionName.isUsable(region)) {
            throw new IllegalArgumentException("a window needs the name of a region");
        }
        if (!windowStart.isBefore(windowEnd)) {
            throw new IllegalArgumentException(
                    "a window must start before it ends: " + windowStart + " to " + windowEnd);
        }
        if (windowEnd.isBefore(Instant.EPOCH) || windowEnd.isAfter(LATEST)) {
            throw new IllegalArgumentException(
                    "a window must end between %s and %s".formatted(Instant.EPOCH, LATEST));
        }
        if (count < 1) {
            throw new IllegalArgumentException("a window needs a reading, count is " + count);
        }
        if (!Double.isFinite(average) || !Double.isFinite(min) || !Double.isFinite(max)) {
            throw new IllegalArgumentException("average, min and max must be finite");
        }
    }
}
