package io.fleuve.alerts.streams;

import org.jspecify.annotations.Nullable;

/**
 * What a series of windows is kept under: aggregation, region and sensor, separated by a control
 * character, which none of them contains.
 */
record SeriesKey(String aggregation, String region, @Nullable String sensor) {

    private static final String SEPARATOR = "\u001f";

    String stored() {
        return aggregation + SEPARATOR + region + SEPARATOR + (sensor == null ? "" : sensor);
    }

    static SeriesKey of(String stored) {
        String[] parts = stored.split(SEPARATOR, -1);
        return new SeriesKey(parts[0], parts[1], parts[2].isEmpty() ? null : parts[2]);
    }
}
