package io.fleuve.broker.metadata;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The cluster's metadata, as one broker sees it.
 *
 * <p>{@link #current()} is in memory and at most a poll interval old; everything else talks to the
 * database and blocks. A change made through this interface is in {@link #current()} when the call
 * returns.
 */
public interface ClusterMetadata {

    /** This broker's id. */
    int brokerId();

    /** The newest image that this broker has. Never blocks. */
    ClusterImage current();

    /**
     * Reads what has changed since, if anything has. Cheap when nothing has.
     *
     * @throws MetadataUnavailableException if the database does not answer (retriable)
     */
    ClusterImage refresh();

    /**
     * Whether this broker's lease lasts, so that nobody has been given what it leads for want of a
     * sign of life. Never blocks.
     */
    boolean leaseLasts();

    /**
     * Calls the listener with every newer image, in order, on one thread, beginning with the
     * current one. Listeners must not block for long.
     */
    void onChange(Consumer<ClusterImage> listener);

    /**
     * Creates a topic.
     *
     * @throws MetadataUnavailableException if the database does not answer (retriable)
     */
    CreateTopicResult createTopic(NewTopic topic);

    /**
     * Deletes a topic and everything in it.
     *
     * @return the topic as it was, or empty if there is none of that id
     * @throws MetadataUnavailableException if the database does not answer (retriable)
     */
    Optional<TopicImage> deleteTopic(UUID id);

    /**
     * Adds partitions to a topic until it has {@code total}.
     *
     * @return the topic as it is now, or empty if there is none of that name; unchanged when it
     *     already has as many or more
     * @throws MetadataUnavailableException if the database does not answer (retriable)
     */
    Optional<TopicImage> growTopic(String name, int total);

    /**
     * Sets configurations of a topic, or, where the value is empty, removes them. Values are not
     * checked here.
     *
     * @return the topic as it is now, or empty if there is none of that name
     * @throws MetadataUnavailableException if the database does not answer (retriable)
     */
    Optional<TopicImage> alterTopicConfigs(String name, Map<String, Optional<String>> changes);

    /**
     * A producer id that nobody had before. Blocks now and then: ids come in blocks.
     *
     * @throws MetadataUnavailableException if the database does not answer (retriable)
     */
    long nextProducerId();
}
