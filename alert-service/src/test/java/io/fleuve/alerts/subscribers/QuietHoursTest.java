package io.fleuve.alerts.subscribers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class QuietHoursTest {

    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

    @Test
    void lastOverMidnightAndTheEndOfAMonth() {
        QuietHours night = quiet("22:00", "06:00", ZoneId.of("Africa/Dakar"));
        assertThat(night.endIfQuiet(Instant.parse("2026-01-31T21:59:59Z"))).isEmpty();
        assertThat(night.endIfQuiet(Instant.parse("2026-01-31T22:00:00Z")))
                .contains(Instant.parse("2026-02-01T06:00:00Z"));
        assertThat(night.endIfQuiet(Instant.parse("2028-03-01T05:59:59Z")))
                .contains(Instant.parse("2028-03-01T06:00:00Z"));
        assertThat(night.endIfQuiet(Instant.parse("2028-02-29T23:00:00Z")))
                .contains(Instant.parse("2028-03-01T06:00:00Z"));
        assertThat(night.endIfQuiet(Instant.parse("2026-02-01T06:00:00Z"))).isEmpty();
    }

    @Test
    void keepToTheClockOnTheWallWhenItJumpsForward() {
        // 2026-03-29: 02:00 becomes 03:00, which is 01:00Z.
        assertThat(quiet("22:00", "06:00", PARIS).endIfQuiet(Instant.parse("2026-03-28T22:00:00Z")))
                .contains(Instant.parse("2026-03-29T04:00:00Z"));
        assertThat(quiet("22:00", "02:30", PARIS).endIfQuiet(Instant.parse("2026-03-29T00:30:00Z")))
                .contains(Instant.parse("2026-03-29T01:00:00Z"));
        assertThat(quiet("02:30", "05:00", PARIS).endIfQuiet(Instant.parse("2026-03-29T01:00:00Z")))
                .contains(Instant.parse("2026-03-29T03:00:00Z"));
    }

    @Test
    void coverBothHoursThatComeTwiceWhenTheClockJumpsBack() {
        // 2026-10-25: 03:00 becomes 02:00, which is 01:00Z; 02:30 comes at 00:30Z and at 01:30Z.
        QuietHours until = quiet("22:00", "02:30", PARIS);
        assertThat(until.endIfQuiet(Instant.parse("2026-10-25T00:45:00Z")))
                .contains(Instant.parse("2026-10-25T01:30:00Z"));
        assertThat(until.endIfQuiet(Instant.parse("2026-10-25T01:30:00Z"))).isEmpty();
        assertThat(quiet("02:30", "06:00", PARIS).endIfQuiet(Instant.parse("2026-10-25T00:30:00Z")))
                .contains(Instant.parse("2026-10-25T05:00:00Z"));
    }

    private static QuietHours quiet(String from, String to, ZoneId zone) {
        return new QuietHours(
                LocalTime.parse(from), LocalTime.parse(to), zone, true, QuietHours.Policy.DELAY);
    }
}
