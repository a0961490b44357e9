package io.fleuve.alerts.alerts;

import io.fleuve.alerts.rules.Severity;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;

/**
 * Everything that a message about a transition may say.
 *
 * @param average the average that caused it, degrees Celsius
 * @param limit the threshold that it crossed: that of the rule when firing, that of recovery when
 *     resolved
 * @param windowStart start of the window that caused it
 * @param windowEnd end of that window
 * @param reason why the alert ended; {@link EndReason#RECOVERED} is implied while it fires
 */
public record AlertAnnouncement(
        UUID alertId,
        Episode episode,
        AlertTransition transition,
        String ruleName,
        Severity severity,
        String region,
        double average,
        double limit,
        Instant windowStart,
        Instant windowEnd,
        EndReason reason) {

    private static final DateTimeFormatter DAY_AND_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm'Z'", Locale.ROOT);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm'Z'", Locale.ROOT);

    /**
     * One line for a console: {@code ALERT FIRING warning dakar average 31.4 °C above 30 °C
     * (2026-11-22T12:00Z–13:00Z)}.
     */
    public String line() {
        return "ALERT %s  %s  %s  %s  (%s)"
                .formatted(transition, severity.label(), region, finding("°C"), window("–"));
    }

    /** The subject of a mail. */
    public String subject() {
        return "%s %s: %s, %s".formatted(transition, severity.label(), region, finding("°C"));
    }

    /** The text of a mail. */
    public String text() {
        return """
                Rule "%s" is %s in %s.

                %s between %s.
                Severity: %s
                Alert: %s
                """
                .formatted(
                        ruleName,
                        transition.name().toLowerCase(Locale.ROOT),
                        region,
                        finding("°C"),
                        window(" and "),
                        severity.label(),
                        alertId);
    }

    /**
     * A short message: no degree sign and no dash, which would cost an SMS more than half of its
     * 160 characters.
     */
    public String shortText() {
        return "%s %s %s: %s (%s)"
                .formatted(transition, severity.label(), region, finding("C"), window("-"));
    }

    private String finding(String unit) {
        String value = "average %s %s".formatted(oneDecimal(average), unit);
        return switch (transition) {
            case FIRING -> "%s above %s %s".formatted(value, plain(limit), unit);
            case RESOLVED ->
                    switch (reason) {
                        case RECOVERED ->
                                "%s, not above %s %s".formatted(value, plain(limit), unit);
                        case RULE_DISABLED -> "rule disabled, last " + value;
                        case RULE_DELETED -> "rule deleted, last " + value;
                        case OUT_OF_SCOPE -> "region not watched any more, last " + value;
                    };
        };
    }

    private String window(String dash) {
        ZonedDateTime start = windowStart.atZone(ZoneOffset.UTC);
        ZonedDateTime end = windowEnd.atZone(ZoneOffset.UTC);
        // A short window within a day or over midnight needs no second date.
        boolean sameDay = Duration.between(start, end).compareTo(Duration.ofDays(1)) < 0;
        return DAY_AND_TIME.format(start) + dash + (sameDay ? TIME : DAY_AND_TIME).format(end);
    }

    private static String oneDecimal(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
