package io.fleuve.simulator.replay;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A replay at one moment.
 *
 * @param state what it does
 * @param detail why it waits or failed, if it does
 * @param source the name of what is replayed
 * @param run the run, once it is known
 * @param position readings of this pass that lie behind
 * @param total readings of a pass
 * @param pass passes that lie behind
 * @param sent readings acknowledged by the broker since the process started
 * @param skipped blank readings passed over since the process started
 * @param silenced readings that a scenario kept back since the process started
 * @param failed readings that the broker refused since the process started
 * @param unacknowledged readings on their way
 * @param speed seconds of recorded time for a second of the clock
 * @param readingsPerSecond readings acknowledged a second, over the last ten seconds
 * @param eventTime the published time of the newest reading that was acknowledged
 * @param lag how long the next reading is overdue
 */
public record ReplayStatus(
        State state,
        @Nullable String detail,
        String source,
        @Nullable ReplayRun run,
        int position,
        int total,
        long pass,
        long sent,
        long skipped,
        long silenced,
        long failed,
        int unacknowledged,
        double speed,
        double readingsPerSecond,
        @Nullable Instant eventTime,
        Duration lag) {

    /** What a replay does. */
    public enum State {
        /** Publishes, or waits until it can. */
        RUNNING,
        /** Stands where it was stopped. */
        STOPPED,
        /** Has published all there is. */
        FINISHED,
        /** Cannot go on; the detail says why. Starting it tries again. */
        FAILED
    }

    /** The part of this pass that lies behind, from 0 to 1. */
    public double progress() {
        return (double) position / total;
    }
}
