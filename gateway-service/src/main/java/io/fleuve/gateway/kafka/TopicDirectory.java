package io.fleuve.gateway.kafka;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Knows for a while which topics exist and how many partitions they have. A producer waits until
 * its timeout for a topic that does not exist; asking here first tells the caller at once. Only
 * what exists is remembered, so a topic is usable as soon as it is created.
 */
public final class TopicDirectory {

    private static final int MAX_ENTRIES = 10_000;
    private static final String AUTO_CREATE = "auto.create.topics.enable";

    private final ClusterAdmin admin;
    private final Clock clock;
    private final Duration ttl;
    private final ConcurrentMap<String, Entry> entries = new ConcurrentHashMap<>();
    private volatile @Nullable AutoCreate autoCreate;

    public TopicDirectory(ClusterAdmin admin, KafkaSettings settings, Clock clock) {
        this.admin = admin;
        this.clock = clock;
        this.ttl = settings.metadataTtl();
    }

    private record Entry(int partitions, long expiresAtMs) {}

    private record AutoCreate(boolean enabled, long expiresAtMs) {}

    /**
     * Refuses what cannot be read.
     *
     * @throws RestException 40401 or 40402
     */
    public void requireReadable(String topic, int partition) {
        if (partition < 0 || !hasPartition(topic, partition)) {
            throw new RestException(RestError.partitionNotFound());
        }
    }

    /**
     * Refuses what cannot be written. A topic that does not exist is let through if the brokers
     * would create it.
     *
     * @throws RestException 40401 or 40402
     */
    public void requireWritable(String topic, @Nullable Integer partition) {
        if (partition != null && partition < 0) {
            throw new RestException(RestError.partitionNotFound());
        }
        try {
            if (!hasPartition(topic, partition == null ? 0 : partition)) {
                throw new RestException(RestError.partitionNotFound());
            }
        } catch (RestException e) {
            if (e.error().errorCode() != RestError.TOPIC_NOT_FOUND || !createsTopics()) {
                throw e;
            }
        }
    }

    /** Forgets a topic that was deleted or that the brokers no longer know. */
    public void forget(String topic) {
        entries.remove(topic);
    }

    private boolean hasPartition(String topic, int partition) {
        Entry known = entries.get(topic);
        if (known != null
                && clock.millis() < known.expiresAtMs()
                && partition < known.partitions()) {
            return true;
        }
        // Either nothing is known, or a partition may have been added since: ask.
        try {
            int partitions = admin.describeTopic(topic).partitions().size();
            if (entries.size() >= MAX_ENTRIES) {
                entries.clear();
            }
            entries.put(topic, new Entry(partitions, clock.millis() + ttl.toMillis()));
            return partition < partitions;
        } catch (UnknownTopicOrPartitionException e) {
            entries.remove(topic);
            throw new RestException(RestError.topicNotFound());
        }
    }

    private boolean createsTopics() {
        AutoCreate known = autoCreate;
        if (known == null || clock.millis() >= known.expiresAtMs()) {
            known = new AutoCreate(askWhetherTopicsAreCreated(), clock.millis() + ttl.toMillis());
            autoCreate = known;
        }
        return known.enabled();
    }

    private boolean askWhetherTopicsAreCreated() {
        for (Node node : admin.describeCluster().nodes()) {
            try {
                ConfigEntry entry = admin.brokerConfig(node.id()).get(AUTO_CREATE);
                return entry != null && "true".equals(entry.value());
            } catch (KafkaException e) {
                // Not allowed to look, or the broker is away: the next one may tell.
            }
        }
        return false;
    }
}
