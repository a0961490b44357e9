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
    private static final long MISSING_TTL_MS = 200;
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

    /** What a broker said; no partitions if there is no such topic. */
    private record Entry(int partitions, long askedAtMs, long ttlMs) {

        // What is missing may be created at any moment: that answer holds only long enough for a
        // request
        // with thousands of records not to ask thousands of times.
        boolean answers(int partition, long nowMs) {
            return nowMs - askedAtMs < (partition < partitions ? ttlMs : MISSING_TTL_MS);
        }
    }

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

    /** Forgets what is known of a topic that was created or deleted. */
    public void forget(String topic) {
        entries.remove(topic);
    }

    private boolean hasPartition(String topic, int partition) {
        Entry known = entries.get(topic);
        if (known == null || !known.answers(partition, clock.millis())) {
            known = ask(topic);
        }
        if (known.partitions() == 0) {
            throw new RestException(RestError.topicNotFound());
        }
        return partition < known.partitions();
    }

    private Entry ask(String topic) {
        int partitions;
        try {
            partitions = admin.describeTopic(topic).partitions().size();
        } catch (UnknownTopicOrPartitionException e) {
            partitions = 0;
        }
        Entry entry = new Entry(partitions, clock.millis(), ttl.toMillis());
        if (entries.size() >= MAX_ENTRIES) {
            entries.clear();
        }
        entries.put(topic, entry);
        return entry;
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
