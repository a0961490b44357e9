package io.fleuve.alerts.windows;

import java.util.Collections;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeSet;

/** Which readings go into windows; empty sets let everything pass. */
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
}
