package io.fleuve.broker.postgres;

import io.fleuve.broker.metadata.BrokerImage;
import io.fleuve.broker.metadata.ClusterImage;
import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.CreateTopicResult;
import io.fleuve.broker.metadata.MetadataUnavailableException;
import io.fleuve.broker.metadata.NewTopic;
import io.fleuve.broker.metadata.PartitionImage;
import io.fleuve.broker.metadata.TopicImage;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The cluster's metadata in PostgreSQL.
 *
 * <p>Every change locks the cluster's row and raises its version in the same transaction; an image
 * is read again when the version has moved. Images are read in one repeatable-read transaction, so
 * each is one consistent picture.
 */
public final class PostgresClusterMetadata implements ClusterMetadata {

    private static final int PRODUCER_IDS_A_BLOCK = 1000;

    private final int brokerId;
    private final TopicRepository topics;
    private final ClusterRepository cluster;
    private final TransactionTemplate change;
    private final TransactionTemplate snapshot;
    private final Clock clock;
    private final ReentrantLock refreshing = new ReentrantLock();
    private final ReentrantLock producerIds = new ReentrantLock();
    private final List<Consumer<ClusterImage>> listeners = new ArrayList<>();
    private volatile ClusterImage current =
            new ClusterImage(
                    -1, "", Collections.emptySortedMap(), Collections.emptySortedMap(), Map.of());
    private volatile long leaseEndNanos = System.nanoTime();
    private long nextProducerId;
    private long producerIdsLeft;

    PostgresClusterMetadata(
            int brokerId,
            TopicRepository topics,
            ClusterRepository cluster,
            TransactionTemplate change,
            TransactionTemplate snapshot,
            Clock clock) {
        this.brokerId = brokerId;
        this.topics = topics;
        this.cluster = cluster;
        this.change = change;
        this.snapshot = snapshot;
        this.clock = clock;
    }

    @Override
    public int brokerId() {
        return brokerId;
    }

    @Override
    public ClusterImage current() {
        return current;
    }

    @Override
    public ClusterImage refresh() {
        long version = call(() -> cluster.find().getVersion());
        return version > current.version() ? refreshTo(version) : current;
    }

    /** Reads the image anew unless it is of that version already, and tells the listeners. */
    ClusterImage refreshTo(long version) {
        refreshing.lock();
        try {
            if (current.version() < version) {
                ClusterImage image = call(() -> snapshot.execute(status -> load()));
                current = image;
                listeners.forEach(listener -> listener.accept(image));
            }
            return current;
        } finally {
            refreshing.unlock();
        }
    }

    @Override
    public boolean leaseLasts() {
        return leaseEndNanos - System.nanoTime() > 0;
    }

    /**
     * The lease lasts until then, by {@link System#nanoTime()}. To be told only after the image was
     * read that the cluster had when the lease was renewed.
     */
    void renewedUntil(long nanos) {
        leaseEndNanos = nanos;
    }

    @Override
    public void onChange(Consumer<ClusterImage> listener) {
        refreshing.lock();
        try {
            listeners.add(listener);
            listener.accept(current);
        } finally {
            refreshing.unlock();
        }
    }

    @Override
    public CreateTopicResult createTopic(NewTopic topic) {
        boolean created =
                changing(
                        () -> {
                            cluster.change();
                            if (topics.findByName(topic.name()).isPresent()) {
                                return false;
                            }
                            UUID id = UUID.randomUUID();
                            topics.saveAndFlush(
                                    new TopicEntity(
                                            id,
                                            topic.name(),
                                            topic.internal(),
                                            clock.instant(),
                                            topic.configs()));
                            addPartitions(id, 0, topic.partitions());
                            return true;
                        });
        TopicImage image = refresh().topics().get(topic.name());
        if (image == null) {
            throw new MetadataUnavailableException(
                    "topic " + topic.name() + " was deleted meanwhile");
        }
        return created ? new CreateTopicResult.Created(image) : new CreateTopicResult.Exists(image);
    }

