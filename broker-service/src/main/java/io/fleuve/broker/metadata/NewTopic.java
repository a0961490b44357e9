package io.fleuve.broker.metadata;

import java.util.Map;

/**
 * A topic to be created.
 *
 * @param partitions how many partitions, at least one
 * @param internal whether it is the platform's own
 */
public record NewTopic(String name, int partitions, boolean internal, Map<String, String> configs) {

    public NewTopic {
        if (partitions < 1) {
            throw new IllegalArgumentException(
                    "topic " + name + ": partitions must be at least 1, not " + partitions);
        }
        configs = Map.copyOf(configs);
    }
}
