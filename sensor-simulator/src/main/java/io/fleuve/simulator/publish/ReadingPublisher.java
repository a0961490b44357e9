package io.fleuve.simulator.publish;

import java.time.Duration;

/**
 * Takes readings and says later what became of them. Readings of one region are published in the
 * order in which they were offered. Used by one thread.
 */
public interface ReadingPublisher extends AutoCloseable {

    /** Told what became of readings, from a thread of the publisher's. */
    interface Outcomes {

        /** The reading is durable. */
        void acknowledged(Reading reading);

        /** The reading will not be published, whatever is done. */
        void failed(Reading reading, String reason);
    }

    /**
     * Hands a reading over, without waiting for its outcome.
     *
     * @return whether it was taken; if not, as much is on its way as may be, or the other side is
     *     out of reach: try again later
     */
    boolean offer(Reading reading);

    /** How many readings have been taken whose outcome is open. */
    int unacknowledged();

    /** Waits until no outcome is open. Returns whether that came to be in time. */
    boolean flush(Duration timeout);

    /** Gives up what is still open; there are no outcomes any more. */
    @Override
    void close();
}
