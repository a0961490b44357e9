package io.fleuve.alerts.streams;

import io.fleuve.alerts.readings.RegionAverage;
import java.time.Instant;

/**
 * The running figures of one window of one region.
 *
 * @param startMs first millisecond of the window
 * @param endMs first millisecond after it
 * @param sum of the readings, degrees Celsius
 */
record WindowTotal(long startMs, long endMs, long count, double sum, double min, double max) {

    static WindowTotal first(long startMs, long endMs, double celsius) {
        return new WindowTotal(startMs, endMs, 1, celsius, celsius, celsius);
    }

    WindowTotal plus(double celsius) {
        return new WindowTotal(
                startMs,
                endMs,
                count + 1,
                sum + celsius,
                Math.min(min, celsius),
                Math.max(max, celsius));
    }

    RegionAverage toAverage(String region) {
        return new RegionAverage(
                region,
                Instant.ofEpochMilli(startMs),
                Instant.ofEpochMilli(endMs),
                count,
                sum / count,
                min,
                max);
    }
}
