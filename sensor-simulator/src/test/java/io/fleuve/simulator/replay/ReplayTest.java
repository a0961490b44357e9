package io.fleuve.simulator.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fleuve.simulator.replay.ReplayStatus.State;
import io.fleuve.simulator.scenario.Influence;
import io.fleuve.simulator.scenario.Scenario;
import io.fleuve.simulator.scenario.ScenarioBoard;
import io.fleuve.simulator.scenario.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplayTest {

    private static final Instant NOW = Instant.parse("2026-11-22T17:20:00Z");

    private final HourlyReadings source = HourlyReadings.ofHours(48);
    private final int withValue =
            (int)
                    source.readings().stream()
                            .filter(reading -> reading.celsius().isPresent())
                            .count();
    private final MemoryReadingLog log = new MemoryReadingLog();
    private final AtomicReference<Instant> clock = new AtomicReference<>(NOW);
    private final ScenarioBoard scenarios = new ScenarioBoard(clock::get, 10);
    private Replay replay = replay(new Speed(3_600), false);

    @AfterEach
    void stop() {
        replay.close();
    }

    @Test
    void publishesOneRecordedHourForEachSecondOfTheClock() {
        replay.start();
        awaitPublished(2);

        for (int second = 1; second <= 3; second++) {
            clock.set(NOW.plusSeconds(second));
            awaitPublished(2 + 2 * second);
            assertThat(replay.status().state()).isEqualTo(State.RUNNING);
        }
        clock.set(NOW.plusMillis(3_999));
        await().during(Duration.ofMillis(300)).until(() -> log.entries.size() == 8);
    }

    @Test
    void catchesUpAfterTheBrokerWasAwayAndLosesNothing() {
        replay.start();
        awaitPublished(2);
        log.away = true;
        clock.set(NOW.plusSeconds(20));
        await().until(() -> replay.status().lag().equals(Duration.ofSeconds(19)));
        assertThat(replay.status().detail()).contains("broker");

        log.away = false;

        // Hours 0 to 20, less the blank readings of hours 4, 9, 14 and 19.
        awaitPublished(21 * 2 - 4);
        assertThat(replay.status().lag()).isZero();
        assertThat(replay.status().skipped()).isEqualTo(4);
    }

    @Test
    void waitsForABrokerThatIsNotUpYet() {
        log.away = true;
        replay.start();
        await().until(() -> "no answer".equals(replay.status().detail()));
        assertThat(replay.status().state()).isEqualTo(State.RUNNING);

        log.away = false;

        awaitPublished(2);
    }

    @Test
    void finishesWithAllReadingsPublishedOnceAndBlankOnesSkipped() {
        replay.speed(new Speed(Speed.UNPACED));
        replay.start();
        awaitState(State.FINISHED);

        assertThat(log.entries).hasSize(withValue);
        ReplayStatus status = replay.status();
        assertThat(status.sent()).isEqualTo(withValue);
        assertThat(status.skipped()).isEqualTo(source.readings().size() - withValue);
        assertThat(status.progress()).isEqualTo(1);
    }

    @Test
    void anotherProcessGoesOnWhereTheFirstWasStopped() {
        replay.start();
        awaitPublished(2);
        clock.set(NOW.plusSeconds(10));
        awaitPublished(20);
        replay.close();
        assertThat(replay.status().state()).isEqualTo(State.STOPPED);

        clock.set(NOW.plus(Duration.ofDays(3)));
        replay = replay(new Speed(Speed.UNPACED), false);
        replay.start();
        awaitState(State.FINISHED);

        List<RebasedReading> published = log.readings();
        assertThat(published).hasSize(withValue).doesNotHaveDuplicates();
        assertThat(published.stream().map(RebasedReading::observedAt)).isSorted();
    }

    @Test
    void changesSpeedWhileItRuns() {
        replay.start();
        awaitPublished(2);

        replay.speed(new Speed(Speed.UNPACED));

        awaitState(State.FINISHED);
        assertThat(replay.status().speed()).isEqualTo(Speed.UNPACED);
    }

    @Test
    void loopsUpToThePresentAndThenGoesWithTheClock() {
        replay.close();
        replay = replay(new Speed(Speed.UNPACED), true);
        replay.start();
        // The second pass begins today at 00:00: 18 hours of it have come at 17:20, three of them
        // with a blank.
        awaitPublished(withValue + 18 * 2 - 3);
        assertThat(replay.status().detail()).contains("2026-11-22T18:00:00Z");
        assertThat(replay.status().pass()).isEqualTo(1);

        clock.set(Instant.parse("2026-11-22T18:00:00Z"));

        awaitPublished(withValue + 19 * 2 - 3);
        assertThat(log.readings().getLast().observedAt()).isEqualTo("2026-11-22T18:00:00Z");
    }

    @Test
    void restartsLaterInEventTimeThanAllThatIsPublished() {
        replay.start();
        awaitPublished(2);
        clock.set(NOW.plusSeconds(5));
        awaitPublished(11);
        Instant newest = log.readings().getLast().observedAt();

        replay.restart(Optional.of(Instant.parse("2024-01-01T12:00:00Z")));
        awaitPublished(13);

        RebasedReading first = log.readings().get(11);
        assertThat(first.recorded().recordedAt()).isEqualTo("2024-01-01T12:00:00Z");
        assertThat(first.observedAt()).isAfter(newest);
    }

    @Test
    void keepsRunningIfTheRestartIsNoTimeOfTheData() {
        replay.start();
        awaitPublished(2);

        assertThatThrownBy(() -> replay.restart(Optional.of(NOW)))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(replay.status().state()).isEqualTo(State.RUNNING);
    }

    @Test
    void failsWithTheReadingThatWasRefusedAndCanBeStartedAgain() {
        log.refused = Instant.parse("2024-01-01T03:00:00Z");
        replay.speed(new Speed(Speed.UNPACED));
        replay.start();
        awaitState(State.FAILED);
        assertThat(replay.status().detail())
                .contains("the reading of a recorded at 2024-01-01T03:00:00Z was refused");
        assertThat(replay.status().failed()).isEqualTo(1);

        log.refused = Instant.MIN;
        replay.start();

        awaitState(State.FINISHED);
        assertThat(log.readings()).hasSize(withValue).doesNotHaveDuplicates();
    }

    @Test
    void warmsWhatAHeatWaveCoversAndLeavesTheRestAsRecorded() {
        String id =
                scenarios
                        .place(
                                new Scenario.HeatWave(
                                        new Scope(Set.of("a"), Set.of()),
                                        10,
                                        Duration.ZERO,
                                        Duration.ofHours(12)),
                                null)
                        .id();
        replay.speed(new Speed(Speed.UNPACED));
        replay.start();
        awaitState(State.FINISHED);

        List<RebasedReading> published = log.readings();
        Instant first = published.getFirst().observedAt();
        assertThat(published).hasSize(withValue);
        for (RebasedReading reading : published) {
            boolean warm =
                    reading.recorded().region().equals("a")
                            && reading.observedAt().isBefore(first.plus(Duration.ofHours(12)));
            assertThat(reading.influence())
                    .isEqualTo(warm ? new Influence(10, false, List.of(id)) : Influence.NONE);
        }
    }

    @Test
    void keepsBackTheReadingsOfSilencedSensorsAndCountsThem() {
        scenarios.place(
                new Scenario.Silence(new Scope(Set.of(), Set.of("a-1")), Duration.ofHours(5)),
                null);
        replay.speed(new Speed(Speed.UNPACED));
        replay.start();
        awaitState(State.FINISHED);

        assertThat(replay.status().silenced()).isEqualTo(5);
        assertThat(log.entries).hasSize(withValue - 5);
    }

    @Test
    void runsFasterInABurst() {
        scenarios.place(new Scenario.Burst(10, Duration.ofSeconds(60)), null);
        replay.start();
        awaitPublished(2);

        clock.set(NOW.plusSeconds(1));

        // Ten recorded hours, two of them with a blank.
        awaitPublished(2 + 10 * 2 - 2);
    }

    private Replay replay(Speed speed, boolean loop) {
        return new Replay(
                source,
                log,
                new ReplaySettings(Optional.empty(), loop, speed, Times.REBASED),
                clock::get,
                scenarios);
    }

    private void awaitPublished(int readings) {
        await().untilAsserted(() -> assertThat(log.entries).hasSize(readings));
    }

    private void awaitState(State state) {
        await().until(() -> replay.status().state() == state);
    }
}
