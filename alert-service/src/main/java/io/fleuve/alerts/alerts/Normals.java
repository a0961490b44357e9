package io.fleuve.alerts.alerts;

import java.time.Instant;
import java.time.Month;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.OptionalDouble;

/** What is usual in a region in a month and hour of the day (UTC). */
@FunctionalInterface
public interface Normals {

    /** Nothing is known. */
    Normals UNKNOWN = (_, _, _) -> OptionalDouble.empty();

    /** The usual temperature in degrees Celsius, if it is known. */
    OptionalDouble at(String region, Month month, int hour);

    /**
     * What is usual over a window: the mean of the hours that it touches. Empty if one of them is
     * unknown.
     */
    default OptionalDouble over(String region, Instant start, Instant end) {
        double sum = 0;
        int hours = 0;
        ZonedDateTime hour = start.atZone(ZoneOffset.UTC).truncatedTo(ChronoUnit.HOURS);
        while (hour.toInstant().isBefore(end)) {
            OptionalDouble normal = at(region, hour.getMonth(), hour.getHour());
            if (normal.isEmpty()) {
                return OptionalDouble.empty();
            }
            sum += normal.getAsDouble();
            hours++;
            hour = hour.plusHours(1);
        }
        return hours == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / hours);
    }
}
