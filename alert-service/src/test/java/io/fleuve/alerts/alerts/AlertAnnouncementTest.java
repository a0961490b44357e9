package io.fleuve.alerts.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.alerts.rules.Measure;
import io.fleuve.alerts.rules.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AlertAnnouncementTest {

    @Test
    void printsOneClearLineForTheConsole() {
        assertThat(announcement(AlertTransition.FIRING, 31.42, 30, EndReason.RECOVERED).line())
                .isEqualTo(
                        "ALERT FIRING  warning  dakar  average 31.4 °C above 30 °C"
                                + "  (2026-11-22T12:00Z–13:00Z)");
    }

    @Test
    void saysThatTheAverageCameDown() {
        assertThat(announcement(AlertTransition.RESOLVED, 28.6, 29, EndReason.RECOVERED).line())
                .isEqualTo(
                        "ALERT RESOLVED  warning  dakar  average 28.6 °C, not above 29 °C"
                                + "  (2026-11-22T12:00Z–13:00Z)");
    }

    @Test
    void saysThatTheRuleIsGone() {
        assertThat(announcement(AlertTransition.RESOLVED, 33, 29, EndReason.RULE_DELETED).line())
                .contains("rule deleted, last average 33.0 °C");
    }

    @Test
    void keepsAShortMessageInTheAlphabetOfOneSms() {
        String text =
                announcement(AlertTransition.FIRING, 31.42, 29.5, EndReason.RECOVERED).shortText();
        assertThat(text)
                .isEqualTo(
                        "FIRING warning dakar: average 31.4 C above 29.5 C"
                                + " (2026-11-22T12:00Z-13:00Z)");
        assertThat(text.chars().allMatch(c -> c < 128)).isTrue();
        assertThat(text.length()).isLessThan(160);
    }

    @Test
    void wordsEachKindOfFinding() {
        Instant since = Instant.parse("2026-11-22T09:00:00Z");
        assertThat(words(new Finding.Below(Measure.MIN, 1.25, 2)))
                .contains("min 1.3 °C below 2 °C");
        assertThat(words(new Finding.Changed(Measure.AVERAGE, -6, 5, Duration.ofHours(3))))
                .contains("change of average -6.0 °C within 3 h");
        assertThat(words(new Finding.Deviates(Measure.AVERAGE, 7.5, 6, 24)))
                .contains("deviation of average 7.5 °C from the normal 24.0 °C");
        assertThat(words(new Finding.Silent(180, 180, since)))
                .contains("no data since 2026-11-22T09:00Z");
        assertThat(words(new Finding.Above(Measure.RATE_OF_CHANGE, 4, 3)))
                .contains("rate 4.0 °C/h above 3 °C/h");
    }

    private static String words(Finding finding) {
        AlertAnnouncement sample =
                announcement(AlertTransition.FIRING, 31, 30, EndReason.RECOVERED);
        return new AlertAnnouncement(
                        sample.alertId(),
                        sample.episode(),
                        AlertTransition.FIRING,
                        sample.ruleName(),
                        sample.severity(),
                        sample.region(),
                        "dakar-1",
                        sample.labels(),
                        finding,
                        sample.windowStart(),
                        sample.windowEnd(),
                        EndReason.RECOVERED)
                .line();
    }

    private static AlertAnnouncement announcement(
            AlertTransition transition, double average, double limit, EndReason reason) {
        Instant start = Instant.parse("2026-11-22T12:00:00Z");
        Instant end = Instant.parse("2026-11-22T13:00:00Z");
        Episode episode = Episode.of(new UUID(0, 1), Subject.region("dakar"), start, end);
        return new AlertAnnouncement(
                episode.alertId(),
                episode,
                transition,
                "heat",
                Severity.WARNING,
                "dakar",
                null,
                Collections.emptySortedMap(),
                new Finding.Above(Measure.AVERAGE, average, limit),
                start,
                end,
                reason);
    }
}
