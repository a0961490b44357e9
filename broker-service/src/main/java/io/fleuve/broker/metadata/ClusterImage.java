package io.fleuve.broker.metadata;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;

/**
 * Everything the cluster agrees on, at one version. Immutable.
 *
 * @param version rises with every change
 * @param clusterId the cluster's id, as clients see it
 * @param brokers the brokers that are alive, by id
 * @param topics all topics, by name
 * @param topicsById the same topics, by id
 */
public record ClusterImage(
        long version,
        String clusterId,
        SortedMap<Integer, BrokerImage> brokers,
        SortedMap<String, TopicImage> topics,
        Map<UUID, TopicImage> topicsById) {

    public Optional<TopicImage> topic(String name) {
        return Optional.ofNullable(topics.get(name));
    }

    public Optional<TopicImage> topic(UUID id) {
        return Optional.ofNullable(topicsById.get(id));
    }
}
