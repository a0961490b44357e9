package io.fleuve.gateway.kafka;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Where replicas are, which are being moved, and how many partitions a topic has. */
public final class PartitionAdmin {

    private static final Duration VISIBLE_WITHIN = Duration.ofSeconds(3);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);
    private static final Comparator<TopicPartition> BY_NAME =
            Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition);

    private final ClusterAdmin cluster;

    public PartitionAdmin(ClusterAdmin cluster) {
        this.cluster = cluster;
    }

    /** A partition with its replicas, as the metadata has it. */
    public record Replicated(TopicPartition partition, TopicPartitionInfo info) {}

    /** The partitions of which a broker holds a replica, by topic and number. */
    public List<Replicated> replicasOn(int brokerId) {
        KafkaFuture<Map<String, LogDirDescription>> future =
                cluster.client().describeLogDirs(List.of(brokerId)).descriptions().get(brokerId);
        TreeSet<TopicPartition> held = new TreeSet<>(BY_NAME);
        cluster.await(Objects.requireNonNull(future))
                .values()
                .forEach(directory -> held.addAll(directory.replicaInfos().keySet()));
        Map<String, TopicDescription> topics =
                describe(held.stream().map(TopicPartition::topic).distinct().toList());
        return held.stream()
                .flatMap(
                        partition ->
                                Optional.ofNullable(topics.get(partition.topic())).stream()
                                        .flatMap(topic -> topic.partitions().stream())
                                        .filter(info -> info.partition() == partition.partition())
                                        .filter(info -> hasReplicaOn(info, brokerId))
                                        .map(info -> new Replicated(partition, info)))
                .toList();
    }

    private static boolean hasReplicaOn(TopicPartitionInfo info, int brokerId) {
        return info.replicas().stream().map(Node::id).anyMatch(id -> id == brokerId);
    }

    // A directory may hold the remains of a topic that is being deleted: those are left out.
    private Map<String, TopicDescription> describe(List<String> names) {
        Map<String, TopicDescription> found = new TreeMap<>();
        cluster.client()
                .describeTopics(names)
                .topicNameValues()
                .forEach(
                        (name, future) -> {
                            try {
                                found.put(name, cluster.await(future));
                            } catch (UnknownTopicOrPartitionException e) {
                                // Gone since.
                            }
                        });
        return found;
    }

    /** The partitions whose replicas are being moved at this moment, by topic and number. */
    public Map<TopicPartition, PartitionReassignment> reassignments() {
        Map<TopicPartition, PartitionReassignment> sorted = new TreeMap<>(BY_NAME);
        sorted.putAll(cluster.await(cluster.client().listPartitionReassignments().reassignments()));
        return sorted;
    }

    /** Gives a topic more partitions, and waits for a moment until they can be used. */
    public void increasePartitions(String topic, int total) {
        cluster.await(
                cluster.client()
                        .createPartitions(Map.of(topic, NewPartitions.increaseTo(total)))
                        .all());
        long deadline = System.nanoTime() + VISIBLE_WITHIN.toNanos();
        while (System.nanoTime() < deadline
                && cluster.describeTopic(topic).partitions().size() < total) {
            LockSupport.parkNanos(POLL_INTERVAL.toNanos());
        }
    }

    /** A topic with what the gateway may do to it. */
    public TopicDescription describeWithOperations(String topic) {
        KafkaFuture<TopicDescription> future =
                cluster.client()
                        .describeTopics(
                                List.of(topic),
                                new DescribeTopicsOptions().includeAuthorizedOperations(true))
                        .topicNameValues()
                        .get(topic);
        return cluster.await(Objects.requireNonNull(future));
    }
}
