package io.fleuve.simulator.replay;

import io.fleuve.simulator.publish.ReadingPublisher;
import io.fleuve.simulator.publish.UnreachableTopicException;
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

        ReadingLog open(ReadingPublisher.Outcomes outcomes);
    }

    /**
     * Looks up what is published already.
     *
     * @param series those that are to be published
     * @throws UnreachableTopicException if the other side does not answer for now; worth trying
     *     again
     */
    PublishedReadings published(Set<String> series);

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
