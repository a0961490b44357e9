package io.fleuve.simulator.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.fleuve.simulator.live.SimulationStatus.State;
import io.fleuve.simulator.publish.Reading;
import io.fleuve.simulator.scenario.Scenario;
import io.fleuve.simulator.scenario.ScenarioBoard;
import io.fleuve.simulator.scenario.Scope;
import io.fleuve.simulator.simulation.Fault;
import io.fleuve.simulator.simulation.FaultRates;
import io.fleuve.simulator.simulation.Region;
import io.fleuve.simulator.simulation.Senegal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulationTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Instant NOW = Instant.parse("2026-11-22T17:20:00Z");
    private static final Instant PAST = Instant.parse("2024-06-01T00:00:00Z");
    private static final Pace ONE_A_SECOND = new Pace.Steady(1, 1);
    private static final FaultRates SOME =
            new FaultRates(
                    0.1,
                    0.1,
                    0.01,
                    0.01,
                    0.05,
                    0.05,
                    0.05,
                    Duration.ofMinutes(5),
                    0.2,
                    Duration.ofSeconds(5));

    private final MemoryDestination destination = new MemoryDestination();
    private final AtomicReference<Instant> clock = new AtomicReference<>(NOW);
    private final ScenarioBoard scenarios = new ScenarioBoard(clock::get, 10);
    private Simulation simulation = live(ONE_A_SECOND);

    @AfterEach
    void stop() {
        simulation.close();
    }

    @Test
    void publishesOneReadingEachSecondOfTheClock() {
        simulation.start();
        awaitPublished(1);
        for (int second = 1; second <= 5; second++) {
            clock.set(NOW.plusSeconds(second));
            awaitPublished(1 + second);
        }
        clock.set(NOW.plusMillis(5_999));
        await().during(Duration.ofMillis(300)).until(() -> destination.readings.size() == 6);

        assertThat(destination.readings.stream().map(Reading::observedAt))
                .startsWith(NOW, NOW.plusSeconds(1), NOW.plusSeconds(2));
    }

    @Test
    void multipliesTheRateInABurst() {
        simulation.start();
        awaitPublished(1);
        scenarios.place(new Scenario.Burst(100, Duration.ofSeconds(2)), null);
        clock.set(NOW.plusSeconds(1));
        // From the moment that is next, one second after the first: the burst begins there.
        awaitPublished(2);
        clock.set(NOW.plusMillis(1_900));
        awaitPublished(2 + 90);
        clock.set(NOW.plusSeconds(2));
        await().atMost(PATIENCE).until(() -> simulation.status().burstFactor() == 1);
        int after = destination.readings.size();
        clock.set(NOW.plusSeconds(12));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(destination.readings.size() - after).isBetween(9, 12));
    }

    @Test
    void changesThePaceWhileItRuns() {
        simulation.start();
        awaitPublished(1);

        simulation.pace(new Pace.Steady(50, 1));
        clock.set(NOW.plusSeconds(1));
        awaitPublished(2);
        clock.set(NOW.plusSeconds(2));

        awaitPublished(52);
    }

    @Test
    void publishesTheSameReadingsWhateverThePaceAndEndsAtTheEnd() {
        simulation.close();
        simulation = past(new Pace.Unlimited(Duration.ofSeconds(21)), SOME);
        simulation.start();
        awaitState(State.FINISHED);
        List<Reading> unlimited = List.copyOf(destination.readings);

        destination.readings.clear();
        // Of the same spacing: one second from reading to reading.
        simulation = past(new Pace.Steady(1_000_000, 1_000_000), SOME);
        simulation.start();
        awaitPublishedSome();
        clock.set(NOW.plusSeconds(1));
        awaitState(State.FINISHED);

        assertThat(List.copyOf(destination.readings)).isEqualTo(unlimited);
        SimulationStatus status = simulation.status();
        long asked = status.truth().values().stream().mapToLong(c -> c.asked()).sum();
        assertThat(asked).isEqualTo(3_600);
        assertThat(status.acknowledged()).isEqualTo(unlimited.size());
        assertThat(status.heldBack()).isZero();
        assertThat((long) unlimited.size())
                .isEqualTo(
                        asked
                                - simulation.truth().total(Fault.OUTAGE)
                                + simulation.truth().total(Fault.DUPLICATE));
        status.acknowledgedByRegion()
                .forEach(
                        (region, acknowledged) ->
                                assertThat(acknowledged)
                                        .isEqualTo(
                                                Objects.requireNonNull(status.truth().get(region))
                                                        .given()));
    }

    @Test
    void catchesUpAfterTheBrokerWasAway() {
        simulation.start();
        awaitPublished(1);
        destination.full = true;
        clock.set(NOW.plusSeconds(20));
        await().atMost(PATIENCE)
                .until(() -> String.valueOf(simulation.status().detail()).contains("broker"));

        destination.full = false;

        awaitPublished(21);
        assertThat(destination.readings.stream().map(Reading::observedAt)).isSorted();
        await().atMost(PATIENCE).until(() -> simulation.status().lag().isZero());
    }

    @Test
    void waitsForABrokerThatIsNotUpYet() {
        destination.away = true;
        simulation.start();
        await().atMost(PATIENCE).until(() -> "no answer".equals(simulation.status().detail()));
        assertThat(simulation.status().state()).isEqualTo(State.RUNNING);

        destination.away = false;

        awaitPublished(1);
    }

    @Test
    void goesOnAtThePresentAfterAPause() {
        simulation.start();
        awaitPublished(1);
        simulation.pause();
        assertThat(simulation.status().state()).isEqualTo(State.PAUSED);
        Instant later = NOW.plus(Duration.ofHours(3));
        clock.set(later);

        simulation.start();

        awaitPublished(2);
        assertThat(destination.readings.get(1).observedAt()).isEqualTo(later);
    }

    @Test
    void goesOnWhereItStoodAfterAPauseInThePast() {
        simulation.close();
        simulation = past(new Pace.Steady(1, 21), FaultRates.NONE);
        simulation.start();
        awaitPublished(1);
        simulation.pause();
        clock.set(NOW.plus(Duration.ofHours(3)));

        simulation.start();

        awaitPublished(2);
        assertThat(destination.readings.stream().map(Reading::observedAt))
                .containsExactly(PAST, PAST.plusSeconds(21));
    }

    @Test
    void failsWithTheReadingThatWasRefusedAndCanBeStartedAgain() {
        destination.refusing = true;
        simulation.start();
        awaitState(State.FAILED);
        assertThat(simulation.status().detail()).contains("was refused: too hot");
        assertThat(simulation.status().failed()).isEqualTo(1);

        destination.refusing = false;
        clock.set(NOW.plusSeconds(1));
        simulation.start();

        awaitPublished(1);
    }

    @Test
    void warmsTheReadingsOfAHeatWaveAndNamesIt() {
        simulation.close();
        simulation = past(new Pace.Unlimited(Duration.ofSeconds(21)), FaultRates.NONE);
        simulation.start();
        awaitState(State.FINISHED);
        List<Reading> usual = List.copyOf(destination.readings);
        destination.readings.clear();
        Scope dakar = new Scope(Set.of("dakar"), Set.of());
        String id =
                scenarios
                        .place(
                                new Scenario.HeatWave(
                                        dakar, 10, Duration.ZERO, Duration.ofMinutes(30)),
                                PAST)
                        .id();
        scenarios.place(
                new Scenario.Silence(new Scope(Set.of("thies"), Set.of()), Duration.ofMinutes(15)),
                PAST);
        simulation = past(new Pace.Unlimited(Duration.ofSeconds(21)), FaultRates.NONE);
        simulation.start();
        awaitState(State.FINISHED);

        long silenced = Objects.requireNonNull(simulation.status().truth().get("thies")).silenced();
        assertThat(silenced).isBetween(120L, 135L);
        assertThat(destination.readings).hasSize(usual.size() - (int) silenced);
        for (Reading reading : destination.readings) {
            Reading before =
                    usual.stream()
                            .filter(r -> r.sensor().equals(reading.sensor()))
                            .filter(r -> r.observedAt().equals(reading.observedAt()))
                            .findFirst()
                            .orElseThrow();
            boolean warm =
                    reading.region().equals("dakar")
                            && reading.observedAt().isBefore(PAST.plus(Duration.ofMinutes(30)));
            assertThat(reading.celsius() - before.celsius()).isCloseTo(warm ? 10 : 0, within(0.11));
            assertThat(reading.scenarios()).isEqualTo(warm ? List.of(id) : List.of());
        }
    }

    @Test
    void refusesRegionsThatCannotBe() {
        Region twice = Senegal.REGIONS.getFirst();
        assertThatThrownBy(() -> settings(List.of(twice, twice)))
                .hasMessage("two regions are named 'dakar'; rename one");
        assertThatThrownBy(() -> settings(List.of())).hasMessageContaining("regions must be 1 to");
        assertThatThrownBy(() -> settings(List.of(new Region("a", 0, 0, 0, 0, 100_001))))
                .hasMessageContaining("sensors must be at most 100000");
    }

    private static SimulationSettings settings(List<Region> regions) {
        return new SimulationSettings(
                42,
                regions,
                FaultRates.NONE,
                Optional.empty(),
                Optional.empty(),
                ONE_A_SECOND,
                1_000);
    }

    private Simulation live(Pace pace) {
        return new Simulation(
                new SimulationSettings(
                        42,
                        Senegal.REGIONS,
                        FaultRates.NONE,
                        Optional.empty(),
                        Optional.empty(),
                        pace,
                        1_000),
                destination,
                clock::get,
                scenarios);
    }

    /** An hour of the past. */
    private Simulation past(Pace pace, FaultRates faults) {
        return new Simulation(
                new SimulationSettings(
                        42,
                        Senegal.REGIONS,
                        faults,
                        Optional.of(PAST),
                        Optional.of(PAST.plus(Duration.ofHours(1))),
                        pace,
                        1_000),
                destination,
                clock::get,
                scenarios);
    }

    private void awaitPublished(int readings) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(destination.readings).hasSize(readings));
    }

    private void awaitPublishedSome() {
        await().atMost(PATIENCE).until(() -> !destination.readings.isEmpty());
    }

    private void awaitState(State state) {
        await().atMost(PATIENCE).until(() -> simulation.status().state() == state);
    }
}
