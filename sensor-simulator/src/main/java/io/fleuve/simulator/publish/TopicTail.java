package io.fleuve.simulator.publish;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads what is in the topic. Used by one thread. All methods throw {@link
 * UnreachableTopicException} if the other side does not answer for now.
 */
public interface TopicTail extends AutoCloseable {

    /**
     * A partition and the offsets that it holds.
     *
     * @param begin the first offset
     * @param end the offset after the last
     */
    record Span(int partition, long begin, long end) {}

    /**
     * A record, as far as it is of interest.
     *
     * @param key as text
     * @param timestamp of the record
     * @param headers as text, the last of each name
     */
    record Stored(String key, Instant timestamp, Map<String, String> headers) {}

    /** The partitions of the topic; never empty. */
    List<Span> partitions();

    /** Reads the records with a key from one offset up to another, exclusive. */
    void read(int partition, long from, long upTo, Consumer<Stored> each);

    @Override
    void close();
}
