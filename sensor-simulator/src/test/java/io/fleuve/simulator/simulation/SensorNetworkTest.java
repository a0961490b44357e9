package io.fleuve.simulator.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fleuve.simulator.scenario.Influences;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class SensorNetworkTest {

    private static final long START =
            Instant.parse("2024-06-01T00:00:00Z").getEpochSecond() * 1_000_000;
    private static final long STEP = 1_000_000;
    private static final int SENSORS = 21;
    private static final long INTERVAL = SENSORS * STEP;
    private static final int READINGS = 42_000;

    private static final FaultRates ALL =
            new FaultRates(
                    0.3,
                    0.2,
                    0.05,
                    0.01,
                    0.02,
                    0.03,
                    0.02,
                    Duration.ofMinutes(5),
                    0.3,
                    Duration.ofSeconds(5));

    @Test
    void givesTheSameReadingsForTheSameSeedOnAnyMachine() throws Exception {
        List<SimulatedReading> readings = run(network(42, ALL), START, READINGS);

        assertThat(readings).isEqualTo(run(network(42, ALL), START, READINGS));
        assertThat(fingerprint(readings)).isEqualTo(PINNED);
        assertThat(fingerprint(run(network(43, ALL), START, READINGS))).isNotEqualTo(PINNED);
    }

    /** Changes with the model, on purpose or not; never with the machine. */
    private static final String PINNED = "7951a21a74fe6b3b";

    @Test
    void givesTheSameReadingsWhereverOneBegins() {
        List<SimulatedReading> whole = run(network(42, ALL), START, READINGS);
        // Half an hour before the second half: what is under way then has arrived.
        int skipped = READINGS / 2;
        List<SimulatedReading> half =
                run(network(42, ALL), START + skipped * STEP, READINGS - skipped);

        Instant settled = SensorNetwork.instant(START + skipped * STEP).plus(Duration.ofMinutes(7));
        Predicate<SimulatedReading> after = reading -> reading.observedAt().isAfter(settled);
        assertThat(half.stream().filter(after)).isNotEmpty();
        assertThat(half.stream().filter(after).toList())
                .isEqualTo(whole.stream().filter(after).toList());
    }

    @Test
    void asksEachSensorInTurn() {
        List<SimulatedReading> readings = run(network(42, FaultRates.NONE), START, SENSORS * 2);

        assertThat(readings).hasSize(SENSORS * 2).doesNotHaveDuplicates();
        assertThat(readings.stream().map(SimulatedReading::sensor).distinct()).hasSize(SENSORS);
        assertThat(readings.subList(0, 7).stream().map(SimulatedReading::region).distinct())
                .hasSize(7);
        for (int i = 0; i < SENSORS; i++) {
            assertThat(readings.get(i + SENSORS).sensor()).isEqualTo(readings.get(i).sensor());
            assertThat(readings.get(i).observedAt())
                    .isEqualTo(SensorNetwork.instant(START + i * STEP));
        }
    }

    @Test
    void deliversWithoutDelayInTheOrderOfTime() {
        assertThat(
                        run(network(42, FaultRates.NONE), START, 1_000).stream()
                                .map(SimulatedReading::observedAt))
                .isSorted();
    }

    @Test
    void sendsCopiesThatAreEqualAndLater() {
        List<SimulatedReading> readings =
                run(network(42, delivery(0.05, 0, 0, Duration.ZERO, 0)), START, READINGS);

        Map<String, SimulatedReading> first = new HashMap<>();
        int copies = 0;
        for (SimulatedReading reading : readings) {
            SimulatedReading original =
                    first.putIfAbsent(reading.sensor() + reading.observedAt(), reading);
            assertThat(reading.faults().contains(Fault.DUPLICATE)).isEqualTo(original != null);
            if (original != null) {
                copies++;
                assertThat(reading.celsius()).isEqualTo(original.celsius());
            }
        }
        assertThat((double) copies / READINGS).isCloseTo(0.05, within(0.006));
        assertThat(first).hasSize(READINGS);
    }

    @Test
    void letsReadingsOfASensorOvertakeEachOther() {
        List<SimulatedReading> readings =
                run(network(42, delivery(0, 0.05, 0, Duration.ZERO, 0)), START, READINGS);

        Map<String, Instant> newest = new HashMap<>();
        int overtaken = 0;
        for (SimulatedReading reading : readings) {
            Instant before = newest.getOrDefault(reading.sensor(), Instant.MIN);
            if (reading.observedAt().isBefore(before)) {
                overtaken++;
                assertThat(reading.faults()).contains(Fault.OUT_OF_ORDER);
                assertThat(Duration.between(reading.observedAt(), before))
                        .isLessThanOrEqualTo(Duration.ofSeconds(4 * SENSORS));
            } else {
                newest.put(reading.sensor(), reading.observedAt());
            }
        }
        assertThat((double) overtaken / READINGS).isCloseTo(0.05, within(0.006));
        assertThat(readings).hasSize(READINGS);
    }

    @Test
    void deliversLateReadingsWithinTheBound() {
        Duration upTo = Duration.ofMinutes(5);
        SensorNetwork network = network(42, delivery(0, 0, 0.05, upTo, 0));
        List<Duration> delays = new ArrayList<>();
        long[] now = new long[1];
        for (int i = 0; i < READINGS; i++) {
            now[0] = START + i * STEP;
            network.ask(
                    now[0],
                    INTERVAL,
                    reading -> {
                        if (reading.faults().contains(Fault.LATE)) {
                            delays.add(
                                    Duration.between(
                                            reading.observedAt(), SensorNetwork.instant(now[0])));
                        }
                    });
        }
        assertThat((double) delays.size() / READINGS).isCloseTo(0.05, within(0.006));
        assertThat(delays)
                .allMatch(delay -> delay.compareTo(upTo.plusSeconds(1)) <= 0)
                .anyMatch(delay -> delay.compareTo(Duration.ofMinutes(4)) > 0);
    }

    @Test
    void skewsTheClocksOfSomeSensorsAlways() {
        List<SimulatedReading> skewed =
                run(network(42, delivery(0, 0, 0, Duration.ZERO, 0.5)), START, SENSORS * 100);
        List<SimulatedReading> sound = run(network(42, FaultRates.NONE), START, SENSORS * 100);

        Map<String, Set<Duration>> skews = new HashMap<>();
        for (int i = 0; i < sound.size(); i++) {
            Duration skew = Duration.between(sound.get(i).observedAt(), skewed.get(i).observedAt());
            assertThat(skewed.get(i).celsius()).isEqualTo(sound.get(i).celsius());
            assertThat(skewed.get(i).faults().contains(Fault.CLOCK_SKEW)).isEqualTo(!skew.isZero());
            skews.computeIfAbsent(sound.get(i).sensor(), _ -> new HashSet<>()).add(skew);
        }
        assertThat(skews.values()).allMatch(ofSensor -> ofSensor.size() == 1);
        long wrong = skews.values().stream().filter(s -> !s.contains(Duration.ZERO)).count();
        assertThat(wrong).isBetween(5L, 16L);
        assertThat(skews.values())
                .allMatch(s -> s.iterator().next().abs().compareTo(Duration.ofSeconds(40)) <= 0);
    }

    @Test
    void knowsTheTruth() {
        SensorNetwork network = network(42, ALL);
        List<SimulatedReading> readings = new ArrayList<>();
        for (int i = 0; i < READINGS; i++) {
            network.ask(START + i * STEP, INTERVAL, readings::add);
        }
        assertThat(network.heldBack()).isPositive();
        network.drain(readings::add);

        assertThat(network.heldBack()).isZero();
        var truth = network.truth().counts();
        assertThat(truth).hasSize(7);
        truth.forEach(
                (region, counts) -> {
                    assertThat(counts.asked()).isEqualTo(READINGS / 7);
                    assertThat(counts.heldBack()).isZero();
                    assertThat(counts.given())
                            .isEqualTo(count(readings, region, _ -> true))
                            .isEqualTo(
                                    counts.asked()
                                            - counts.of(Fault.OUTAGE)
                                            + counts.of(Fault.DUPLICATE));
                    for (Fault fault :
                            List.of(
                                    Fault.STUCK,
                                    Fault.SPIKE,
                                    Fault.DRIFT,
                                    Fault.LATE,
                                    Fault.OUT_OF_ORDER,
                                    Fault.CLOCK_SKEW)) {
                        assertThat(counts.of(fault))
                                .as("%s of %s", fault, region)
                                .isEqualTo(
                                        count(
                                                readings,
                                                region,
                                                reading ->
                                                        reading.faults().contains(fault)
                                                                && !reading.faults()
                                                                        .contains(
                                                                                Fault.DUPLICATE)));
                    }
                });
    }

    @Test
    void holdsBackNoMoreThanItMay() {
        SensorNetwork network =
                new SensorNetwork(
                        42,
                        Senegal.REGIONS,
                        delivery(0, 0, 1, Duration.ofHours(1), 0),
                        Influences.NONE,
                        100);
        List<SimulatedReading> readings = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            network.ask(START + i * STEP, INTERVAL, readings::add);
            assertThat(network.heldBack()).isLessThanOrEqualTo(100);
        }
        network.drain(readings::add);
        assertThat(readings).hasSize(1_000);
    }

    private static SensorNetwork network(long seed, FaultRates rates) {
        return new SensorNetwork(seed, Senegal.REGIONS, rates, Influences.NONE, 100_000);
    }

    private static FaultRates delivery(
            double duplicates, double outOfOrder, double late, Duration lateUpTo, double skewed) {
        return new FaultRates(
                0, 0, 0, 0, duplicates, outOfOrder, late, lateUpTo, skewed, Duration.ofSeconds(10));
    }

    private static List<SimulatedReading> run(SensorNetwork network, long from, int readings) {
        List<SimulatedReading> all = new ArrayList<>();
        for (int i = 0; i < readings; i++) {
            network.ask(from + i * STEP, INTERVAL, all::add);
        }
        network.drain(all::add);
        return all;
    }

    private static long count(
            List<SimulatedReading> readings, String region, Predicate<SimulatedReading> condition) {
        return readings.stream()
                .filter(reading -> reading.region().equals(region))
                .filter(condition)
                .count();
    }

    private static String fingerprint(List<SimulatedReading> readings) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (SimulatedReading reading : readings) {
            digest.update(
                    "%s %s %s\n"
                            .formatted(reading.sensor(), reading.observedAt(), reading.celsius())
                            .getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
    }
}
