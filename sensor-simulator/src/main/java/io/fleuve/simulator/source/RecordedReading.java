package io.fleuve.simulator.source;

import java.time.Instant;
import java.util.OptionalDouble;

/**
 * One temperature as it was recorded.
 *
 * @param recordedAt when it was measured
 * @param region the place it was measured at; never blank
 * @param sensor which measured it
 * @param series names those readings of which there is one at a time: the region, where that has
 *     one sensor, else region and sensor
 * @param celsius the temperature in degrees Celsius; empty if the sensor gave none for that time
 */
public record RecordedReading(
        Instant recordedAt, String region, String sensor, String series, OptionalDouble celsius) {

    /** A reading of a region that has but one sensor. */
    public RecordedReading(Instant recordedAt, String region, OptionalDouble celsius) {
        this(recordedAt, region, region + "-1", region, celsius);
    }
}