    @Override
    public Optional<TopicImage> deleteTopic(UUID id) {
        Optional<TopicImage> before = refresh().topic(id);
        boolean deleted =
                changing(
                        () -> {
                            cluster.change();
                            Optional<TopicEntity> topic = topics.findById(id);
                            topic.ifPresent(
                                    found -> {
                                        topics.dropLogs(id);
                                        topics.deleteLogs(topics.lockLogs(id).toArray(Long[]::new));
                                        topics.delete(found);
                                    });
                            return topic.isPresent();
                        });
        refresh();
        return deleted ? before : Optional.empty();
    }

    @Override
    public Optional<TopicImage> growTopic(String name, int total) {
        changing(
                () -> {
                    cluster.change();
                    return topics.findByName(name)
                            .map(
                                    topic -> {
                                        int have = (int) topics.countPartitions(topic.id());
                                        if (total > have) {
                                            addPartitions(topic.id(), have, total);
                                        }
                                        return true;
                                    })
                            .orElse(false);
                });
        return refresh().topic(name);
    }

    @Override
    public Optional<TopicImage> alterTopicConfigs(
            String name, Map<String, Optional<String>> changes) {
        changing(
                () -> {
                    cluster.change();
                    return topics.findByName(name)
                            .map(
                                    topic -> {
                                        changes.forEach(
                                                (key, value) ->
                                                        value.ifPresentOrElse(
                                                                set ->
                                                                        topic.configs()
                                                                                .put(key, set),
                                                                () -> topic.configs().remove(key)));
                                        return true;
                                    })
                            .orElse(false);
                });
        return refresh().topic(name);
    }

    @Override
    public long nextProducerId() {
        producerIds.lock();
        try {
            if (producerIdsLeft == 0) {
                nextProducerId = call(cluster::nextProducerIdBlock);
                producerIdsLeft = PRODUCER_IDS_A_BLOCK;
            }
            producerIdsLeft--;
            return nextProducerId++;
        } finally {
            producerIds.unlock();
        }
    }

    private void addPartitions(UUID topicId, int have, int total) {
        List<Long> logIds = topics.addPartitions(topicId, have, total - 1);
        cluster.chooseLeaders(logIds.toArray(Long[]::new));
    }

    private ClusterImage load() {
        ClusterRepository.ClusterRow row = cluster.find();
        SortedMap<Integer, BrokerImage> brokers = new TreeMap<>();
        for (BrokerEntity broker : cluster.findAlive()) {
            brokers.put(broker.id(), broker.toImage());
        }
        Map<UUID, List<PartitionImage>> partitions = new HashMap<>();
        for (TopicRepository.PartitionRow each : topics.findPartitions()) {
            partitions
                    .computeIfAbsent(each.getTopicId(), id -> new ArrayList<>())
                    .add(
                            new PartitionImage(
                                    each.getIndex(),
                                    each.getLogId(),
                                    each.getLeaderId(),
                                    each.getLeaderEpoch()));
        }
        SortedMap<String, TopicImage> byName = new TreeMap<>();
        Map<UUID, TopicImage> byId = new HashMap<>();
        for (TopicEntity topic : topics.findAll()) {
            TopicImage image =
                    new TopicImage(
                            topic.name(),
                            topic.id(),
                            topic.internal(),
                            List.copyOf(partitions.getOrDefault(topic.id(), List.of())),
                            Map.copyOf(topic.configs()));
            byName.put(topic.name(), image);
            byId.put(topic.id(), image);
        }
        return new ClusterImage(
                row.getVersion(),
                row.getClusterId(),
                Collections.unmodifiableSortedMap(brokers),
                Collections.unmodifiableSortedMap(byName),
                Collections.unmodifiableMap(byId));
    }

    private boolean changing(Supplier<Boolean> work) {
        return Boolean.TRUE.equals(call(() -> change.execute(status -> work.get())));
    }

    private static <T> T call(Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            if (DatabaseFaults.passing(e)) {
                throw new MetadataUnavailableException(
                        "the database does not answer: " + e.getMessage(), e);
            }
            throw e;
        }
    }
}
