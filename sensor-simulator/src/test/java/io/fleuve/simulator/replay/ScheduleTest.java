package io.fleuve.simulator.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {

    private static final Instant NOW = Instant.parse("2026-11-22T17:20:00Z");
    private static final Instant EVENT = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void makesAnHourASecond() {
        Schedule schedule = new Schedule(NOW, EVENT, new Speed(3_600));

        assertThat(schedule.dueAt(EVENT)).isEqualTo(NOW);
        assertThat(schedule.dueAt(EVENT.plus(Duration.ofHours(1)))).isEqualTo(NOW.plusSeconds(1));
        assertThat(schedule.dueAt(EVENT.plus(Duration.ofDays(100))))
                .isEqualTo(NOW.plusSeconds(2_400));
    }

    @Test
    void makesAllDueAtOnceWithoutPacing() {
        Schedule schedule = new Schedule(NOW, EVENT, new Speed(Speed.UNPACED));

        assertThat(schedule.dueAt(EVENT.plus(Duration.ofDays(300)))).isEqualTo(NOW);
    }

    @Test
    void makesNothingDueBeforeItsTime() {
        Instant tomorrow = NOW.plus(Duration.ofDays(1));

        assertThat(new Schedule(NOW, EVENT, new Speed(Speed.UNPACED)).dueAt(tomorrow))
                .isEqualTo(tomorrow);
        assertThat(new Schedule(NOW, EVENT, new Speed(3_600)).dueAt(tomorrow)).isEqualTo(tomorrow);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, -1, 1e9 + 1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesASpeedOutOfRange(double factor) {
        assertThatThrownBy(() -> new Speed(factor))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("between 1 (as it happened) and 1000000000");
    }
}
