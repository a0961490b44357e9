package io.fleuve.gateway.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the whole cluster: how much is in each topic, how far behind each group is. It has an
 * admin client of its own, so that a survey of a large cluster does not stand in the way of
 * requests.
 */
public final class ClusterSurvey implements AutoCloseable {

    private final LazyClient<Admin> client;
    private final Duration timeout;
    private final int maxPartitions;
    private final int maxGroups;

    /**
     * @param maxPartitions partitions that a survey counts; topics beyond are listed without
     *     numbers
     * @param maxGroups groups that a survey describes
     */
    public ClusterSurvey(
            KafkaClients clients, KafkaSettings settings, int maxPartitions, int maxGroups) {
        this.client = new LazyClient<>(clients::admin, Admin::close);
        this.timeout = settings.adminTimeout();
        this.maxPartitions = maxPartitions;
        this.maxGroups = maxGroups;
    }

    /**
     * One topic.
     *
     * @param messages offsets that are held, from begin to end, over all partitions; null if there
     *     are too many partitions to count
     * @param ends the end of each counted partition
     * @param bytes size of one replica of all partitions; null if the brokers do not tell
     */
    public record TopicState(
            String name,
            int partitions,
            int replicationFactor,
            @Nullable Long messages,
            Map<Integer, Long> ends,
            @Nullable Long bytes) {}

    /**
     * One consumer group of either protocol.
     *
     * @param lag messages between its commits and the ends, over all partitions
     */
    public record Group(
            String id, String state, String type, int members, List<String> topics, long lag) {}

    /**
     * All of it.
     *
     * @param controller null while none is known
     * @param answeredIn how long the brokers took to tell the ends of all partitions
     */
    public record Result(
            String clusterId,
            @Nullable Integer controller,
            List<Node> brokers,
            List<TopicState> topics,
            List<Group> groups,
            Duration answeredIn) {}

    /** The topic partitions and what they hold. */
    private record Offsets(
            Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends, Duration took) {}

    /**
     * Asks the brokers.
     *
     * @throws KafkaException if they do not answer
     */
    public Result survey() {
        Admin admin = client.get();
        DescribeClusterResult cluster = admin.describeCluster();
        Map<String, TopicDescription> topics = describeTopics(admin);
        Offsets offsets = offsets(admin, counted(topics.values()));
        Collection<Node> brokers = await(cluster.nodes());
        Map<TopicPartition, Long> sizes = sizes(admin, brokers);
        Node controller = await(cluster.controller());
        return new Result(
                await(cluster.clusterId()),
                controller == null ? null : controller.id(),
                brokers.stream().sorted((a, b) -> Integer.compare(a.id(), b.id())).toList(),
                topics.values().stream().map(topic -> state(topic, offsets, sizes)).toList(),
                groups(admin, offsets.ends()),
                offsets.took());
    }

    private Map<String, TopicDescription> describeTopics(Admin admin) {
        Map<String, TopicDescription> found = new TreeMap<>();
        admin.describeTopics(await(admin.listTopics().names()))
                .topicNameValues()
                .forEach(
                        (name, future) -> {
                            TopicDescription topic = unlessRefused(future);
                            if (topic != null) {
                                found.put(name, topic);
                            }
                        });
        return found;
    }

