package io.fleuve.alerts.windows;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The figures of one window. */
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
        int revision) {}
