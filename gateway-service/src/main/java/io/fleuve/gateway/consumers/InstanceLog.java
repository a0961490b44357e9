package io.fleuve.gateway.consumers;

import io.fleuve.gateway.consumers.OwnershipView.Applied;
import io.fleuve.gateway.kafka.ClusterAdmin;
import io.fleuve.gateway.kafka.DedicatedClients;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topic of instances: a write returns when it has been read back, so that the view then says
 * what became of it. Nothing happens before the first use; the topic is made then, if it is
 * missing.
 */
final class InstanceLog implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(InstanceLog.class);
    private static final String UID_HEADER = "uid";
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private final ClusterAdmin admin;
    private final DedicatedClients clients;
    private final ConsumerLimits limits;
    private final OwnershipView view;
    private final BiConsumer<InstanceId, Applied> listener;
    private final ReentrantLock starting = new ReentrantLock();
    private final ReentrantLock progress = new ReentrantLock();
    private final Condition advanced = progress.newCondition();
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private volatile @Nullable Running running;
    private volatile boolean closed;

    private record Running(
            Producer<byte[], byte[]> producer,
            Consumer<byte[], byte[]> consumer,
            List<TopicPartition> partitions,
            Thread tail) {}

    /**
     * @param listener is told, by the thread that reads, what became of each record since the
     *     start; it must not wait for this log
     */
    InstanceLog(
            ClusterAdmin admin,
            DedicatedClients clients,
            ConsumerLimits limits,
            OwnershipView view,
            BiConsumer<InstanceId, Applied> listener) {
        this.admin = admin;
        this.clients = clients;
        this.limits = limits;
        this.view = view;
        this.listener = listener;
    }

    boolean isStarted() {
        return running != null;
    }

    /** Reads the topic up to its present end, the first time. */
    void start() {
        if (running == null) {
            startOnce();
        }
    }

    private Running startOnce() {
        Running early = running;
        if (early != null) {
            return early;
        }
        awaitTurnToStart();
        try {
            Running known = running;
            if (known != null) {
                return known;
            }
            if (closed) {
                throw new TimeoutException("The gateway is shutting down.");
            }
            List<TopicPartition> partitions = requireTopic();
            Consumer<byte[], byte[]> consumer =
                    clients.consumer("instances-reader", readerProperties());
            try {
                readToEnd(consumer, partitions);
            } catch (RuntimeException e) {
                consumer.close();
                throw e;
            }
            Producer<byte[], byte[]> producer =
                    clients.producer("instances-writer", writerProperties());
            Thread tail =
                    Thread.ofPlatform()
                            .daemon()
                            .name("gateway-consumer-instances")
                            .unstarted(() -> tail(consumer));
            Running started = new Running(producer, consumer, partitions, tail);
            running = started;
            tail.start();
            return started;
        } finally {
            starting.unlock();
        }
    }

    // Without brokers each attempt takes its time; those who wait must not wait for all before
    // them.
    private void awaitTurnToStart() {
        try {
            if (!starting.tryLock(limits.apiTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new TimeoutException(
                        "The topic %s could not be read yet.".formatted(limits.topic()));
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private List<TopicPartition> requireTopic() {
        int partitions;
        try {
            partitions = admin.describeTopic(limits.topic()).partitions().size();
        } catch (UnknownTopicOrPartitionException e) {
            partitions = createTopic();
        }
        return IntStream.range(0, partitions)
                .mapToObj(number -> new TopicPartition(limits.topic(), number))
                .toList();
    }

    private int createTopic() {
        try {
            admin.createTopic(
                    new NewTopic(
                                    limits.topic(),
                                    limits.topicPartitions(),
                                    (short) limits.topicReplicationFactor())
                            .configs(
                                    Map.of(
                                            TopicConfig.CLEANUP_POLICY_CONFIG,
                                            TopicConfig.CLEANUP_POLICY_COMPACT)),
                    false);
        } catch (TopicExistsException e) {
            // Another gateway was first.
        }
        return admin.describeTopic(limits.topic()).partitions().size();
    }

    private Map<String, Object> readerProperties() {
        return Map.of(
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_uncommitted",
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                Math.toIntExact(limits.apiTimeout().toMillis()));
    }

    private Map<String, Object> writerProperties() {
        int timeoutMs = Math.toIntExact(limits.apiTimeout().toMillis());
        return Map.of(
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                ProducerConfig.LINGER_MS_CONFIG,
                0,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                timeoutMs,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                Math.max(1, timeoutMs / 2),
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                timeoutMs);
    }

    private void readToEnd(Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, limits.apiTimeout());
        long deadline = System.nanoTime() + limits.apiTimeout().toNanos();
        Map<TopicPartition, Long> reached = new HashMap<>();
        for (TopicPartition partition : partitions) {
            reached.put(partition, consumer.position(partition, limits.apiTimeout()));
        }
        while (ends.entrySet().stream()
                .anyMatch(end -> reached.getOrDefault(end.getKey(), 0L) < end.getValue())) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException(
                        "The topic %s could not be read within %d ms."
                                .formatted(limits.topic(), limits.apiTimeout().toMillis()));
            }
            ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
            records.forEach(this::apply);
            records.nextOffsets()
                    .forEach((partition, next) -> reached.put(partition, next.offset()));
        }
        advance(reached);
    }

    private void tail(Consumer<byte[], byte[]> consumer) {
        try (consumer) {
            while (!closed) {
                try {
                    ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                    for (ConsumerRecord<byte[], byte[]> record : records) {
                        applyAndTell(record);
                    }
                    Map<TopicPartition, Long> reached = new HashMap<>();
                    records.nextOffsets().forEach((p, next) -> reached.put(p, next.offset()));
                    advance(reached);
                } catch (WakeupException e) {
                    // The gateway is shutting down.
                } catch (KafkaException e) {
                    LOGGER.atWarn()
                            .setCause(e)
                            .addKeyValue("topic", limits.topic())
                            .log("the topic of consumer instances cannot be read; trying again");
                    LockSupport.parkNanos(PAUSE_AFTER_FAILURE.toNanos());
                }
            }
        }
    }

    private void applyAndTell(ConsumerRecord<byte[], byte[]> record) {
        idOf(record).ifPresent(id -> listener.accept(id, apply(id, record)));
    }

    private void apply(ConsumerRecord<byte[], byte[]> record) {
        idOf(record).ifPresent(id -> apply(id, record));
    }

    private static Optional<InstanceId> idOf(ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null ? Optional.empty() : InstanceId.ofKey(record.key());
    }

    private Applied apply(InstanceId id, ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            Header uid = record.headers().lastHeader(UID_HEADER);
            return view.remove(
                    id, uid == null ? null : new String(uid.value(), StandardCharsets.UTF_8));
        }
        return DescriptionCodec.decode(id, record.value())
                .map(description -> view.apply(description, record.timestamp()))
                .orElseGet(Applied.Ignored::new);
    }

    private void advance(Map<TopicPartition, Long> reached) {
        progress.lock();
        try {
            positions.putAll(reached);
            advanced.signalAll();
        } finally {
            progress.unlock();
        }
    }

    /**
     * Writes what an instance is, and waits until it has been read back.
     *
     * @throws TimeoutException if that took too long; it may have been written nevertheless
     */
    void write(InstanceDescription description) {
        append(description.id(), description.uid(), DescriptionCodec.encode(description));
    }

    /** Writes that an instance is no more; otherwise as {@link #write}. */
    void writeRemoval(InstanceId id, String uid) {
        append(id, uid, null);
    }

    private void append(InstanceId id, String uid, byte @Nullable [] value) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(limits.topic(), id.toKey(), value);
        record.headers().add(UID_HEADER, uid.getBytes(StandardCharsets.UTF_8));
        RecordMetadata written;
        try {
            written =
                    startOnce()
                            .producer()
                            .send(record)
                            .get(limits.apiTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                // In the client's words a topic is missing when brokers are away.
                case TimeoutException _ -> notWritten();
                case KafkaException cause -> cause;
                case null, default ->
                        new KafkaException("the topic of instances cannot be written", e);
            };
        } catch (java.util.concurrent.TimeoutException e) {
            throw notWritten();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
        awaitRead(new TopicPartition(written.topic(), written.partition()), written.offset() + 1);
    }

    private TimeoutException notWritten() {
        return new TimeoutException(
                "The topic %s could not be written within %d ms."
                        .formatted(limits.topic(), limits.apiTimeout().toMillis()));
    }

    /** Waits until everything that is in the topic now has been read. */
    void catchUp() {
        for (TopicPartition partition : startOnce().partitions()) {
            awaitRead(partition, admin.offsetRange(partition).end());
        }
    }

    private void awaitRead(TopicPartition partition, long offset) {
        long left = limits.apiTimeout().toNanos();
        progress.lock();
        try {
            while (positions.getOrDefault(partition, 0L) < offset) {
                if (left <= 0) {
                    throw new TimeoutException(
                            "The topic %s was not read up to offset %d within %d ms."
                                    .formatted(
                                            limits.topic(),
                                            offset,
                                            limits.apiTimeout().toMillis()));
                }
                left = advanced.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } finally {
            progress.unlock();
        }
    }

    @Override
    public void close() {
        starting.lock();
        try {
            closed = true;
        } finally {
            starting.unlock();
        }
        Running last = running;
        if (last == null) {
            return;
        }
        last.producer().close(Duration.ofSeconds(2));
        last.consumer().wakeup();
        try {
            last.tail().join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
