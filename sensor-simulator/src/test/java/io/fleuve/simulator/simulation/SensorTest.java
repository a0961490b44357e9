package io.fleuve.simulator.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fleuve.simulator.scenario.Influence;
import io.fleuve.simulator.scenario.Influences;
import io.fleuve.simulator.simulation.Sensor.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SensorTest {

    private static final long MINUTE = 60_000_000L;
    private static final long DAY = 1_440 * MINUTE;
    private static final long START =
            Instant.parse("2024-06-01T00:00:00Z").getEpochSecond() * 1_000_000;
    private static final Region REGION = Senegal.REGIONS.get(3);

    @Test
    void measuresTheWeatherWithASmallErrorInTenths() {
        Sensor sensor = sensor(FaultRates.NONE);
        Weather weather = new Weather(9, REGION);
        List<Double> errors = new ArrayList<>();
        for (long t = START; t < START + 60 * DAY; t += 30 * MINUTE) {
            double celsius = value(sensor, t).celsius();
            assertThat(celsius * 10).isCloseTo(Math.rint(celsius * 10), within(1e-9));
            errors.add(celsius - weather.celsius(t));
        }
        double mean = mean(errors);
        assertThat(mean).as("the site's own difference").isCloseTo(0, within(1.6));
        assertThat(mean(errors.stream().map(e -> Math.abs(e - mean)).toList())).isBetween(0.1, 0.5);
    }

    @Test
    void repeatsItsValueWhileItIsStuck() {
        Sensor sensor = sensor(rates(0, 0.3, 0, 0));
        int episodes = 0;
        int repeated = 0;
        boolean wasStuck = false;
        double before = Double.NaN;
        for (long t = START; t < START + 30 * DAY; t += MINUTE) {
            Answer.Value value = value(sensor, t);
            boolean isStuck = value.faults().contains(Fault.STUCK);
            if (isStuck) {
                // An episode may follow another at once, with a value of its own.
                boolean goesOn = wasStuck && value.celsius() == before;
                episodes += goesOn ? 0 : 1;
                repeated += goesOn ? 1 : 0;
            }
            wasStuck = isStuck;
            before = value.celsius();
        }
        assertThat(episodes).isBetween(3, 18);
        // Each lasts from ten minutes to twelve hours, six hours on average.
        assertThat(repeated).isBetween(episodes * 90, episodes * 720);
    }

    @Test
    void isStuckAtTheValueThatItHadThen() {
        Sensor stuck = sensor(rates(0, 0.3, 0, 0));
        Sensor sound = sensor(FaultRates.NONE);
        for (long t = START; t < START + 30 * DAY; t += MINUTE / 60) {
            if (value(stuck, t).faults().contains(Fault.STUCK)) {
                assertThat(value(stuck, t).celsius())
                        .isCloseTo(value(sound, t).celsius(), within(0.11));
                return;
            }
        }
        throw new AssertionError("never stuck");
    }

    @Test
    void isSilentDuringOutagesAsOftenAsItIsTold() {
        Sensor sensor = sensor(rates(0.5, 0, 0, 0));
        int outages = 0;
        boolean out = false;
        for (long t = START; t < START + 400 * DAY; t += 10 * MINUTE) {
            boolean now = sensor.read(t, Influences.NONE) instanceof Answer.Outage;
            outages += now && !out ? 1 : 0;
            out = now;
        }
        // Half an outage a day; a few touch each other.
        assertThat(outages).isBetween(140, 240);
    }

    @Test
    void spikesFarOffAndSingly() {
        Sensor sensor = sensor(rates(0, 0, 0, 0.01));
        Sensor sound = sensor(FaultRates.NONE);
        int spikes = 0;
        int up = 0;
        int readings = 20_000;
        for (int i = 0; i < readings; i++) {
            long t = START + i * MINUTE;
            Answer.Value value = value(sensor, t);
            double off = value.celsius() - value(sound, t).celsius();
            if (value.faults().contains(Fault.SPIKE)) {
                spikes++;
                up += off > 0 ? 1 : 0;
                assertThat(Math.abs(off)).isBetween(14.9, 40.1);
            } else {
                assertThat(off).isZero();
            }
        }
        assertThat(spikes).isBetween(150, 250);
        assertThat(up).isBetween(spikes / 3, 2 * spikes / 3);
    }

    @Test
    void driftsFurtherAndFurtherUntilItIsCalibrated() {
        Sensor sensor = sensor(rates(0, 0, 1, 0));
        Sensor sound = sensor(FaultRates.NONE);
        int growing = 0;
        int calibrated = 0;
        double before = 0;
        for (int hour = 0; hour < 24 * 300; hour++) {
            long t = START + hour * 60 * MINUTE;
            Answer.Value value = value(sensor, t);
            double off = Math.abs(value.celsius() - value(sound, t).celsius());
            assertThat(value.faults().contains(Fault.DRIFT))
                    .isEqualTo(off > 0 || isDrifting(value));
            growing += off > before + 0.05 ? 1 : 0;
            calibrated += off < before - 1 ? 1 : 0;
            before = off;
        }
        assertThat(calibrated).isBetween(3, 15);
        assertThat(growing).isGreaterThan(10 * calibrated);
    }

    @Test
    void feelsScenariosButNotWhileItIsStuck() {
        Influence warm = new Influence(10, false, List.of("heat-wave-1"));
        Sensor sensor = sensor(rates(0, 0.3, 0, 0));
        int stuck = 0;
        for (long t = START; t < START + 30 * DAY; t += 10 * MINUTE) {
            Answer.Value cool = value(sensor, t);
            Answer.Value hot = (Answer.Value) sensor.read(t, (_, _, _) -> warm);
            assertThat(hot.influence()).isEqualTo(warm);
            if (cool.faults().contains(Fault.STUCK)) {
                stuck++;
                assertThat(hot.celsius()).isEqualTo(cool.celsius());
            } else {
                assertThat(hot.celsius()).isCloseTo(cool.celsius() + 10, within(0.11));
            }
        }
        assertThat(stuck).isPositive();
    }

    @Test
    void saysNothingWhenItIsSilenced() {
        Influence silent = new Influence(0, true, List.of("silence-1"));

        assertThat(sensor(FaultRates.NONE).read(START, (_, _, _) -> silent))
                .isEqualTo(new Answer.Silence());
    }

    private static boolean isDrifting(Answer.Value value) {
        return value.faults().contains(Fault.DRIFT);
    }

    private static Sensor sensor(FaultRates rates) {
        return new Sensor(9, REGION, 1, new Weather(9, REGION), rates);
    }

    private static FaultRates rates(double outages, double stuck, double drifts, double spikes) {
        return new FaultRates(
                outages, stuck, drifts, spikes, 0, 0, 0, Duration.ZERO, 0, Duration.ZERO);
    }

    private static Answer.Value value(Sensor sensor, long micros) {
        return (Answer.Value) sensor.read(micros, Influences.NONE);
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
}
