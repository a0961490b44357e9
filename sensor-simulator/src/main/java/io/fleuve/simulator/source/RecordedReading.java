package io.fleuve.simulator.source;

import java.time.Instant;
import java.util.OptionalDouble;

/**
 * One temperature as it was recorded.
 *
 * @param recordedAt when it was measured
 * @param region the place it was measured at; never blank
 * @param celsius the temperature in degrees Celsius; empty if the sensor gave none for that time
 */
public record RecordedReading(Instant recordedAt, String region, OptionalDouble celsius) {}
