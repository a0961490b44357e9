package io.fleuve.gateway.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Fetches single records whose offsets are known, and which are known to be committed. */
public final class RecordLookup implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final LazyClient<Consumer<byte[], byte[]>> client;
    private final long timeoutNanos;
    private final ReentrantLock lock = new ReentrantLock();

    public RecordLookup(KafkaClients clients, KafkaSettings settings) {
        this.client =
                new LazyClient<>(
                        // A known commit can be read even while another transaction is open before
                        // it.
                        () -> clients.follower(IsolationLevel.READ_UNCOMMITTED),
                        (consumer, within) -> consumer.close(CloseOptions.timeout(within)));
        this.timeoutNanos = settings.adminTimeout().toNanos();
    }

    /** The record at an offset, or nothing if the log does not hold it any more. */
    public Optional<ConsumerRecord<byte[], byte[]>> find(TopicPartition partition, long offset) {
        lock.lock();
        try {
            Consumer<byte[], byte[]> consumer = client.get();
            try {
                return find(consumer, partition, offset);
            } catch (KafkaException e) {
                client.discard(consumer);
                throw e;
            }
        } finally {
            lock.unlock();
        }
    }

    private Optional<ConsumerRecord<byte[], byte[]>> find(
            Consumer<byte[], byte[]> consumer, TopicPartition partition, long offset) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, offset);
        long deadline = System.nanoTime() + timeoutNanos;
        while (System.nanoTime() < deadline) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(partition)) {
                return record.offset() == offset ? Optional.of(record) : Optional.empty();
            }
        }
        throw new TimeoutException(
                "%s was not read at offset %d in time.".formatted(partition, offset));
    }

    @Override
    public void close() {
        lock.lock();
        try {
            client.close();
        } finally {
            lock.unlock();
        }
    }
}
