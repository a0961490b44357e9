package io.fleuve.simulator.replay;

import io.fleuve.simulator.source.ReadingSource;
import io.fleuve.simulator.source.RecordedReading;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * So many hours of the regions {@code a} and {@code b}; every fifth reading of {@code b} is blank.
 */
record HourlyReadings(String name, List<RecordedReading> readings) implements ReadingSource {

    static final Instant FIRST = Instant.parse("2024-01-01T00:00:00Z");

    static HourlyReadings ofHours(int hours) {
        List<RecordedReading> readings = new ArrayList<>();
        for (int hour = 0; hour < hours; hour++) {
            Instant time = FIRST.plus(Duration.ofHours(hour));
            readings.add(new RecordedReading(time, "a", OptionalDouble.of(hour)));
            readings.add(
                    new RecordedReading(
                            time,
                            "b",
                            hour % 5 == 4 ? OptionalDouble.empty() : OptionalDouble.of(-hour)));
        }
        return new HourlyReadings("hourly", List.copyOf(readings));
    }

    Instant last() {
        return readings.getLast().recordedAt();
    }
}
