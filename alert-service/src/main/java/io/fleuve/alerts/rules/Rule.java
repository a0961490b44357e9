package io.fleuve.alerts.rules;

import java.util.SortedSet;
import java.util.UUID;

/**
 * Alert where a region's average exceeds a threshold.
 *
 * @param regions the regions that the rule watches; empty means all
 * @param threshold degrees Celsius; an average above it breaches the rule
 * @param recoveryThreshold degrees Celsius, at most {@code threshold}; an average at or below it
 *     ends the alert. In between, an alert that fires keeps firing and none starts, so that an
 *     average that hovers at the threshold does not flap
 */
public record Rule(
        UUID id,
        String name,
        SortedSet<String> regions,
        double threshold,
        double recoveryThreshold,
        Severity severity,
        boolean enabled) {

    /** Whether the rule watches {@code region}. */
    public boolean covers(String region) {
        return regions.isEmpty() || regions.contains(region);
    }

    /** Whether {@code average}, in degrees Celsius, starts an alert. */
    public boolean isBreachedBy(double average) {
        return average > threshold;
    }

    /** Whether {@code average}, in degrees Celsius, ends an alert. */
    public boolean isRecoveredBy(double average) {
        return average <= recoveryThreshold;
    }
}
