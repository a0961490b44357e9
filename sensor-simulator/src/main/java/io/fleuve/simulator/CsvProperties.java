package io.fleuve.simulator;

import io.fleuve.simulator.source.CsvFormat;
import io.fleuve.simulator.source.CsvFormat.Unit;
import java.time.ZoneId;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the recorded data are written, below {@code fleuve.simulator.csv}.
 *
 * @param time the column of times
 * @param region the column of regions; blank if there is none
 * @param sensor the column of sensors; blank if there is none
 * @param value the column of temperatures
 * @param unit celsius, fahrenheit or kelvin
 * @param separator one character, or {@code tab}
 * @param timeFormat iso, epoch-seconds, epoch-millis, or a pattern such as {@code dd/MM/yyyy HH:mm}
 * @param zone of times that do not say theirs
 */
public record CsvProperties(
        @DefaultValue("observed_at") String time,
        @DefaultValue("region") String region,
        @DefaultValue("") String sensor,
        @DefaultValue("celsius") String value,
        @DefaultValue("celsius") Unit unit,
        @DefaultValue(",") String separator,
        @DefaultValue("iso") String timeFormat,
        @DefaultValue("UTC") ZoneId zone) {

    private static final String PREFIX = "fleuve.simulator.csv.";

    public CsvProperties {
        if (separator.length() != 1 && !separator.equals("tab")) {
            throw new IllegalArgumentException(
                    PREFIX + "separator must be one character or 'tab', not '" + separator + "'");
        }
    }

    CsvFormat format() {
        char character = separator.equals("tab") ? '\t' : separator.charAt(0);
        return Checks.below(
                PREFIX,
                () ->
                        new CsvFormat(
                                time, region, sensor, value, unit, character, timeFormat, zone));
    }
}
