package io.fleuve.alerts;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Settings of windows beyond the service's own.
 *
 * @param also sizes of further tumbling windows that are always kept, of all readings, by region;
 *     whole days are days in UTC
 * @param refreshEvery how often is asked which windows rules want, and for calibrations
 * @param maxSeries most series (regions or sensors, times aggregations) that one task keeps
 * @param maxCalibrations most calibrations that are kept
 */
public record WindowsProperties(
        @Nullable List<Duration> also, Duration refreshEvery, int maxSeries, int maxCalibrations) {

    public WindowsProperties {
        also = also == null ? List.of() : List.copyOf(also);
        if (refreshEvery.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "fleuve.alerts.windows.refresh-every must be at least 1 ms, but is "
                            + refreshEvery);
        }
        if (maxCalibrations < 1) {
            throw new IllegalArgumentException(
                    "fleuve.alerts.windows.max-calibrations must be at least 1, but is "
                            + maxCalibrations);
        }
    }
}
