package io.fleuve.alerts.windows;

import java.util.Collections;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which readings go into windows; empty sets and bounds let everything pass.
 *
 * @param minCelsius lowest temperature that passes, before any transformation
 * @param maxCelsius highest temperature that passes, before any transformation
 */
public record ReadingFilter(
        SortedSet<String> regions,
        SortedSet<String> sensors,
        OptionalDouble minCelsius,
        OptionalDouble maxCelsius) {

    /** Lets everything pass. */
    public static final ReadingFilter NONE =
            new ReadingFilter(
                    Collections.emptySortedSet(),
                    Collections.emptySortedSet(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty());

    public ReadingFilter {
        regions = Collections.unmodifiableSortedSet(new TreeSet<>(regions));
        sensors = Collections.unmodifiableSortedSet(new TreeSet<>(sensors));
    }

    /** Whether a reading is counted. */
    public boolean passes(String region, @Nullable String sensor, double celsius) {
        return (regions.isEmpty() || regions.contains(region))
                && (sensors.isEmpty() || (sensor != null && sensors.contains(sensor)))
                && celsius >= minCelsius.orElse(Double.NEGATIVE_INFINITY)
                && celsius <= maxCelsius.orElse(Double.POSITIVE_INFINITY);
    }
}
