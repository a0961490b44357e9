package io.fleuve.simulator.source;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.function.Function;

/**
 * How a CSV file is to be read: by the names of its columns. The settings are those below {@code
 * fleuve.simulator.csv}, which messages name.
 *
 * @param time the column of times
 * @param region the column of regions; blank if there is none, then the sensor is its own region
 * @param sensor the column of sensors; blank if there is none, then a region has one sensor
 * @param value the column of temperatures
 * @param unit what they are measured in
 * @param separator one character between fields
 * @param timeFormat {@code iso}, {@code epoch-seconds}, {@code epoch-millis}, or a pattern of
 *     {@link DateTimeFormatter} such as {@code dd/MM/yyyy HH:mm}
 * @param zone the time zone of times that do not say theirs
 */
public record CsvFormat(
        String time,
        String region,
        String sensor,
        String value,
        Unit unit,
        char separator,
        String timeFormat,
        ZoneId zone) {

    /** The format of the shipped data. */
    public static final CsvFormat SHIPPED =
            new CsvFormat(
                    "observed_at",
                    "region",
                    "",
                    "celsius",
                    Unit.CELSIUS,
                    ',',
                    "iso",
                    ZoneId.of("UTC"));

    private static final DateTimeFormatter ISO =
            new DateTimeFormatterBuilder()
                    .append(DateTimeFormatter.ISO_LOCAL_DATE)
                    .appendPattern("['T'][' ']")
                    .append(DateTimeFormatter.ISO_LOCAL_TIME)
                    .appendPattern("[' '][XXX][XX][X]")
                    .toFormatter(Locale.ROOT);

    /** What temperatures are measured in. */
    public enum Unit {
        CELSIUS,
        FAHRENHEIT,
        KELVIN;

        /** Degrees Celsius; what had to be converted is rounded to hundredths. */
        double toCelsius(double value) {
            return switch (this) {
                case CELSIUS -> value;
                case FAHRENHEIT -> hundredths((value - 32) * 5 / 9);
                case KELVIN -> hundredths(value - 273.15);
            };
        }

        private static double hundredths(double celsius) {
            return Math.round(celsius * 100) / 100.0;
        }
    }

    public CsvFormat {
        if (time.isBlank()) {
            throw new IllegalArgumentException("time must name the column of times");
        }
        if (value.isBlank()) {
            throw new IllegalArgumentException("value must name the column of temperatures");
        }
        if (region.isBlank() && sensor.isBlank()) {
            throw new IllegalArgumentException(
                    "region or sensor must name the column of regions or of sensors");
        }
        if (separator == '"' || separator == '\n' || separator == '\r') {
            throw new IllegalArgumentException(
                    "separator must not be a quote or the end of a line");
        }
        parser(timeFormat, zone);
    }

    /**
     * Reads times of this format.
     *
     * <p>What it gives has milliseconds, as records of Kafka have; it throws {@link
     * DateTimeException} or {@link NumberFormatException} for what is no time.
     */
    Function<String, Instant> times() {
        return parser(timeFormat, zone).andThen(time -> time.truncatedTo(ChronoUnit.MILLIS));
    }

    /** What a time is to look like, for messages. */
    String timeExample() {
        return switch (timeFormat) {
            case "iso" -> "a time such as 2024-01-01T00:00:00Z";
            case "epoch-seconds" -> "seconds since 1970";
            case "epoch-millis" -> "milliseconds since 1970";
            default -> "a time of the form " + timeFormat;
        };
    }

    private static Function<String, Instant> parser(String format, ZoneId zone) {
        return switch (format) {
            case "iso" ->
                    text ->
                            text.endsWith("Z") && text.indexOf('T') > 0
                                    ? Instant.parse(text)
                                    : parse(ISO, text, zone);
            case "epoch-seconds" ->
                    text -> Instant.ofEpochMilli(Math.round(Double.parseDouble(text) * 1_000));
            case "epoch-millis" -> text -> Instant.ofEpochMilli(Long.parseLong(text));
            default -> {
                DateTimeFormatter pattern = pattern(format);
                yield text -> parse(pattern, text, zone);
            }
        };
    }

    private static DateTimeFormatter pattern(String format) {
        try {
            return DateTimeFormatter.ofPattern(format, Locale.ROOT);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "time-format must be iso, epoch-seconds, epoch-millis or a pattern such as"
                            + " 'dd/MM/yyyy HH:mm', not '"
                            + format
                            + "'",
                    e);
        }
    }

    private static Instant parse(DateTimeFormatter format, String text, ZoneId zone) {
        TemporalAccessor parsed =
                format.parseBest(text, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
        return switch (parsed) {
            case OffsetDateTime time -> time.toInstant();
            case LocalDateTime time -> time.atZone(zone).toInstant();
            case LocalDate day -> day.atStartOfDay(zone).toInstant();
            default -> throw new DateTimeException("no time: " + parsed);
        };
    }
}
