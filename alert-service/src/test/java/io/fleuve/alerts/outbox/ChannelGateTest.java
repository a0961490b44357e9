package io.fleuve.alerts.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ChannelGateTest {

    private static final Instant NOW = Instant.parse("2026-01-31T23:59:50Z");
    private static final ChannelLimits LIMITS =
            new ChannelLimits(2, 5, 3, Duration.ofSeconds(30), 7);

    @Test
    void givesNoMoreThanTheBucketHoldsAndFillsItAgain() {
        ChannelGate.Grant first = ChannelGate.fresh(LIMITS, NOW).take(9, LIMITS, NOW);
        assertThat(first.granted()).isEqualTo(5);
        assertThat(first.gate().tokensDueAt()).isEqualTo(NOW.plusMillis(500));
        assertThat(first.gate().take(9, LIMITS, NOW.plusMillis(400)).granted()).isZero();
        assertThat(first.gate().take(9, LIMITS, NOW.plusMillis(500)).granted()).isEqualTo(1);
    }

    @Test
    void spendsTheBudgetOfADayAndWaitsForTheNext() {
        ChannelGate first = ChannelGate.fresh(LIMITS, NOW).take(5, LIMITS, NOW).gate();
        ChannelGate.Grant second = first.take(5, LIMITS, NOW.plusSeconds(5));
        assertThat(second.granted()).isEqualTo(2);
        ChannelGate.Grant third = second.gate().take(5, LIMITS, NOW.plusSeconds(9));
        assertThat(third.granted()).isZero();
        assertThat(third.gate().tokensDueAt()).isEqualTo(Instant.parse("2026-02-01T00:00:00Z"));
        assertThat(third.gate().take(5, LIMITS, NOW.plusSeconds(10)).granted()).isEqualTo(5);
    }

    @Test
    void letsNothingPassBeforeTheTimeThatTheProviderAskedForWhateverSucceedsMeanwhile() {
        ChannelGate held =
                ChannelGate.fresh(LIMITS, NOW)
                        .observe(
                                new DeliveryOutcome.Deferred("429", Duration.ofSeconds(20)),
                                LIMITS,
                                NOW)
                        .observe(new DeliveryOutcome.Accepted("x"), LIMITS, NOW.plusSeconds(1))
                        .observe(
                                new DeliveryOutcome.Deferred("429", Duration.ofSeconds(1)),
                                LIMITS,
                                NOW.plusSeconds(2));
        assertThat(held.take(1, LIMITS, NOW.plusMillis(19_999)).granted()).isZero();
        assertThat(held.take(1, LIMITS, NOW.plusSeconds(20)).granted()).isEqualTo(1);
    }

    @Test
    void leavesAChannelAloneThatFailsAgainAndAgainAndThenTriesOne() {
        ChannelGate gate = ChannelGate.fresh(LIMITS, NOW);
        for (int i = 0; i < 3; i++) {
            gate = gate.observe(new DeliveryOutcome.Uncertain("reset"), LIMITS, NOW);
        }
        assertThat(gate.take(5, LIMITS, NOW.plusSeconds(29)).granted()).isZero();
        ChannelGate.Grant probe = gate.take(5, LIMITS, NOW.plusSeconds(30));
        assertThat(probe.granted()).isEqualTo(1);
        assertThat(probe.gate().take(5, LIMITS, NOW.plusSeconds(31)).granted()).isZero();
        ChannelGate closed =
                probe.gate()
                        .observe(new DeliveryOutcome.Accepted(null), LIMITS, NOW.plusSeconds(32));
        assertThat(closed.take(4, LIMITS, NOW.plusSeconds(32)).granted()).isEqualTo(4);
    }
}
