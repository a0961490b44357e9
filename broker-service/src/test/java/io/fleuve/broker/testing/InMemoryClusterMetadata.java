package io.fleuve.broker.testing;

import io.fleuve.broker.metadata.BrokerImage;
import io.fleuve.broker.metadata.ClusterImage;
import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.CreateTopicResult;
import io.fleuve.broker.metadata.MetadataUnavailableException;
import io.fleuve.broker.metadata.NewTopic;
import io.fleuve.broker.metadata.PartitionImage;
import io.fleuve.broker.metadata.TopicImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A cluster of one broker in memory. What this broker sees can be held back, as if another broker
 * had made the changes and this one had not read them yet.
 */
public final class InMemoryClusterMetadata implements ClusterMetadata {

    private static final int BROKER_ID = 1;

    private final InMemoryPartitionLogs logs;
    private final List<Consumer<ClusterImage>> listeners = new ArrayList<>();
    private ClusterImage truth =
            new ClusterImage(1, "in-memory-cluster", new TreeMap<>(), new TreeMap<>(), Map.of());
    private ClusterImage seen = truth;
    private boolean available = true;
    private boolean lagging;
    private long nextLogId = 100;
    private long nextProducerId = 4_000;
    private int refreshes;

    public InMemoryClusterMetadata(InMemoryPartitionLogs logs) {
        this.logs = logs;
        setAddress("127.0.0.1", 9092);
    }

    /** Where this broker is to be found. */
    public synchronized void setAddress(String host, int port) {
        SortedMap<Integer, BrokerImage> brokers = new TreeMap<>();
        brokers.put(BROKER_ID, new BrokerImage(BROKER_ID, host, port));
        publish(
                new ClusterImage(
                        truth.version() + 1,
                        truth.clusterId(),
                        brokers,
                        truth.topics(),
                        truth.topicsById()));
    }

    /** Makes the database come or go. */
    public synchronized void setAvailable(boolean available) {
        this.available = available;
    }

    /** Whether changes are seen only after {@link #refresh()}. */
    public synchronized void setLagging(boolean lagging) {
        this.lagging = lagging;
    }

    public synchronized int refreshes() {
        return refreshes;
    }

    /** Moves all leaders of a topic, as far as their epochs tell. */
    public synchronized void bumpLeaderEpochs(String topic) {
        change(
                topic,
                image ->
                        withPartitions(
                                image,
                                image.partitions().stream()
                                        .map(
                                                it ->
                                                        new PartitionImage(
                                                                it.index(),
                                                                it.logId(),
                                                                it.leaderId(),
                                                                it.leaderEpoch() + 1))
                                        .toList()));
    }

    @Override
    public int brokerId() {
        return BROKER_ID;
    }

    @Override
    public synchronized ClusterImage current() {
        return seen;
    }

    @Override
    public synchronized ClusterImage refresh() {
        checkAvailable();
        refreshes++;
        seen = truth;
        return seen;
    }

    @Override
    public boolean leaseLasts() {
        return true;
    }

    @Override
    public synchronized void onChange(Consumer<ClusterImage> listener) {
        listeners.add(listener);
        listener.accept(seen);
    }

    @Override
    public synchronized CreateTopicResult createTopic(NewTopic topic) {
        checkAvailable();
        Optional<TopicImage> known = truth.topic(topic.name());
        if (known.isPresent()) {
            return new CreateTopicResult.Exists(known.get());
        }
        TopicImage created =
                new TopicImage(
                        topic.name(),
                        UUID.randomUUID(),
                        topic.internal(),
                        grown(List.of(), topic.partitions()),
                        topic.configs());
        put(topic.name(), created);
        return new CreateTopicResult.Created(created);
    }

    @Override
    public synchronized Optional<TopicImage> deleteTopic(UUID id) {
        checkAvailable();
        Optional<TopicImage> known = truth.topic(id);
        known.ifPresent(
                topic -> {
                    topic.partitions().forEach(it -> logs.delete(it.logId()));
                    put(topic.name(), null);
                });
        return known;
    }

    @Override
    public synchronized Optional<TopicImage> growTopic(String name, int total) {
        checkAvailable();
        return change(name, image -> withPartitions(image, grown(image.partitions(), total)));
    }

    @Override
    public synchronized Optional<TopicImage> alterTopicConfigs(
            String name, Map<String, Optional<String>> changes) {
        checkAvailable();
        return change(
                name,
                image -> {
                    Map<String, String> configs = new HashMap<>(image.configs());
                    changes.forEach(
                            (key, value) ->
                                    value.ifPresentOrElse(
                                            it -> configs.put(key, it), () -> configs.remove(key)));
                    return new TopicImage(
                            image.name(),
                            image.id(),
                            image.internal(),
                            image.partitions(),
                            Map.copyOf(configs));
                });
    }

    @Override
    public synchronized long nextProducerId() {
        checkAvailable();
        return nextProducerId++;
    }

    private Optional<TopicImage> change(String name, UnaryOperator<TopicImage> change) {
        Optional<TopicImage> changed = truth.topic(name).map(change);
        changed.ifPresent(it -> put(name, it));
        return changed;
    }

    private List<PartitionImage> grown(List<PartitionImage> partitions, int total) {
        List<PartitionImage> all = new ArrayList<>(partitions);
        while (all.size() < total) {
            long logId = nextLogId++;
            logs.create(logId);
            all.add(new PartitionImage(all.size(), logId, BROKER_ID, 1));
        }
        return List.copyOf(all);
    }

    private static TopicImage withPartitions(TopicImage image, List<PartitionImage> partitions) {
        return new TopicImage(
                image.name(), image.id(), image.internal(), partitions, image.configs());
    }

    private void put(String name, @Nullable TopicImage topic) {
        SortedMap<String, TopicImage> topics = new TreeMap<>(truth.topics());
        if (topic == null) {
            topics.remove(name);
        } else {
            topics.put(name, topic);
        }
        Map<UUID, TopicImage> byId = new HashMap<>();
        topics.values().forEach(it -> byId.put(it.id(), it));
        publish(
                new ClusterImage(
                        truth.version() + 1, truth.clusterId(), truth.brokers(), topics, byId));
    }

    private void publish(ClusterImage image) {
        truth = image;
        if (!lagging) {
            seen = truth;
            listeners.forEach(it -> it.accept(image));
        }
    }

    private void checkAvailable() {
        if (!available) {
            throw new MetadataUnavailableException("the database is away", new IOException("gone"));
        }
    }
}
