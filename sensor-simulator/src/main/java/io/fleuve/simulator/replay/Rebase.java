package io.fleuve.simulator.replay;

import io.fleuve.simulator.source.ReadingSource;
import io.fleuve.simulator.source.RecordedReading;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Maps recorded times to published ones: {@code published = recorded + shift + pass × period}.
 *
 * <p>Spacing stays as recorded. Shift and period are whole days, so a reading keeps its time of day
 * (the hottest hour stays in the afternoon) and its place in any window that divides a day. One
 * pass follows the other without overlap, since the period is longer than the source.
 *
 * @param shift whole days, added in the first pass
 * @param period whole days, more than the time between the first reading and the last
 */
record Rebase(Duration shift, Duration period) {

    /** The rebase of a source by a shift. */
    static Rebase of(ReadingSource source, Duration shift) {
        List<RecordedReading> readings = source.readings();
        Duration length =
                Duration.between(readings.getFirst().recordedAt(), readings.getLast().recordedAt());
        return new Rebase(shift, Duration.ofDays(length.toDays() + 1));
    }

    /**
     * The latest shift with which a reading recorded at {@code last} does not lie after {@code
     * now}.
     */
    static Duration endingBy(Instant now, Instant last) {
        return Duration.ofDays(Math.floorDiv(Duration.between(last, now).toSeconds(), 86_400L));
    }

    /**
     * The earliest shift with which a reading recorded at {@code first} lies after {@code floor}.
     */
    static Duration beginningAfter(Instant floor, Instant first) {
        return Duration.ofDays(
                Math.floorDiv(Duration.between(first, floor).toSeconds(), 86_400L) + 1);
    }

    /** The published time of a reading in a pass, the first of which is 0. */
    Instant observedAt(Instant recordedAt, long pass) {
        return recordedAt.plus(shift).plus(period.multipliedBy(pass));
    }
}
