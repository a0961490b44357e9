package io.fleuve.broker.metadata;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A topic.
 *
 * @param partitions its partitions, in order of their index
 * @param configs what was set for this topic, defaults not included
 */
public record TopicImage(
        String name,
        UUID id,
        boolean internal,
        List<PartitionImage> partitions,
        Map<String, String> configs) {

    /** The partition with that index, if the topic has it. */
    public Optional<PartitionImage> partition(int index) {
        return index >= 0 && index < partitions.size()
                ? Optional.of(partitions.get(index))
                : Optional.empty();
    }
}
