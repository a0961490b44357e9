package io.fleuve.alerts.readings;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One measured temperature.
 *
 * @param region the region that the sensor stands in, never blank
 * @param sensor the sensor's name, absent if its publisher gave none
 * @param celsius degrees Celsius, finite
 * @param observedAt when the temperature was measured: event time, the only time that windows know
 */
public record TemperatureReading(
        String region, @Nullable String sensor, double celsius, Instant observedAt) {

    /** The region of readings that name none: bare integers of the simplest producers. */
    public static final String DEFAULT_REGION = "default";
}
