package io.fleuve.gateway.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Questions about the cluster, and changes to its topics. Each call blocks for no longer than the
 * admin timeout and throws Kafka's own exceptions, {@link TimeoutException} when no broker
 * answered.
 */
public final class ClusterAdmin implements AutoCloseable {

    private static final Duration VISIBLE_WITHIN = Duration.ofSeconds(3);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);
    private static final Comparator<Node> BY_ID = Comparator.comparingInt(Node::id);

    private final LazyClient<Admin> client;
    private final Duration timeout;

    public ClusterAdmin(KafkaClients clients, KafkaSettings settings) {
        this.client = new LazyClient<>(clients::admin, Admin::close);
        this.timeout = settings.adminTimeout();
    }

    /**
     * The cluster as one broker sees it.
     *
     * @param controller null while none is known
     */
    public record Cluster(String id, @Nullable Node controller, List<Node> nodes) {}

    /** What the brokers made of a topic that was to be created. */
    public record CreatedTopic(int partitions, int replicationFactor) {}

    /**
     * What a partition holds.
     *
     * @param begin the first offset
     * @param end the high watermark: the offset after the last one
     * @param stableEnd the offset before which no transaction is open, at most {@code end}
     */
    public record OffsetRange(long begin, long end, long stableEnd) {}

    public Cluster describeCluster() {
        return describeCluster(timeout);
    }

    Cluster describeCluster(Duration within) {
        DescribeClusterResult result = client.get().describeCluster();
        List<Node> nodes = await(result.nodes(), within).stream().sorted(BY_ID).toList();
        return new Cluster(
                await(result.clusterId(), within), await(result.controller(), within), nodes);
    }

    /** All topics that are not internal, by name. */
    public List<TopicDescription> describeTopics() {
        Admin admin = client.get();
        Collection<String> names = await(admin.listTopics().names());
        Map<String, TopicDescription> found = new TreeMap<>();
        admin.describeTopics(names)
                .topicNameValues()
                .forEach(
                        (name, future) -> {
                            try {
                                found.put(name, await(future));
                            } catch (UnknownTopicOrPartitionException e) {
                                // Deleted since it was listed: not a reason to fail the list.
                            }
                        });
        return List.copyOf(found.values());
    }

    public List<String> topicNames() {
        return await(client.get().listTopics().names()).stream().sorted().toList();
    }

    public TopicDescription describeTopic(String topic) {
        KafkaFuture<TopicDescription> future =
                client.get().describeTopics(List.of(topic)).topicNameValues().get(topic);
        return await(Objects.requireNonNull(future));
    }

    /** Creates a topic, or only checks that it could be created. */
    public CreatedTopic createTopic(NewTopic topic, boolean validateOnly) {
        CreateTopicsResult result =
                client.get()
                        .createTopics(
                                List.of(topic),
                                new CreateTopicsOptions().validateOnly(validateOnly));
        await(result.all());
        if (!validateOnly) {
            awaitVisible(topic.name());
        }
        return new CreatedTopic(
                orElseUnauthorized(result.numPartitions(topic.name()), topic.numPartitions()),
                orElseUnauthorized(
                        result.replicationFactor(topic.name()), topic.replicationFactor()));
    }

    // Brokers answer when a topic is decided on, a moment before they know it: who is told that it
    // is
    // created may use it at once.
    private void awaitVisible(String topic) {
        long deadline = System.nanoTime() + VISIBLE_WITHIN.toNanos();
        while (System.nanoTime() < deadline) {
            try {
                describeTopic(topic);
                return;
            } catch (UnknownTopicOrPartitionException e) {
                LockSupport.parkNanos(POLL_INTERVAL.toNanos());
            } catch (AuthorizationException e) {
                return;
            }
        }
    }

    // Without the right to describe configurations the numbers stay hidden: then the request's are
    // told.
    private int orElseUnauthorized(KafkaFuture<Integer> future, int requested) {
        try {
            return await(future);
        } catch (TopicAuthorizationException e) {
            return Math.max(requested, 0);
        }
    }

    public void deleteTopic(String topic) {
        await(client.get().deleteTopics(List.of(topic)).all());
        awaitGone(topic);
    }

    private void awaitGone(String topic) {
        long deadline = System.nanoTime() + VISIBLE_WITHIN.toNanos();
        try {
            while (System.nanoTime() < deadline) {
                describeTopic(topic);
                LockSupport.parkNanos(POLL_INTERVAL.toNanos());
            }
        } catch (UnknownTopicOrPartitionException | AuthorizationException e) {
            // Gone, or not ours to see.
        }
    }

    public Config topicConfig(String topic) {
        return describeConfig(new ConfigResource(ConfigResource.Type.TOPIC, topic));
    }

    Config brokerConfig(int brokerId) {
        return describeConfig(
                new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(brokerId)));
    }

    private Config describeConfig(ConfigResource resource) {
        KafkaFuture<Config> future =
                client.get()
                        .describeConfigs(
                                List.of(resource),
                                new DescribeConfigsOptions().includeSynonyms(true))
                        .values()
                        .get(resource);
        return await(Objects.requireNonNull(future));
    }

    /** Consumer groups of either protocol that the gateway may see, by name. */
    public List<ConsumerGroupDescription> describeConsumerGroups() {
        Collection<GroupListing> groups =
                await(client.get().listGroups(ListGroupsOptions.forConsumerGroups()).valid());
        return describeConsumerGroups(groups.stream().map(GroupListing::groupId).sorted().toList());
    }

    public Optional<ConsumerGroupDescription> describeConsumerGroup(String group) {
        return describeConsumerGroups(List.of(group)).stream().findFirst();
    }

    private List<ConsumerGroupDescription> describeConsumerGroups(List<String> groups) {
        Map<String, KafkaFuture<ConsumerGroupDescription>> futures =
                client.get().describeConsumerGroups(groups).describedGroups();
        return groups.stream()
                .map(group -> describedOrEmpty(Objects.requireNonNull(futures.get(group))))
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<ConsumerGroupDescription> describedOrEmpty(
            KafkaFuture<ConsumerGroupDescription> future) {
        try {
            ConsumerGroupDescription group = await(future);
            // Brokers describe a group that does not exist as a dead one without a protocol.
            boolean exists =
                    !(group.isSimpleConsumerGroup() && group.groupState() == GroupState.DEAD);
            return exists ? Optional.of(group) : Optional.empty();
        } catch (GroupIdNotFoundException | GroupAuthorizationException e) {
            return Optional.empty();
        }
    }

    /** Where a group has committed to; partitions without a commit are absent. */
    public Map<TopicPartition, OffsetAndMetadata> committedOffsets(String group) {
        return await(
                        client.get()
                                .listConsumerGroupOffsets(group)
                                .partitionsToOffsetAndMetadata(group))
                .entrySet()
                .stream()
                .filter(entry -> entry.getValue() != null)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The ends of partitions as a read_committed consumer sees them. */
    public Map<TopicPartition, Long> lastStableOffsets(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetSpec> wanted =
                partitions.stream().collect(Collectors.toMap(p -> p, _ -> OffsetSpec.latest()));
        return await(
                        client.get()
                                .listOffsets(
                                        wanted,
                                        new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                                .all())
                .entrySet()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    /** The range of a partition that is known to exist. */
    public OffsetRange offsetRange(TopicPartition partition) {
        Admin admin = client.get();
        ListOffsetsResult earliest = admin.listOffsets(Map.of(partition, OffsetSpec.earliest()));
        ListOffsetsResult stable =
                admin.listOffsets(
                        Map.of(partition, OffsetSpec.latest()),
                        new ListOffsetsOptions(IsolationLevel.READ_COMMITTED));
        ListOffsetsResult latest = admin.listOffsets(Map.of(partition, OffsetSpec.latest()));
        long begin = await(earliest.partitionResult(partition)).offset();
        long end = await(latest.partitionResult(partition)).offset();
        // Three answers at three moments: what came in between must not turn the range round.
        long stableEnd = Math.min(end, await(stable.partitionResult(partition)).offset());
        return new OffsetRange(Math.min(begin, end), end, stableEnd);
    }

    /** The first offset whose record is not older than a time, or -1 if all are older. */
    public long offsetAt(TopicPartition partition, long timestampMs) {
        ListOffsetsResultInfo found =
                await(
                        client.get()
                                .listOffsets(
                                        Map.of(partition, OffsetSpec.forTimestamp(timestampMs)))
                                .partitionResult(partition));
        return found.offset();
    }

    /** The client that all questions go through, for the classes beside this one. */
    Admin client() {
        return client.get();
    }

    /** Offsets of any partitions, in one question to each broker that leads some of them. */
    Map<TopicPartition, Long> listOffsets(
            Map<TopicPartition, OffsetSpec> wanted, IsolationLevel isolation) {
        return await(client.get().listOffsets(wanted, new ListOffsetsOptions(isolation)).all())
                .entrySet()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    <T> T await(KafkaFuture<T> future) {
        return await(future, timeout);
    }

    private static <T> T await(KafkaFuture<T> future, Duration within) {
        try {
            return future.get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                // Brokers word it as they like, or not at all; clients know Apache Kafka's words.
                throw Errors.UNKNOWN_TOPIC_OR_PARTITION.exception();
            }
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("a Kafka client failed in an unknown way", e);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException(
                    "The brokers did not answer within " + within.toMillis() + " ms.");
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
