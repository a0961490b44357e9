package io.fleuve.simulator.publish;

/** The topic that readings go to, by whatever way. */
public interface Destination {

    /**
     * Makes the topic if it is not there.
     *
     * @throws UnreachableTopicException if the other side does not answer for now; worth trying
     *     again
     */
    void createIfAbsent();

    /** Opens a publisher. Does not wait for the other side. */
    ReadingPublisher publisher(ReadingPublisher.Outcomes outcomes);

    /**
     * Opens a look at what is there.
     *
     * @throws UnreachableTopicException if the other side does not answer for now
     */
    TopicTail tail();

    /** How many attempts to publish had to be repeated since the process started. */
    long retries();
}
