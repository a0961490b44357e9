package io.fleuve.simulator.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CorrelatedNoiseTest {

    private static final Duration KNOTS = Duration.ofMinutes(1);
    private static final long KNOT_MICROS = 60_000_000L;
    private static final int LENGTH = 200_000;

    @Test
    void forgetsExponentiallyAsAnAutoregressiveProcessDoes() {
        double[] noise = knots(noise(1));
        double variance = covariance(noise, 0);

        assertThat(variance).isCloseTo(4, within(0.4));
        for (int lag : new int[] {1, 5, 10, 30}) {
            assertThat(covariance(noise, lag) / variance)
                    .as("autocorrelation at %d minutes", lag)
                    .isCloseTo(Math.exp(-lag / 10.0), within(0.04));
        }
    }

    @Test
    void doesNotDependOnHowATimeIsReached() {
        double[] inSequence = knots(noise(3));
        CorrelatedNoise jumping = noise(3);
        Random random = new Random(5);
        for (int i = 0; i < 2_000; i++) {
            int knot = random.nextInt(LENGTH);
            assertThat(jumping.at(knot * KNOT_MICROS)).isEqualTo(inSequence[knot]);
        }
        for (int knot = 777; knot < LENGTH; knot += 37) {
            assertThat(jumping.at(knot * KNOT_MICROS)).isEqualTo(inSequence[knot]);
        }
    }

    @Test
    void isALineBetweenKnots() {
        CorrelatedNoise noise = noise(1);
        double low = noise.at(-KNOT_MICROS);
        double high = noise.at(0);

        assertThat(noise.at(-KNOT_MICROS / 4)).isCloseTo(low / 4 + high * 3 / 4, within(1e-12));
    }

    private static CorrelatedNoise noise(long seed) {
        return new CorrelatedNoise(
                RandomStream.of(seed, "noise"), KNOTS, Duration.ofMinutes(10), 2);
    }

    private static double[] knots(CorrelatedNoise noise) {
        double[] values = new double[LENGTH];
        for (int knot = 0; knot < LENGTH; knot++) {
            values[knot] = noise.at(knot * KNOT_MICROS);
        }
        return values;
    }

    private static double covariance(double[] values, int lag) {
        double sum = 0;
        for (int i = 0; i + lag < values.length; i++) {
            sum += values[i] * values[i + lag];
        }
        return sum / (values.length - lag);
    }
}
