package io.fleuve.simulator.live;

import io.fleuve.simulator.simulation.GroundTruth;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A simulation at one moment.
 *
 * @param state what it does
 * @param detail why it waits or failed, if it does
 * @param seed decides all that is random
 * @param pace as it was set, without bursts
 * @param burstFactor how many times as many readings bursts make of it now
 * @param sensors how many there are
 * @param simulatedTime the moment that comes next; null if it never ran
 * @param acknowledged readings that are durable
 * @param failed readings that were refused
 * @param unacknowledged readings on their way to the broker
 * @param heldBack readings under way to the publisher: late, out of order, or second copies
 * @param readingsPerSecond acknowledged a second, over the last ten seconds
 * @param lag how long the next reading is overdue
 * @param truth what was done, by region
 * @param acknowledgedByRegion readings that are durable, by region
 */
public record SimulationStatus(
        State state,
        @Nullable String detail,
        long seed,
        Pace pace,
        double burstFactor,
        int sensors,
        @Nullable Instant simulatedTime,
        long acknowledged,
        long failed,
        int unacknowledged,
        long heldBack,
        double readingsPerSecond,
        Duration lag,
        Map<String, GroundTruth.Counts> truth,
        Map<String, Long> acknowledgedByRegion) {

    /** What a simulation does. */
    public enum State {
        /** Publishes, or waits until it can. */
        RUNNING,
        /** Stands where it was paused, or was not started yet. */
        PAUSED,
        /** Has reached its end. */
        FINISHED,
        /** Cannot go on; the detail says why. Starting it tries again. */
        FAILED
    }
}
