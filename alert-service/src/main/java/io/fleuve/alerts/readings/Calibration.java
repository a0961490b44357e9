package io.fleuve.alerts.readings;

import java.time.Instant;

/**
 * What a sensor's readings are corrected by: {@code gain × celsius + offset}.
 *
 * @param validFrom from when on, in event time, until the next calibration of that sensor
 */
public record Calibration(String sensor, double offset, double gain, Instant validFrom) {

    public Calibration {
        if (!RegionName.isUsable(sensor)) {
            throw new IllegalArgumentException(
                    "sensor must have 1 to %d characters and no control characters"
                            .formatted(RegionName.MAX_LENGTH));
        }
        if (!Double.isFinite(offset) || Math.abs(offset) > 1_000) {
            throw new IllegalArgumentException("offset must be between -1000 and 1000 °C");
        }
        if (!(gain > 0 && gain <= 1_000)) {
            throw new IllegalArgumentException("gain must be above 0 and at most 1000");
        }
    }
}
