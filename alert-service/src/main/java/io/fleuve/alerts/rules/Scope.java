package io.fleuve.alerts.rules;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a rule watches.
 *
 * @param regions empty means all
 * @param sensors empty means all
 */
public record Scope(SortedSet<String> regions, SortedSet<String> sensors) {

    /** Everything. */
    public static final Scope ALL =
            new Scope(Collections.emptySortedSet(), Collections.emptySortedSet());

    public Scope {
        regions = Collections.unmodifiableSortedSet(new TreeSet<>(regions));
        sensors = Collections.unmodifiableSortedSet(new TreeSet<>(sensors));
    }

    /**
     * Whether figures of {@code region} are watched.
     *
     * @param sensor null for figures of the whole region, which hold only the sensors in scope
     */
    public boolean covers(String region, @Nullable String sensor) {
        return (regions.isEmpty() || regions.contains(region))
                && (sensor == null || sensors.isEmpty() || sensors.contains(sensor));
    }
}
