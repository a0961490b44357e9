package io.fleuve.gateway.events;

import io.fleuve.gateway.kafka.TopicTail.Gap;
import java.util.List;
import java.util.SortedMap;

/**
 * What one poll of a tail gave.
 *
 * @param sequence counts the chunks of a tail
 * @param moved the positions after it, of the partitions that it moved
 */
record Chunk(
        long sequence,
        List<TailRecord> records,
        SortedMap<Integer, Long> moved,
        List<Gap> gaps,
        long bytes) {}
