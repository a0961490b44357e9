package io.fleuve.alerts.alerts;

import org.jspecify.annotations.Nullable;

/**
 * What an alert is about.
 *
 * @param sensor null for the region as a whole
 */
public record Subject(String region, @Nullable String sensor) {

    /** The region as a whole. */
    public static Subject region(String region) {
        return new Subject(region, null);
    }
}
