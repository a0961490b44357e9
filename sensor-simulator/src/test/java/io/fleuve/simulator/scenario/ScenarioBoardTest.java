package io.fleuve.simulator.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fleuve.simulator.scenario.PlacedScenario.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ScenarioBoardTest {

    private static final Instant NOW = Instant.parse("2026-11-22T17:20:00Z");
    private static final Instant EVENT = Instant.parse("2024-05-01T00:00:00Z");
    private static final Scope EVERYWHERE = new Scope(Set.of(), Set.of());
    private static final Scope DAKAR = new Scope(Set.of("dakar"), Set.of());

    private final AtomicReference<Instant> clock = new AtomicReference<>(NOW);
    private final ScenarioBoard board = new ScenarioBoard(clock::get, 3);

    @Test
    void warmsARegionUpOverTheRampAndBack() {
        reach(EVENT);
        board.place(
                new Scenario.HeatWave(DAKAR, 12, Duration.ofHours(6), Duration.ofDays(3)), null);

        assertThat(celsius("dakar", Duration.ZERO)).isZero();
        assertThat(celsius("dakar", Duration.ofHours(3))).isCloseTo(6, within(1e-9));
        assertThat(celsius("dakar", Duration.ofHours(6))).isEqualTo(12);
        assertThat(celsius("dakar", Duration.ofHours(40))).isEqualTo(12);
        assertThat(celsius("dakar", Duration.ofHours(69))).isCloseTo(6, within(1e-9));
        assertThat(celsius("dakar", Duration.ofHours(72))).isZero();
        assertThat(celsius("dakar", Duration.ofHours(-1))).isZero();
        assertThat(celsius("thies", Duration.ofHours(6))).isZero();
    }

    @Test
    void namesTheScenariosThatChangeAReadingAndAddsThemUp() {
        reach(EVENT);
        String wave = place(new Scenario.HeatWave(DAKAR, 12, Duration.ZERO, Duration.ofDays(3)));
        String snap =
                place(new Scenario.ColdSnap(EVERYWHERE, 5, Duration.ZERO, Duration.ofDays(1)));

        assertThat(on("dakar", "dakar-1", Duration.ofHours(1)))
                .satisfies(
                        influence -> {
                            assertThat(influence.celsius()).isEqualTo(7);
                            assertThat(influence.scenarios()).containsExactly(wave, snap);
                            assertThat(influence.silent()).isFalse();
                        });
        assertThat(on("thies", "thies-1", Duration.ofDays(2))).isSameAs(Influence.NONE);
    }

    @Test
    void silencesOneSensorOfARegion() {
        reach(EVENT);
        place(
                new Scenario.Silence(
                        new Scope(Set.of("dakar"), Set.of("dakar-2")), Duration.ofHours(2)));

        assertThat(on("dakar", "dakar-2", Duration.ofHours(1)).silent()).isTrue();
        assertThat(on("dakar", "dakar-1", Duration.ofHours(1)).silent()).isFalse();
        assertThat(on("dakar", "dakar-2", Duration.ofHours(2)).silent()).isFalse();
    }

    @Test
    void beginsWithTheFirstReadingIfThereWasNone() {
        PlacedScenario placed = board.place(new Scenario.Silence(DAKAR, Duration.ofHours(2)), null);
        assertThat(placed.from()).isNull();
        assertThat(board.stateOf(placed)).isEqualTo(State.WAITING);

        reach(EVENT);

        PlacedScenario begun = board.find(placed.id()).orElseThrow();
        assertThat(begun.from()).isEqualTo(EVENT);
        assertThat(board.stateOf(begun)).isEqualTo(State.ACTIVE);
    }

    @Test
    void waitsForItsTimeAndEndsInTheTimeOfReadings() {
        reach(EVENT);
        PlacedScenario placed =
                board.place(
                        new Scenario.Silence(DAKAR, Duration.ofHours(2)),
                        EVENT.plus(Duration.ofHours(1)));
        assertThat(board.stateOf(placed)).isEqualTo(State.WAITING);
        clock.set(NOW.plus(Duration.ofDays(1)));
        assertThat(board.stateOf(placed)).isEqualTo(State.WAITING);

        reach(EVENT.plus(Duration.ofHours(1)));
        assertThat(board.stateOf(placed)).isEqualTo(State.ACTIVE);
        assertThat(board.active()).isEqualTo(1);

        reach(EVENT.plus(Duration.ofHours(3)));
        assertThat(board.stateOf(placed)).isEqualTo(State.ENDED);
    }

    @Test
    void multipliesTheRateWhileABurstIsOnByTheClock() {
        place(new Scenario.Burst(10, Duration.ofMinutes(1)));
        place(new Scenario.Burst(3, Duration.ofSeconds(30)));
        assertThat(board.burstFactor()).isEqualTo(30);

        clock.set(NOW.plusSeconds(30));
        assertThat(board.burstFactor()).isEqualTo(10);
        reach(EVENT.plus(Duration.ofDays(9)));
        assertThat(board.burstFactor()).isEqualTo(10);

        clock.set(NOW.plusSeconds(60));
        assertThat(board.burstFactor()).isEqualTo(1);
    }

    @Test
    void forgetsWhatHasEndedForNewOnesAndRefusesMoreThanItMayHold() {
        reach(EVENT);
        String first = place(new Scenario.Silence(DAKAR, Duration.ofHours(1)));
        place(new Scenario.Silence(DAKAR, Duration.ofHours(5)));
        place(new Scenario.Silence(DAKAR, Duration.ofHours(5)));
        assertThatThrownBy(() -> place(new Scenario.Silence(DAKAR, Duration.ofHours(1))))
                .isInstanceOf(TooManyScenariosException.class)
                .hasMessageContaining("3 scenarios")
                .hasMessageContaining("delete one");

        reach(EVENT.plus(Duration.ofHours(1)));
        place(new Scenario.Silence(DAKAR, Duration.ofHours(1)));

        assertThat(board.all()).hasSize(3).noneMatch(each -> each.id().equals(first));
    }

    @Test
    void endsAtOnceWhatIsRemoved() {
        reach(EVENT);
        String id = place(new Scenario.HeatWave(DAKAR, 12, Duration.ZERO, Duration.ofDays(3)));

        assertThat(board.remove(id)).isTrue();

        assertThat(celsius("dakar", Duration.ofHours(1))).isZero();
        assertThat(board.remove(id)).isFalse();
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(
                        () -> new Scenario.HeatWave(DAKAR, -3, Duration.ZERO, Duration.ofDays(1)))
                .hasMessage("degrees must be above 0 and at most 40, not -3.0");
        assertThatThrownBy(
                        () ->
                                new Scenario.ColdSnap(
                                        DAKAR, 3, Duration.ofHours(13), Duration.ofDays(1)))
                .hasMessageContaining("ramp must be at most half the duration of PT24H");
        assertThatThrownBy(() -> new Scenario.Silence(DAKAR, Duration.ZERO))
                .hasMessageContaining("duration must be above PT0S");
        assertThatThrownBy(() -> new Scenario.Burst(1, Duration.ofSeconds(1)))
                .hasMessageContaining("factor must be above 1");
        assertThatThrownBy(() -> new Scenario.Burst(2, Duration.ofDays(1)))
                .hasMessageContaining("at most PT1H");
        assertThatThrownBy(
                        () ->
                                new KnownPlaces(Set.of("dakar", "thies"), Set.of())
                                        .check(new Scope(Set.of("Dakar"), Set.of())))
                .hasMessage("there is no region 'Dakar'; there are dakar, thies");
    }

    private String place(Scenario scenario) {
        return board.place(scenario, null).id();
    }

    private void reach(Instant eventTime) {
        board.reached(PlacedScenario.micros(eventTime));
    }

    private double celsius(String region, Duration after) {
        return on(region, region + "-1", after).celsius();
    }

    private Influence on(String region, String sensor, Duration after) {
        return board.on(region, sensor, PlacedScenario.micros(EVENT.plus(after)));
    }
}
