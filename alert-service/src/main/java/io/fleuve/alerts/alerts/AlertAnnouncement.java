package io.fleuve.alerts.alerts;

import io.fleuve.alerts.rules.Severity;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.SortedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a message about a transition may say.
 *
 * @param sensor the sensor that it concerns; null if the whole region
 * @param finding what was found; its limit is that of recovery when resolved
 * @param labels the rule's
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
        @Nullable String sensor,
        SortedMap<String, String> labels,
        Finding finding,
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
                .formatted(transition, severity.label(), place(), finding(false), window("–"));
    }

    /** The subject of a mail. */
    public String subject() {
        return "%s %s: %s, %s".formatted(transition, severity.label(), place(), finding(false));
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
                        place(),
                        finding(false),
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
                .formatted(transition, severity.label(), place(), finding(true), window("-"));
    }

    /** The figure that was found. */
    public double value() {
        return finding.value();
    }

    /** The figure that it was compared with. */
    public double limit() {
        return finding.limit();
    }

    /** What the alert is about: the region, or the sensor and its region. */
    public String place() {
        return sensor == null ? region : sensor + " in " + region;
    }

    private String finding(boolean plainText) {
        return switch (transition) {
            case FIRING, NO_DATA -> breach(plainText);
            case REPEATED -> "still " + breach(plainText);
            case ACKNOWLEDGED -> "acknowledged, " + breach(plainText);
            case ESCALATED -> "not acknowledged, " + breach(plainText);
            case RESOLVED ->
                    switch (reason) {
                        case RECOVERED -> recovery(plainText);
                        case RULE_DISABLED -> "rule disabled, last " + value(plainText);
                        case RULE_DELETED -> "rule deleted, last " + value(plainText);
                        case RULE_CHANGED -> "rule changed, last " + value(plainText);
                        case OUT_OF_SCOPE ->
                                "region not watched any more, last " + value(plainText);
                    };
        };
    }

    private String breach(boolean plainText) {
        return switch (finding) {
            case Finding.Above _ -> "%s above %s".formatted(value(plainText), limit(plainText));
            case Finding.Below _ -> "%s below %s".formatted(value(plainText), limit(plainText));
            case Finding.Changed changed ->
                    "%s within %s".formatted(value(plainText), words(changed.within()));
            case Finding.Deviates deviates ->
                    "%s from the normal %s"
                            .formatted(value(plainText), figure(deviates.normal(), plainText));
            case Finding.Silent silent ->
                    "no data since "
                            + DAY_AND_TIME.format(silent.lastHeardAt().atZone(ZoneOffset.UTC));
        };
    }

    private String recovery(boolean plainText) {
        return switch (finding) {
            case Finding.Above _ ->
                    "%s, not above %s".formatted(value(plainText), limit(plainText));
            case Finding.Below _ ->
                    "%s, not below %s".formatted(value(plainText), limit(plainText));
            case Finding.Changed _, Finding.Deviates _ ->
                    "%s, not beyond %s".formatted(value(plainText), limit(plainText));
            case Finding.Silent _ -> "data again";
        };
    }

    private String value(boolean plainText) {
        return finding.name() + " " + figure(finding.value(), plainText);
    }

    private String figure(double value, boolean plainText) {
        return oneDecimal(value) + " " + unit(plainText);
    }

    private String limit(boolean plainText) {
        return plain(finding.limit()) + " " + unit(plainText);
    }

    private String unit(boolean plainText) {
        return plainText ? finding.unit().replace("°", "") : finding.unit();
    }

    private static String words(Duration duration) {
        return duration.toMinutesPart() == 0 && duration.toSecondsPart() == 0
                ? duration.toHours() + " h"
                : duration.toMinutes() + " min";
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
