package io.fleuve.simulator.replay;

import java.time.Duration;
import java.util.Set;

/**
 * Where readings are published to, and what was published there before. One connection, used by one
 * thread.
 */
public interface ReadingLog extends AutoCloseable {

    /** Opens a log. Does not wait for the other side. */
    @FunctionalInterface
    interface Factory {

        ReadingLog open(Outcomes outcomes);
    }

    /** Told what became of readings, from a thread of the log's. */
    interface Outcomes {

        /** The reading is durable. */
        void acknowledged(RebasedReading reading);

        /** The reading will not be published, whatever is done. */
        void failed(RebasedReading reading, String reason);
    }

    /**
     * Looks up what is published already.
     *
     * @param regions those that are to be published
     * @throws UnreachableLogException if the other side does not answer for now; worth trying again
     */
    PublishedReadings published(Set<String> regions);

    /**
     * Hands a reading over, without waiting for its outcome.
     *
     * @return whether it was taken; if not, the log holds as much as it may, or is out of reach:
     *     try again later
     */
    boolean offer(ReplayRun run, RebasedReading reading);

    /** How many readings have been taken whose outcome is open. */
    int unacknowledged();

    /** Waits until no outcome is open. Returns whether that came to be in time. */
    boolean flush(Duration timeout);

    /** Gives up what is still open. */
    @Override
    void close();
}
