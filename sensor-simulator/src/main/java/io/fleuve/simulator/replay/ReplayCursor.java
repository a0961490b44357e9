package io.fleuve.simulator.replay;

import io.fleuve.simulator.scenario.Influence;
import io.fleuve.simulator.source.ReadingSource;
import io.fleuve.simulator.source.RecordedReading;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A place in a run: gives the readings that are still to be published, one after the other. Knows
 * no clock. Belongs to one thread.
 */
final class ReplayCursor {

    private final List<RecordedReading> readings;
    private final Rebase rebase;
    private final Map<String, Instant> floors;
    private final boolean loop;
    private long pass;
    private int index;

    /**
     * @param loop whether another pass follows the last reading
     */
    ReplayCursor(ReadingSource source, ReplayPlan plan, boolean loop) {
        this.readings = source.readings();
        this.rebase = Rebase.of(source, plan.run().shift());
        this.floors = plan.floors();
        this.loop = loop;
        seek(plan.run().recordedFrom());
        skipPublished();
    }

    /** The next reading, or nothing at the end. */
    Optional<RebasedReading> next() {
        if (index == readings.size()) {
            return Optional.empty();
        }
        RecordedReading recorded = readings.get(index);
        return Optional.of(
                new RebasedReading(
                        recorded, rebase.observedAt(recorded.recordedAt(), pass), Influence.NONE));
    }

    /** Steps over {@link #next}. */
    void advance() {
        step();
        skipPublished();
    }

    /** How many readings of this pass lie behind. */
    int position() {
        return index;
    }

    /** How many passes through the source lie behind. */
    long pass() {
        return pass;
    }

    private void step() {
        index++;
        if (index == readings.size() && loop) {
            index = 0;
            pass++;
        }
    }

    private void skipPublished() {
        for (Optional<RebasedReading> next = next();
                next.isPresent() && isPublished(next.get());
                next = next()) {
            step();
        }
    }

    private boolean isPublished(RebasedReading reading) {
        Instant floor = floors.get(reading.recorded().series());
        return floor != null && !reading.observedAt().isAfter(floor);
    }

    private void seek(Instant recordedFrom) {
        while (index < readings.size() - 1
                && readings.get(index).recordedAt().isBefore(recordedFrom)) {
            index++;
        }
    }
}