    private List<TopicPartition> counted(Collection<TopicDescription> topics) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (TopicDescription topic : topics) {
            if (partitions.size() + topic.partitions().size() <= maxPartitions) {
                topic.partitions()
                        .forEach(
                                p ->
                                        partitions.add(
                                                new TopicPartition(topic.name(), p.partition())));
            }
        }
        return partitions;
    }

    private Offsets offsets(Admin admin, List<TopicPartition> partitions) {
        long start = System.nanoTime();
        Map<TopicPartition, Long> ends = offsets(admin, partitions, OffsetSpec.latest());
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        return new Offsets(offsets(admin, partitions, OffsetSpec.earliest()), ends, took);
    }

    private Map<TopicPartition, Long> offsets(
            Admin admin, List<TopicPartition> partitions, OffsetSpec spec) {
        ListOffsetsResult result =
                admin.listOffsets(partitions.stream().collect(Collectors.toMap(p -> p, _ -> spec)));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            ListOffsetsResult.ListOffsetsResultInfo info =
                    unlessRefused(result.partitionResult(partition));
            if (info != null) {
                offsets.put(partition, info.offset());
            }
        }
        return offsets;
    }

    // Replicas of a partition are about as large as one another: the largest stands for all.
    private Map<TopicPartition, Long> sizes(Admin admin, Collection<Node> brokers) {
        Map<TopicPartition, Long> sizes = new HashMap<>();
        admin.describeLogDirs(brokers.stream().map(Node::id).toList())
                .descriptions()
                .values()
                .forEach(
                        future -> {
                            Map<String, LogDirDescription> directories = unlessRefused(future);
                            if (directories != null) {
                                directories.values().forEach(d -> addSizes(d, sizes));
                            }
                        });
        return sizes;
    }

    private static void addSizes(LogDirDescription directory, Map<TopicPartition, Long> sizes) {
        directory
                .replicaInfos()
                .forEach((partition, info) -> sizes.merge(partition, info.size(), Math::max));
    }

    private static TopicState state(
            TopicDescription topic, Offsets offsets, Map<TopicPartition, Long> sizes) {
        Map<Integer, Long> ends = new TreeMap<>();
        long messages = 0;
        Long bytes = null;
        for (var info : topic.partitions()) {
            TopicPartition partition = new TopicPartition(topic.name(), info.partition());
            Long begin = offsets.begins().get(partition);
            Long end = offsets.ends().get(partition);
            if (begin != null && end != null) {
                ends.put(info.partition(), end);
                messages += Math.max(0, end - begin);
            }
            Long size = sizes.get(partition);
            if (size != null) {
                bytes = size + (bytes == null ? 0 : bytes);
            }
        }
        return new TopicState(
                topic.name(),
                topic.partitions().size(),
                topic.partitions().isEmpty() ? 0 : topic.partitions().getFirst().replicas().size(),
                ends.isEmpty() ? null : messages,
                Map.copyOf(ends),
                bytes);
    }

    private List<Group> groups(Admin admin, Map<TopicPartition, Long> ends) {
        List<String> names =
                await(admin.listGroups(ListGroupsOptions.forConsumerGroups()).valid()).stream()
                        .map(GroupListing::groupId)
                        .sorted()
                        .limit(maxGroups)
                        .toList();
        if (names.isEmpty()) {
            return List.of();
        }
        var described = admin.describeConsumerGroups(names).describedGroups();
        ListConsumerGroupOffsetsResult committed =
                admin.listConsumerGroupOffsets(
                        names.stream()
                                .collect(
                                        Collectors.toMap(
                                                name -> name,
                                                _ -> new ListConsumerGroupOffsetsSpec())));
        List<Group> groups = new ArrayList<>();
        for (String name : names) {
            ConsumerGroupDescription group =
                    unlessRefused(Objects.requireNonNull(described.get(name)));
            Map<TopicPartition, OffsetAndMetadata> offsets =
                    unlessRefused(committed.partitionsToOffsetAndMetadata(name));
            if (group != null) {
                groups.add(group(group, offsets == null ? Map.of() : offsets, ends));
            }
        }
        return groups;
    }

    private static Group group(
            ConsumerGroupDescription group,
            Map<TopicPartition, OffsetAndMetadata> committed,
            Map<TopicPartition, Long> ends) {
        long lag = 0;
        TreeSet<String> topics = new TreeSet<>();
        for (Map.Entry<TopicPartition, OffsetAndMetadata> entry : committed.entrySet()) {
            topics.add(entry.getKey().topic());
            Long end = ends.get(entry.getKey());
            if (end != null && entry.getValue() != null) {
                lag += Math.max(0, end - entry.getValue().offset());
            }
        }
        return new Group(
                group.groupId(),
                group.groupState().name(),
                group.type().name(),
                group.members().size(),
                List.copyOf(topics),
                lag);
    }

    /** Null where this one thing is gone or hidden; a broker that is away fails the survey. */
    private <T> @Nullable T unlessRefused(KafkaFuture<T> future) {
        try {
            return await(future);
        } catch (TimeoutException | InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            return null;
        }
    }

    private <T> T await(KafkaFuture<T> future) {
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("a Kafka client failed in an unknown way", e);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException(
                    "The brokers did not answer within " + timeout.toMillis() + " ms.");
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
