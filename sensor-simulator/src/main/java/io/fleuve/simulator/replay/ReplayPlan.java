package io.fleuve.simulator.replay;

import io.fleuve.simulator.source.ReadingSource;
import io.fleuve.simulator.source.RecordedReading;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a replay begins. Two rules hold for every plan: a series' published times only move
 * forward, since a reading for a window that is closed already would be late; and nothing is
 * published before its time has come, since brokers refuse timestamps from the future.
 *
 * @param run the run to begin or to go on with
 * @param floors by series, the time up to which readings are published already
 */
record ReplayPlan(ReplayRun run, Map<String, Instant> floors) {

    ReplayPlan {
        floors = Map.copyOf(floors);
    }

    /**
     * Goes on with the latest run of this source; begins one at {@code startAt} if there is none.
     */
    static ReplayPlan resume(
            ReadingSource source,
            PublishedReadings published,
            Optional<Instant> startAt,
            Times times,
            Instant now) {
        return published
                .latestRunOf(source.name())
                .filter(run -> times == Times.REBASED || run.shift().isZero())
                .map(run -> new ReplayPlan(run, published.floors()))
                .orElseGet(() -> begin(source, published, startAt, times, now));
    }

    /**
     * Begins a new run. Its last reading gets the latest time that is not in the future. If that
     * would publish times that are published already, the run is moved forward until it does not,
     * and its end will have to wait for its time to come. A run in recorded times is not moved: of
     * it is published what lies after all that is.
     *
     * @throws IllegalArgumentException if nothing was recorded at or after {@code from}
     */
    static ReplayPlan begin(
            ReadingSource source,
            PublishedReadings published,
            Optional<Instant> from,
            Times times,
            Instant now) {
        List<RecordedReading> readings = source.readings();
        Instant first = firstRecorded(source, from);
        if (times == Times.RECORDED) {
            return new ReplayPlan(new ReplayRun(source.name(), first, first), published.floors());
        }
        Duration toEndNow = Rebase.endingBy(now, readings.getLast().recordedAt());
        Map<String, Instant> floors = published.floors();
        Duration shift =
                floors.values().stream()
                        .max(Comparator.naturalOrder())
                        .map(floor -> Rebase.beginningAfter(floor, first))
                        .filter(toBeginAfter -> toBeginAfter.compareTo(toEndNow) > 0)
                        .orElse(toEndNow);
        return new ReplayPlan(new ReplayRun(source.name(), first, first.plus(shift)), floors);
    }

    /**
     * The time of the first reading recorded at or after {@code from}.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Instant firstRecorded(ReadingSource source, Optional<Instant> from) {
        List<RecordedReading> readings = source.readings();
        Instant earliest = from.orElse(readings.getFirst().recordedAt());
        return readings.stream()
                .map(RecordedReading::recordedAt)
                .filter(time -> !time.isBefore(earliest))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "no reading at or after %s; '%s' was recorded from %s to %s"
                                                .formatted(
                                                        earliest,
                                                        source.name(),
                                                        readings.getFirst().recordedAt(),
                                                        readings.getLast().recordedAt())));
    }
}
