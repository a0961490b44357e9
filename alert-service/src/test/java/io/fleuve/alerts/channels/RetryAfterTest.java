package io.fleuve.alerts.channels;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void readsSeconds() {
        assertThat(RetryAfter.parse(" 7 ", NOW)).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void readsADate() {
        assertThat(RetryAfter.parse("Sun, 22 Nov 2026 12:01:30 GMT", NOW))
                .isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void takesADateInThePastAsNow() {
        assertThat(RetryAfter.parse("Sun, 22 Nov 2026 11:00:00 GMT", NOW)).isZero();
    }

    @Test
    void ignoresWhatMakesNoSense() {
        assertThat(RetryAfter.parse(null, NOW)).isNull();
        assertThat(RetryAfter.parse("", NOW)).isNull();
        assertThat(RetryAfter.parse("soon", NOW)).isNull();
        assertThat(RetryAfter.parse("99999999999999999999", NOW)).isNull();
    }
}
