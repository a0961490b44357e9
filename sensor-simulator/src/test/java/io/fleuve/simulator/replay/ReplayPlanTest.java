package io.fleuve.simulator.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fleuve.simulator.replay.PublishedReadings.Newest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplayPlanTest {

    private static final Instant NOW = Instant.parse("2026-11-22T17:20:00Z");
    private final HourlyReadings source = HourlyReadings.ofHours(24 * 10);

    @Test
    void endsAFirstRunAtTheLatestTimeThatIsNotInTheFuture() {
        List<RebasedReading> readings = all(fresh(Optional.empty()));

        assertThat(readings.getLast().observedAt()).isEqualTo("2026-11-21T23:00:00Z");
        assertThat(readings).hasSize(source.readings().size());
    }

    @Test
    void keepsSpacingAndTimeOfDay() {
        for (RebasedReading reading : all(fresh(Optional.empty()))) {
            Duration shift =
                    Duration.between(reading.recorded().recordedAt(), reading.observedAt());
            assertThat(shift)
                    .isEqualTo(Duration.ofDays(1046))
                    .isEqualTo(Duration.ofDays(shift.toDays()));
        }
    }

    @Test
    void beginsAFirstRunWhereItIsToldTo() {
        Instant from = Instant.parse("2024-01-03T11:30:00Z");

        List<RebasedReading> readings = all(fresh(Optional.of(from)));

        assertThat(readings.getFirst().recorded().recordedAt()).isEqualTo("2024-01-03T12:00:00Z");
        assertThat(readings.getLast().observedAt()).isEqualTo("2026-11-21T23:00:00Z");
    }

    @Test
    void goesOnExactlyAfterWhatEachRegionHasPublished() {
        ReplayPlan first = fresh(Optional.empty());
        List<RebasedReading> readings = all(first);
        // Partitions proceed on their own: a is ahead of b.
        Instant aUpTo = readings.get(40).observedAt();
        Instant bUpTo = readings.get(31).observedAt();
        PublishedReadings published =
                new PublishedReadings(
                        Map.of(
                                "a",
                                new Newest(first.run(), aUpTo),
                                "b",
                                new Newest(first.run(), bUpTo)));

        // A week later, and with another place to start at: neither matters to a run that has
        // begun.
        ReplayPlan resumed =
                ReplayPlan.resume(
                        source,
                        published,
                        Optional.of(source.last()),
                        Times.REBASED,
                        NOW.plus(Duration.ofDays(7)));

        assertThat(all(resumed))
                .containsExactlyElementsOf(
                        readings.stream()
                                .filter(
                                        reading ->
                                                reading.observedAt()
                                                        .isAfter(
                                                                reading.recorded()
                                                                                .region()
                                                                                .equals("a")
                                                                        ? aUpTo
                                                                        : bUpTo))
                                .toList());
    }

    @Test
    void publishesARegionFromTheRunsBeginningIfNothingOfItArrived() {
        ReplayPlan first = fresh(Optional.of(Instant.parse("2024-01-02T00:00:00Z")));
        PublishedReadings published =
                new PublishedReadings(
                        Map.of("a", new Newest(first.run(), first.run().observedFrom())));

        List<RebasedReading> resumed =
                all(ReplayPlan.resume(source, published, Optional.empty(), Times.REBASED, NOW));

        assertThat(resumed.getFirst().recorded().region()).isEqualTo("b");
        assertThat(resumed.getFirst().observedAt()).isEqualTo(first.run().observedFrom());
    }

    @Test
    void hasNothingLeftAfterTheEnd() {
        ReplayPlan first = fresh(Optional.empty());
        Instant end = all(first).getLast().observedAt();
        PublishedReadings published =
                new PublishedReadings(
                        Map.of(
                                "a",
                                new Newest(first.run(), end),
                                "b",
                                new Newest(first.run(), end)));

        assertThat(all(ReplayPlan.resume(source, published, Optional.empty(), Times.REBASED, NOW)))
                .isEmpty();
    }

    @Test
    void movesANewRunBehindWhatIsPublished() {
        ReplayPlan first = fresh(Optional.empty());
        Instant newest = first.run().observedFrom().plus(Duration.ofHours(30));
        PublishedReadings published =
                new PublishedReadings(Map.of("a", new Newest(first.run(), newest)));

        ReplayPlan again =
                ReplayPlan.begin(source, published, Optional.empty(), Times.REBASED, NOW);

        assertThat(again.run().observedFrom())
                .isAfter(newest)
                .isEqualTo(first.run().observedFrom().plus(Duration.ofDays(2)));
        assertThat(all(again)).hasSize(source.readings().size());
    }

    @Test
    void endsANewRunNowIfThereIsRoom() {
        ReplayPlan first = fresh(Optional.empty());
        PublishedReadings published =
                new PublishedReadings(
                        Map.of("a", new Newest(first.run(), first.run().observedFrom())));

        ReplayPlan again =
                ReplayPlan.begin(
                        source,
                        published,
                        Optional.of(Instant.parse("2024-01-09T00:00:00Z")),
                        Times.REBASED,
                        NOW);

        assertThat(all(again).getLast().observedAt()).isEqualTo("2026-11-21T23:00:00Z");
    }

    @Test
    void takesTheLatestRunOfSeveral() {
        ReplayPlan first = fresh(Optional.empty());
        Newest old = new Newest(first.run(), first.run().observedFrom());
        ReplayPlan second =
                ReplayPlan.begin(
                        source,
                        new PublishedReadings(Map.of("a", old)),
                        Optional.empty(),
                        Times.REBASED,
                        NOW);
        PublishedReadings published =
                new PublishedReadings(
                        Map.of(
                                "a",
                                new Newest(second.run(), second.run().observedFrom()),
                                "b",
                                old));

        assertThat(ReplayPlan.resume(source, published, Optional.empty(), Times.REBASED, NOW).run())
                .isEqualTo(second.run());
    }

    @Test
    void saysWhatWasRecordedIfNothingLiesAfterTheStart() {
        assertThatThrownBy(() -> fresh(Optional.of(NOW)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2026-11-22T17:20:00Z")
                .hasMessageContaining(
                        "'hourly' was recorded from 2024-01-01T00:00:00Z to 2024-01-10T23:00:00Z");
    }

    @Test
    void loopsWithoutGapOrOverlap() {
        ReplayCursor cursor = new ReplayCursor(source, fresh(Optional.empty()), true);
        Instant before = Instant.MIN;
        for (int i = 0; i < source.readings().size() * 3; i++) {
            RebasedReading reading = cursor.next().orElseThrow();
            if (reading.recorded().region().equals("a") && i > 0) {
                assertThat(reading.observedAt()).isEqualTo(before.plus(Duration.ofHours(1)));
            }
            before = reading.observedAt();
            cursor.advance();
        }
        assertThat(cursor.pass()).isEqualTo(3);
    }

    @Test
    void publishesUnderRecordedTimesIfItIsToldTo() {
        List<RebasedReading> readings =
                all(
                        ReplayPlan.resume(
                                source,
                                PublishedReadings.none(),
                                Optional.empty(),
                                Times.RECORDED,
                                NOW));

        assertThat(readings)
                .hasSize(source.readings().size())
                .allMatch(reading -> reading.observedAt().equals(reading.recorded().recordedAt()));
    }

    @Test
    void doesNotRepeatRecordedTimesThatArePublished() {
        Instant upTo = Instant.parse("2024-01-04T00:00:00Z");
        ReplayRun recorded = new ReplayRun("hourly", HourlyReadings.FIRST, HourlyReadings.FIRST);
        PublishedReadings published =
                new PublishedReadings(
                        Map.of("a", new Newest(recorded, upTo), "b", new Newest(recorded, upTo)));

        for (ReplayPlan plan :
                List.of(
                        ReplayPlan.resume(source, published, Optional.empty(), Times.RECORDED, NOW),
                        ReplayPlan.begin(
                                source, published, Optional.empty(), Times.RECORDED, NOW))) {
            assertThat(all(plan)).hasSize(source.readings().size() - 2 * 73);
            assertThat(all(plan).getFirst().observedAt()).isEqualTo("2024-01-04T01:00:00Z");
        }
    }

    @Test
    void writesARunAsTextAndReadsItBack() {
        ReplayRun run = fresh(Optional.empty()).run();

        assertThat(ReplayRun.parse(run.format())).isEqualTo(run);
        assertThatThrownBy(() -> ReplayRun.parse("something else"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("something else");
    }

    private ReplayPlan fresh(Optional<Instant> startAt) {
        return ReplayPlan.resume(source, PublishedReadings.none(), startAt, Times.REBASED, NOW);
    }

    private List<RebasedReading> all(ReplayPlan plan) {
        List<RebasedReading> readings = new ArrayList<>();
        ReplayCursor cursor = new ReplayCursor(source, plan, false);
        for (var next = cursor.next(); next.isPresent(); next = cursor.next()) {
            readings.add(next.get());
            cursor.advance();
        }
        return readings;
    }
}
