package io.fleuve.simulator.replay;

import java.time.Instant;
import java.util.Optional;

/**
 * How a replay is to be run.
 *
 * @param startAt the recorded time at which a first run begins; empty for the beginning of the
 *     source
 * @param loop whether the source begins again when it ends, as the time after it
 * @param speed the speed to begin with
 * @param times under which readings are published
 */
public record ReplaySettings(Optional<Instant> startAt, boolean loop, Speed speed, Times times) {

    /** The same at another speed. */
    ReplaySettings at(Speed other) {
        return new ReplaySettings(startAt, loop, other, times);
    }
}
