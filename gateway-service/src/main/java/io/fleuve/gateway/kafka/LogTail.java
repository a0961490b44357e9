package io.fleuve.gateway.kafka;

import io.fleuve.gateway.kafka.KafkaClients.Metered;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all partitions of a topic from their beginning and then as they grow, on a thread of its
 * own, and lets others wait until it has come to an offset. Nothing is skipped by a failure: it
 * goes on where it was. Only when partitions are no more it ends, since whatever comes under their
 * names is another log.
 */
public final class LogTail implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(LogTail.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int MISSED_TO_BE_LOST = 2;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final KafkaClients clients;
    private final String topic;
    private final List<TopicPartition> partitions;
    private final IsolationLevel isolation;
    private final java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> handler;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final long[] positions;
    private long @Nullable [] endsAtStart;
    private volatile boolean closed;
    private volatile boolean lost;
    private volatile @Nullable Consumer<byte[], byte[]> polling;
    private final Thread thread;

    /**
     * @param handler is given every record, in order of offsets within a partition, by one thread;
     *     it must not fail
     */
    public LogTail(
            KafkaClients clients,
            String topic,
            int partitions,
            IsolationLevel isolation,
            java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> handler) {
        this.clients = clients;
        this.topic = topic;
        this.partitions =
                IntStream.range(0, partitions).mapToObj(p -> new TopicPartition(topic, p)).toList();
        this.isolation = isolation;
        this.handler = handler;
        this.positions = new long[partitions];
        this.thread = Thread.ofPlatform().daemon().name("gateway-tail-" + topic).start(this::run);
    }

    /**
     * Returns when all records before {@code offset} have been handled.
     *
     * @throws TimeoutException if that takes longer than {@code within}
     */
    public void await(int partition, long offset, Duration within) {
        awaitThat(() -> positions[partition] >= offset, within, "offset " + offset);
    }

    /** Returns when everything has been handled that was there when this began. */
    public void awaitStart(Duration within) {
        awaitThat(this::hasStarted, within, "the end that it had at the start");
    }

    private boolean hasStarted() {
        long[] ends = endsAtStart;
        return ends != null
                && IntStream.range(0, ends.length).allMatch(p -> positions[p] >= ends[p]);
    }

    /** Whether the topic was deleted: nothing will be read any more. */
    public boolean isLost() {
        return lost;
    }

    private void awaitThat(
            java.util.function.BooleanSupplier reached, Duration within, String what) {
        long left = within.toNanos();
        lock.lock();
        try {
            while (!reached.getAsBoolean()) {
                if (left <= 0 || closed || lost) {
                    throw new TimeoutException(
                            "%s was not read up to %s within %d ms."
                                    .formatted(topic, what, within.toMillis()));
                }
                left = moved.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (!closed && !lost) {
            try (Session session = new Session(clients.follower(isolation))) {
                session.follow();
            } catch (WakeupException | InterruptException e) {
                // Closed: the loop ends.
            } catch (KafkaException e) {
                LOGGER.atWarn()
                        .addKeyValue("topic", topic)
                        .addKeyValue("reason", e.toString())
                        .log("following a log failed and is tried again");
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    /** The life of one consumer. */
    private final class Session implements AutoCloseable {
        private final Metered<Consumer<byte[], byte[]>> metered;
        private final Consumer<byte[], byte[]> consumer;

        Session(Metered<Consumer<byte[], byte[]>> metered) {
            this.metered = metered;
            this.consumer = metered.client();
            polling = consumer;
        }

        void follow() {
            consumer.assign(partitions);
            for (TopicPartition partition : partitions) {
                // From 0 it is led to the first offset that there still is.
                consumer.seek(partition, positions[partition.partition()]);
            }
            if (endsAtStart == null) {
                Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
                publish(partitions.stream().mapToLong(p -> ends.getOrDefault(p, 0L)).toArray());
            }
            int missed = 0;
            while (!closed && !lost) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                records.forEach(handler);
                advance();
                missed = records.isEmpty() && !isThere() ? missed + 1 : 0;
                // A broker may not have heard of a young topic yet.
                if (missed == MISSED_TO_BE_LOST) {
                    lose();
                }
            }
        }

        // As the client knows by itself while the topic is there. Without it, the client would ask
        // for
        // deleted partitions as fast as it can, and say so in the log each time.
        private boolean isThere() {
            return consumer.partitionsFor(topic).size() >= partitions.size();
        }

        private void lose() {
            LOGGER.atWarn()
                    .addKeyValue("topic", topic)
                    .log("a log was deleted and is followed no longer");
            lock.lock();
            try {
                lost = true;
                moved.signalAll();
            } finally {
                lock.unlock();
            }
        }

        private void publish(long[] ends) {
            lock.lock();
            try {
                endsAtStart = ends;
                moved.signalAll();
            } finally {
                lock.unlock();
            }
        }

        private void advance() {
            lock.lock();
            try {
                for (TopicPartition partition : partitions) {
                    int p = partition.partition();
                    positions[p] = Math.max(positions[p], consumer.position(partition));
                }
                moved.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            polling = null;
            metered.metrics().close();
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    @Override
    public void close() {
        closed = true;
        Consumer<byte[], byte[]> current = polling;
        if (current != null) {
            current.wakeup();
        }
        lock.lock();
        try {
            moved.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(CLOSE_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How long a wait may still take, at least a moment. */
    public static Duration until(long deadlineNanos) {
        return Duration.ofNanos(
                Math.max(TimeUnit.MILLISECONDS.toNanos(1), deadlineNanos - System.nanoTime()));
    }
}
