package io.fleuve.alerts.rules;

import io.fleuve.alerts.windows.Aggregation;
import java.util.SortedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Alert where a figure of a window breaks a condition.
 *
 * @param aggregation the windows that it looks at
 * @param measure the figure of the window
 * @param labels at will, for silences and inhibition; {@code rule}, {@code severity}, {@code
 *     region} and {@code sensor} are set by the alert itself
 */
public record Rule(
        UUID id,
        String name,
        Scope scope,
        Aggregation aggregation,
        Measure measure,
        Condition condition,
        Timing timing,
        Severity severity,
        SortedMap<String, String> labels,
        boolean enabled) {

    /** Whether the rule watches figures of the region, or of the sensor if one is named. */
    public boolean covers(String region, @Nullable String sensor) {
        return scope.covers(region, sensor);
    }

    /**
     * Whether alerts of this rule can go on as alerts of {@code other}: the same figure of the same
     * windows, compared in the same way, though perhaps with another limit.
     */
    public boolean asksLike(Rule other) {
        return aggregation.equals(other.aggregation)
                && measure == other.measure
                && condition.getClass() == other.condition.getClass();
    }
}
