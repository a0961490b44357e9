package io.fleuve.broker.coordinator;

import io.fleuve.broker.metadata.BrokerImage;
import io.fleuve.broker.metadata.ClusterImage;
import io.fleuve.broker.metadata.CreateTopicResult;
import io.fleuve.broker.metadata.NewTopic;
import io.fleuve.broker.metadata.PartitionImage;
import io.fleuve.broker.metadata.TopicImage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;

/**
 * A cluster in memory, for tests: the truth that a database would hold. Brokers see it through
 * {@link InMemoryBroker}, which may be behind.
 */
public final class InMemoryCluster {

    private final SortedMap<Integer, BrokerImage> brokers = new TreeMap<>();
    private final SortedMap<String, TopicImage> topics = new TreeMap<>();
    private final Map<Long, List<ByteBuffer>> logs = new HashMap<>();
    private final Map<Long, Long> ends = new HashMap<>();
    private final List<InMemoryBroker> views = new ArrayList<>();
    private long version;
    private long nextLogId = 1;

    /** Adds a broker. It leads nothing yet. */
    public InMemoryBroker addBroker(int id) {
        InMemoryBroker broker = new InMemoryBroker(this, id);
        synchronized (this) {
            brokers.put(id, new BrokerImage(id, "broker-" + id, 9092));
            views.add(broker);
            version++;
        }
        publish();
        return broker;
    }

    /** All partitions of all topics go to one broker, at new epochs. */
    public void moveLeadership(int brokerId) {
        synchronized (this) {
            topics.replaceAll((name, topic) -> withLeader(topic, brokerId));
            version++;
        }
        publish();
    }

    private static TopicImage withLeader(TopicImage topic, int brokerId) {
        List<PartitionImage> moved =
                topic.partitions().stream()
                        .map(
                                p ->
                                        new PartitionImage(
                                                p.index(),
                                                p.logId(),
                                                brokerId,
                                                p.leaderEpoch() + 1))
                        .toList();
        return new TopicImage(topic.name(), topic.id(), topic.internal(), moved, topic.configs());
    }

    synchronized ClusterImage image() {
        Map<UUID, TopicImage> byId = new HashMap<>();
        topics.values().forEach(topic -> byId.put(topic.id(), topic));
        return new ClusterImage(
                version, "in-memory", new TreeMap<>(brokers), new TreeMap<>(topics), byId);
    }

    CreateTopicResult create(NewTopic wanted) {
        TopicImage topic;
        synchronized (this) {
            TopicImage existing = topics.get(wanted.name());
            if (existing != null) {
                return new CreateTopicResult.Exists(existing);
            }
            List<Integer> leaders = List.copyOf(brokers.keySet());
            List<PartitionImage> partitions = new ArrayList<>();
            for (int index = 0; index < wanted.partitions(); index++) {
                long logId = nextLogId++;
                logs.put(logId, new ArrayList<>());
                ends.put(logId, 0L);
                int leader = leaders.get(index % leaders.size());
                partitions.add(new PartitionImage(index, logId, leader, 0));
            }
            topic =
                    new TopicImage(
                            wanted.name(),
                            UUID.randomUUID(),
                            wanted.internal(),
                            partitions,
                            wanted.configs());
            topics.put(topic.name(), topic);
            version++;
        }
        publish();
        return new CreateTopicResult.Created(topic);
    }

    Optional<TopicImage> alter(String name, Map<String, Optional<String>> changes) {
        TopicImage altered;
        synchronized (this) {
            TopicImage topic = topics.get(name);
            if (topic == null) {
                return Optional.empty();
            }
            Map<String, String> configs = new HashMap<>(topic.configs());
            changes.forEach(
                    (key, value) ->
                            value.ifPresentOrElse(
                                    it -> configs.put(key, it), () -> configs.remove(key)));
            altered =
                    new TopicImage(
                            topic.name(),
                            topic.id(),
                            topic.internal(),
                            topic.partitions(),
                            Map.copyOf(configs));
            topics.put(name, altered);
            version++;
        }
        publish();
        return Optional.of(altered);
    }

    Optional<TopicImage> delete(String name) {
        TopicImage removed;
        synchronized (this) {
            removed = topics.remove(name);
            version++;
        }
        publish();
        return Optional.ofNullable(removed);
    }

    private void publish() {
        List<InMemoryBroker> targets;
        synchronized (this) {
            targets = List.copyOf(views);
        }
        targets.forEach(InMemoryBroker::onClusterChange);
    }

    /** Whether that broker leads that log at that epoch, as the database knows. */
    synchronized boolean leads(int brokerId, long logId, int leaderEpoch) {
        return topics.values().stream()
                .flatMap(topic -> topic.partitions().stream())
                .anyMatch(
                        p ->
                                p.logId() == logId
                                        && p.leaderId() == brokerId
                                        && p.leaderEpoch() == leaderEpoch);
    }

    synchronized boolean hasLog(long logId) {
        return logs.containsKey(logId);
    }

    /** Appends and returns the base offset. */
    synchronized long append(long logId, ByteBuffer batches, int leaderEpoch) {
        long base = end(logId);
        long next = base;
        for (MutableRecordBatch batch : MemoryRecords.readableRecords(batches).batches()) {
            long count = batch.lastOffset() - batch.baseOffset() + 1;
            next += count;
            batch.setLastOffset(next - 1);
            batch.setPartitionLeaderEpoch(leaderEpoch);
        }
        log(logId).add(batches.asReadOnlyBuffer());
        ends.put(logId, next);
        return base;
    }

    synchronized long end(long logId) {
        return ends.getOrDefault(logId, 0L);
    }

    /** The batches from the one that holds the offset on. */
    synchronized List<ByteBuffer> batchesFrom(long logId, long offset) {
        return log(logId).stream()
                .filter(
                        buffer ->
                                MemoryRecords.readableRecords(buffer.duplicate())
                                                .lastBatch()
                                                .orElseThrow()
                                                .lastOffset()
                                        >= offset)
                .map(ByteBuffer::duplicate)
                .toList();
    }

    private List<ByteBuffer> log(long logId) {
        return Objects.requireNonNull(logs.get(logId), "no log " + logId);
    }

    synchronized int batchCount() {
        return logs.values().stream().mapToInt(List::size).sum();
    }
}
