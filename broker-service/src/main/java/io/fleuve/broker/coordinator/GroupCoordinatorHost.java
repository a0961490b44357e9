package io.fleuve.broker.coordinator;

import io.fleuve.broker.log.PartitionLogs;
import io.fleuve.broker.metadata.BrokerImage;
import io.fleuve.broker.metadata.ClusterImage;
import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.MetadataUnavailableException;
import io.fleuve.broker.metadata.PartitionImage;
import io.fleuve.broker.metadata.TopicImage;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.common.GroupVersion;
import org.apache.kafka.server.common.StreamsVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Apache Kafka's group coordinator on this broker: starts it, gives it the shards that this broker
 * leads, and says where the others are.
 *
 * <p>The library's service is not active before {@code __consumer_offsets} exists, for it must know
 * the number of partitions, once and for all; until then it answers COORDINATOR_NOT_AVAILABLE.
 */
public final class GroupCoordinatorHost implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(GroupCoordinatorHost.class);
    private static final long REFRESH_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final ClusterMetadata metadata;
    private final GroupCoordinatorSettings settings;
    private final MeterRegistry registry;
    private final OffsetsTopic offsetsTopic;
    private final ShardTenures tenures = new ShardTenures();
    private final ShardElections elections;
    private final Metrics metrics;
    private final GroupCoordinator coordinator;
    private final GroupEndings endings;
    private final Gauge ownedShards;
    private final AtomicLong lastRefreshNanos =
            new AtomicLong(System.nanoTime() - REFRESH_INTERVAL_NANOS);
    private final Executor confirming =
            task -> Thread.ofVirtual().name("fleuve-offsets-check").start(task);
    private boolean active;
    private boolean closed;

    /** Everything but the work: threads wait, nothing is read or written before {@link #start}. */
    public GroupCoordinatorHost(
            PartitionLogs logs,
            ClusterMetadata metadata,
            GroupCoordinatorSettings settings,
            EndedTransactions ended,
            OffsetTransactions transactions,
            MeterRegistry registry) {
        this.metadata = metadata;
        this.settings = settings;
        this.registry = registry;
        this.offsetsTopic = new OffsetsTopic(metadata, settings.shards());
        this.elections = new ShardElections(metadata, tenures);
        this.metrics =
                new Metrics(
                        new MetricConfig(), List.of(new MicrometerBridge(registry)), Time.SYSTEM);
        LogPartitionWriter writer =
                new LogPartitionWriter(
                        logs,
                        tenures,
                        this::topicConfigs,
                        elections,
                        transactions,
                        settings.appendTimeout().toMillis());
        LogCoordinatorLoader loader =
                new LogCoordinatorLoader(
                        logs, tenures, settings.loading(), Time.SYSTEM, elections::onLoadFailed);
        this.coordinator =
                GroupCoordinatorLibrary.build(
                        metadata.brokerId(), settings, writer, loader, metrics);
        this.endings = new GroupEndings(ended, tenures, coordinator);
        writer.setBeforeOffsets(endings::settle);
        this.ownedShards =
                Gauge.builder("fleuve.group.coordinator.shards.owned", tenures, t -> t.all().size())
                        .description("Group shards that this broker coordinates")
                        .register(registry);
    }

    /** Begins to follow the elections. */
    public void start() {
        metadata.onChange(new GroupConfigUpdates(coordinator)::follow);
        elections.follow(coordinator, this::activate);
        endings.start();
    }

    /** Tells that a transaction with offsets of groups has ended. */
    public void transactionEnded() {
        endings.wake();
    }

    /** The log of the shard that a group is in; creates the offsets topic if there is none. */
    public long logOf(String groupId) {
        TopicImage topic = offsetsTopic.ensure();
        return topic.partitions()
                .get(OffsetsTopic.shardOf(groupId, topic.partitions().size()))
                .logId();
    }

    private synchronized void activate(TopicImage topic) {
        if (topic.partitions().size() != settings.shards()) {
            LOGGER.atInfo()
                    .addKeyValue("shards", topic.partitions().size())
                    .addKeyValue("configured", settings.shards())
                    .log("the offsets topic exists and keeps its number of partitions");
        }
        coordinator.startup(() -> topic.partitions().size());
        active = true;
    }

    private Map<String, String> topicConfigs() {
        return OffsetsTopic.find(metadata.current()).map(TopicImage::configs).orElse(Map.of());
    }

    /**
     * The library's coordinator, for requests about all groups that this broker has. It answers
     * NOT_COORDINATOR for groups of shards that this broker does not own.
     */
    public GroupCoordinator coordinator() {
        return coordinator;
    }

    /**
     * The library's coordinator, for requests about one group. If this broker does not own the
     * group's shard as far as it knows, it looks again first: it may have been elected a moment
     * ago. Blocks only then.
     *
     * @throws NotCoordinatorException if others may have taken this broker for dead and lead in its
     *     place, which it cannot know
     */
    public GroupCoordinator coordinatorOf(String groupId) {
        if (!metadata.leaseLasts()) {
            throw new NotCoordinatorException(
                    "this broker has not reached the database for longer than its lease");
        }
        if (!leads(metadata.current(), groupId)) {
            refresh();
        }
        return coordinator;
    }

    /**
     * Committed offsets of a group. Unlike a write, a read is not fenced by the log: the state that
     * it came from may be that of an owner who has been replaced and does not know. So the database
     * is asked, after the answer was made, whether this broker still leads.
     *
     * @return fails with {@link NotCoordinatorException} if it does not, and with {@link
     *     CoordinatorNotAvailableException} if the database does not answer
     */
    public CompletableFuture<OffsetFetchResponseGroup> fetchOffsets(
            AuthorizableRequestContext context,
            OffsetFetchRequestGroup group,
            boolean requireStable) {
        GroupCoordinator library = coordinatorOf(group.groupId());
        Optional<Tenure> tenure =
                OffsetsTopic.find(metadata.current())
                        .map(topic -> topic.partitions().size())
                        .map(count -> OffsetsTopic.shardOf(group.groupId(), count))
                        .flatMap(tenures::writable);
        return library.fetchOffsets(context, group, requireStable)
                .thenCompose(
                        fetched ->
                                fetched.errorCode() == Errors.NONE.code()
                                        ? confirm(tenure, fetched)
                                        : CompletableFuture.completedFuture(fetched));
    }

    private <T> CompletableFuture<T> confirm(Optional<Tenure> tenure, T answer) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        if (tenure.filter(it -> isOf(metadata.refresh(), it)).isPresent()) {
                            return answer;
                        }
                    } catch (MetadataUnavailableException e) {
                        throw new CoordinatorNotAvailableException(
                                "the database does not answer", e);
                    }
                    throw new NotCoordinatorException("another broker leads the group's shard");
                },
                confirming);
    }

    private boolean isOf(ClusterImage image, Tenure tenure) {
        return OffsetsTopic.find(image)
                .flatMap(topic -> topic.partition(tenure.shard()))
                .filter(
                        partition ->
                                partition.leaderId() == metadata.brokerId()
                                        && partition.leaderEpoch() == tenure.leaderEpoch())
                .isPresent();
    }

    private boolean leads(ClusterImage image, String groupId) {
        return partitionOf(image, groupId)
                .filter(partition -> partition.leaderId() == metadata.brokerId())
                .isPresent();
    }

    /**
     * The newest image that can be had, for callers who miss something in the current one. Asks the
     * database at most every few milliseconds, however many requests miss something.
     */
    public ClusterImage refresh() {
        long now = System.nanoTime();
        long last = lastRefreshNanos.get();
        if (now - last < REFRESH_INTERVAL_NANOS || !lastRefreshNanos.compareAndSet(last, now)) {
            return metadata.current();
        }
        try {
            return metadata.refresh();
        } catch (MetadataUnavailableException e) {
            LOGGER.atDebug().setCause(e).log("metadata not refreshed, the image stays as it is");
            return metadata.current();
        }
    }

    /** Whether any group can exist: before there is an offsets topic, none can. */
    public boolean hasGroups() {
        return OffsetsTopic.find(metadata.current()).isPresent()
                || OffsetsTopic.find(refresh()).isPresent();
    }

    /**
     * The broker that coordinates a group; empty while there is none, or this broker cannot know
     * who it is. Creates the offsets topic if this is the first group ever.
     *
     * @throws MetadataUnavailableException if the topic has to be created and the database does not
     *     answer
     */
    public Optional<BrokerImage> locate(String groupId) {
        if (!metadata.leaseLasts()) {
            return Optional.empty();
        }
        TopicImage topic = offsetsTopic.ensure();
        Optional<BrokerImage> known = leaderOf(metadata.current(), topic, groupId);
        return known.isPresent() ? known : leaderOf(refresh(), topic, groupId);
    }

    private static Optional<BrokerImage> leaderOf(
            ClusterImage image, TopicImage created, String groupId) {
        TopicImage topic = OffsetsTopic.find(image).orElse(created);
        return topic.partition(OffsetsTopic.shardOf(groupId, topic.partitions().size()))
                .flatMap(
                        partition ->
                                Optional.ofNullable(image.brokers().get(partition.leaderId())));
    }

    private static Optional<PartitionImage> partitionOf(ClusterImage image, String groupId) {
        return OffsetsTopic.find(image)
                .flatMap(
                        topic ->
                                topic.partition(
                                        OffsetsTopic.shardOf(groupId, topic.partitions().size())));
    }

    /**
     * The feature levels that ApiVersions must name as finalized for clients to use the consumer
     * protocol (KIP-848) and the streams protocol (KIP-1071).
     */
    public static Map<String, Short> finalizedFeatures() {
        return Map.of(
                GroupVersion.FEATURE_NAME, GroupVersion.LATEST_PRODUCTION.featureLevel(),
                StreamsVersion.FEATURE_NAME, StreamsVersion.LATEST_PRODUCTION.featureLevel());
    }

    /** Stops following elections, then all shards; waits for appends under way. */
    @Override
    public void close() throws InterruptedException {
        endings.close();
        elections.close();
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            if (!active) {
                // A service that was never active would ignore the shutdown and keep its threads.
                coordinator.startup(settings::shards);
                active = true;
            }
        }
        coordinator.shutdown();
        metrics.close();
        registry.remove(ownedShards);
    }
}
