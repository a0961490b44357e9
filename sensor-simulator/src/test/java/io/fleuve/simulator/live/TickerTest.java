package io.fleuve.simulator.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TickerTest {

    private static final Instant NOW = Instant.parse("2026-11-22T17:20:00Z");
    private static final long PAST = Ticker.micros(Instant.parse("2024-01-01T00:00:00Z"));
    private static final int SENSORS = 20;

    @Test
    void spacesReadingsByTheRateAndSimulatedTimeByTheSpeed() {
        Ticker ticker = ticker(new Pace.Steady(100, 3_600), 1, PAST);
        ticker.advance(NOW);

        assertThat(ticker.due()).isEqualTo(NOW.plusMillis(10));
        assertThat(ticker.micros()).isEqualTo(PAST + 36_000_000);
        assertThat(ticker.intervalMicros()).isEqualTo(SENSORS * 36_000_000L);
    }

    @Test
    void doesNotAddRoundingUp() {
        Ticker ticker = ticker(new Pace.Steady(3, 1), 1, PAST);
        for (int i = 0; i < 3_000_000; i++) {
            ticker.advance(NOW);
        }
        assertThat(ticker.micros()).isEqualTo(PAST + 1_000_000_000_000L);
        assertThat(ticker.due()).isEqualTo(NOW.plusSeconds(1_000_000));
    }

    @Test
    void asksMoreOftenInABurstWhileTimeGoesOnAsBefore() {
        Ticker ticker = ticker(new Pace.Steady(100, 60), 10, PAST);
        for (int i = 0; i < 1_000; i++) {
            ticker.advance(NOW);
        }
        assertThat(ticker.due()).isEqualTo(NOW.plusSeconds(1));
        assertThat(ticker.micros()).isEqualTo(PAST + 60_000_000);
    }

    @Test
    void neverRunsAheadOfTheClock() {
        Ticker ticker = ticker(new Pace.Steady(100, 3_600), 1, Ticker.micros(NOW));
        ticker.advance(NOW);

        assertThat(ticker.due()).isEqualTo(NOW.plusSeconds(36));
        assertThat(ticker.waitsForThePresent()).isTrue();
    }

    @Test
    void goesThroughThePastByTheIntervalAndThenWithTheClockWithoutLimit() {
        Pace.Unlimited unlimited = new Pace.Unlimited(Duration.ofSeconds(20));
        Ticker past = ticker(unlimited, 1, PAST);
        past.advance(NOW);
        assertThat(past.micros()).isEqualTo(PAST + 1_000_000);
        assertThat(past.due()).isBefore(NOW);

        Ticker present = ticker(unlimited, 1, Ticker.micros(NOW) - 500_000);
        present.advance(NOW);
        assertThat(present.micros()).isEqualTo(Ticker.micros(NOW));
        present.advance(NOW);
        assertThat(present.micros()).isEqualTo(Ticker.micros(NOW) + 1);
        present.advance(NOW.plusMillis(3));
        assertThat(present.micros()).isEqualTo(Ticker.micros(NOW) + 3_000);
    }

    @Test
    void movesForwardEvenIfAStepIsShorterThanTimeCanTell() {
        Ticker ticker = ticker(new Pace.Steady(10_000_000, 1), 1, PAST);
        long before = ticker.micros();
        for (int i = 0; i < 100; i++) {
            ticker.advance(NOW);
            assertThat(ticker.micros()).isGreaterThan(before);
            before = ticker.micros();
        }
    }

    @Test
    void findsTheRateOfAnInterval() {
        assertThat(Pace.every(Duration.ofSeconds(10), 1, 21)).isEqualTo(new Pace.Steady(2.1, 1));
        assertThat(Pace.every(Duration.ofHours(1), 3_600, 7)).isEqualTo(new Pace.Steady(7, 3_600));
    }

    @Test
    void refusesPacesOutOfRange() {
        assertThatThrownBy(() -> Pace.rate(0.5, 1))
                .hasMessageContaining("rate must be between 1 and 10000000");
        assertThatThrownBy(() -> Pace.rate(Double.NaN, 1)).hasMessageContaining("not NaN");
        assertThatThrownBy(() -> Pace.rate(1, 0.5)).hasMessageContaining("speed must be between 1");
        assertThatThrownBy(() -> new Pace.Unlimited(Duration.ZERO))
                .hasMessageContaining("interval must be between");
    }

    private static Ticker ticker(Pace pace, double burst, long firstMicros) {
        return new Ticker(pace, burst, SENSORS, firstMicros, NOW);
    }
}
