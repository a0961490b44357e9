package io.fleuve.gateway.kafka;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Where the partitions of a topic begin and end, all of them asked about at once. */
public final class TopicOffsets {

    private final ClusterAdmin admin;

    public TopicOffsets(ClusterAdmin admin) {
        this.admin = admin;
    }

    /**
     * A topic as the brokers know it now.
     *
     * @param id another one when the topic was deleted and created again
     * @param leaderless partitions that nobody serves at this moment
     */
    public record Topic(
            String name, Uuid id, SortedSet<Integer> partitions, SortedSet<Integer> leaderless) {}

    /**
     * Asks for a topic.
     *
     * @throws RestException 40401 if there is none
     */
    public Topic topic(String name) {
        TopicDescription description;
        try {
            description = admin.describeTopic(name);
        } catch (UnknownTopicOrPartitionException | InvalidTopicException e) {
            throw new RestException(RestError.topicNotFound());
        }
        SortedSet<Integer> partitions = new TreeSet<>();
        SortedSet<Integer> leaderless = new TreeSet<>();
        for (TopicPartitionInfo partition : description.partitions()) {
            partitions.add(partition.partition());
            if (partition.leader() == null || partition.leader().isEmpty()) {
                leaderless.add(partition.partition());
            }
        }
        return new Topic(name, description.topicId(), partitions, leaderless);
    }

    /** The first offset that each partition holds. */
    public SortedMap<Integer, Long> begins(String topic, Collection<Integer> partitions) {
        return ask(topic, partitions, _ -> OffsetSpec.earliest(), Isolation.READ_UNCOMMITTED);
    }

    /** The offset after the last one that is visible. */
    public SortedMap<Integer, Long> ends(
            String topic, Collection<Integer> partitions, Isolation isolation) {
        return ask(topic, partitions, _ -> OffsetSpec.latest(), isolation);
    }

    /** The first offset whose record is not older than a time, or -1 where all are older. */
    public SortedMap<Integer, Long> at(
            String topic, Collection<Integer> partitions, long timestampMs) {
        return ask(
                topic,
                partitions,
                _ -> OffsetSpec.forTimestamp(timestampMs),
                Isolation.READ_UNCOMMITTED);
    }

    private SortedMap<Integer, Long> ask(
            String topic,
            Collection<Integer> partitions,
            Function<Integer, OffsetSpec> spec,
            Isolation isolation) {
        if (partitions.isEmpty()) {
            return new TreeMap<>();
        }
        Map<TopicPartition, OffsetSpec> wanted =
                partitions.stream()
                        .collect(Collectors.toMap(p -> new TopicPartition(topic, p), spec));
        SortedMap<Integer, Long> found = new TreeMap<>();
        admin.listOffsets(wanted, isolation.level())
                .forEach((partition, offset) -> found.put(partition.partition(), offset));
        return found;
    }
}
