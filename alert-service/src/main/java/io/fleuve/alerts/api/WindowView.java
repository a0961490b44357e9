package io.fleuve.alerts.api;

import io.fleuve.alerts.windows.WindowResult;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A window as it is shown; figures that are not defined are null. */
record WindowView(
        String aggregation,
        String region,
        @Nullable String sensor,
        Instant windowStart,
        Instant windowEnd,
        long count,
        double average,
        double min,
        double max,
        @Nullable Double standardDeviation,
        @Nullable Double changePerHour,
        @Nullable Double p50,
        @Nullable Double p90,
        @Nullable Double p95,
        @Nullable Double p99,
        int revision) {

    static WindowView of(WindowResult r) {
        return new WindowView(
                r.aggregation(),
                r.region(),
                r.sensor(),
                r.windowStart(),
                r.windowEnd(),
                r.count(),
                r.average(),
                r.min(),
                r.max(),
                defined(r.standardDeviation()),
                defined(r.changePerHour()),
                defined(r.p50()),
                defined(r.p90()),
                defined(r.p95()),
                defined(r.p99()),
                r.revision());
    }

    private static @Nullable Double defined(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
