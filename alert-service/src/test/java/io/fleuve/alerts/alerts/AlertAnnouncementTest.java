package io.fleuve.alerts.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.alerts.readings.RegionAverage;
import io.fleuve.alerts.rules.Measure;
import io.fleuve.alerts.rules.Severity;
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

    private static AlertAnnouncement announcement(
            AlertTransition transition, double average, double limit, EndReason reason) {
        Instant start = Instant.parse("2026-11-22T12:00:00Z");
        Instant end = Instant.parse("2026-11-22T13:00:00Z");
        Episode episode =
                Episode.beginningWith(
                        new UUID(0, 1),
                        new RegionAverage("dakar", start, end, 1, average, average, average));
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
