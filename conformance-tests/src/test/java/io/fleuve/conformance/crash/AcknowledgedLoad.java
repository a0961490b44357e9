package io.fleuve.conformance.crash;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Producers that write until they are told to stop, and remember what was acknowledged. Each counts
 * up on each of its partitions; a value is {@code producer/partition/sequence/} and padding.
 */
final class AcknowledgedLoad implements AutoCloseable {

    private static final int IN_FLIGHT = 2_000;
    private static final byte[] PADDING = "x".repeat(400).getBytes(StandardCharsets.UTF_8);

    /** A record that the broker has acknowledged. */
    record Acknowledged(String producer, int partition, long sequence, long offset) {}

    private final Queue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();
    private final String bootstrapServers;
    private final String topic;
    private final int partitions;

    AcknowledgedLoad(String bootstrapServers, String topic, int partitions) {
        this.bootstrapServers = bootstrapServers;
        this.topic = topic;
        this.partitions = partitions;
    }

    /** Starts a producer. */
    void start(String name, boolean idempotent) {
        threads.add(
                Thread.ofPlatform().name("load-" + name).start(() -> produce(name, idempotent)));
    }

    long sent() {
        return sent.get();
    }

    List<Acknowledged> acknowledged() {
        return List.copyOf(acknowledged);
    }

    /**
     * Records that were given up. The timeouts outlast every outage here, so that nothing should
     * be.
     */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Stops sending and waits until every record has its outcome. */
    @Override
    public void close() {
        stopping.set(true);
        for (Thread thread : threads) {
            try {
                thread.join(Duration.ofMinutes(6));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while producers ended", e);
            }
            if (thread.isAlive()) {
                failures.add(thread.getName() + " did not end");
            }
        }
    }

    private void produce(String name, boolean idempotent) {
        Map<String, Object> settings =
                new HashMap<>(
                        Map.of(
                                "bootstrap.servers",
                                bootstrapServers,
                                "acks",
                                "all",
                                "enable.idempotence",
                                idempotent,
                                "retries",
                                Integer.MAX_VALUE,
                                "delivery.timeout.ms",
                                300_000,
                                "request.timeout.ms",
                                10_000,
                                "reconnect.backoff.max.ms",
                                500L,
                                "max.block.ms",
                                300_000L,
                                "linger.ms",
                                2));
        // Without sequence numbers only one request at a time keeps order across retries.
        settings.put("max.in.flight.requests.per.connection", idempotent ? 5 : 1);
        Semaphore permits = new Semaphore(IN_FLIGHT);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            long sequence = 0;
            while (!stopping.get()) {
                for (int partition = 0; partition < partitions; partition++) {
                    send(producer, name, partition, sequence, permits);
                }
                sequence++;
            }
        } catch (RuntimeException e) {
            failures.add(name + ": " + e);
        }
    }

    private void send(
            KafkaProducer<byte[], byte[]> producer,
            String name,
            int partition,
            long sequence,
            Semaphore permits) {
        try {
            while (!permits.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                if (stopping.get()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending", e);
        }
        sent.incrementAndGet();
        var _ =
                producer.send(
                        new ProducerRecord<>(
                                topic, partition, null, value(name, partition, sequence)),
                        (metadata, e) -> {
                            permits.release();
                            if (e == null) {
                                acknowledged.add(
                                        new Acknowledged(
                                                name, partition, sequence, metadata.offset()));
                            } else {
                                failures.add(
                                        "%s, partition %d, sequence %d: %s"
                                                .formatted(name, partition, sequence, e));
                            }
                        });
    }

    private static byte[] value(String name, int partition, long sequence) {
        byte[] head =
                (name + "/" + partition + "/" + sequence + "/").getBytes(StandardCharsets.UTF_8);
        byte[] value = new byte[head.length + PADDING.length];
        System.arraycopy(head, 0, value, 0, head.length);
        System.arraycopy(PADDING, 0, value, head.length, PADDING.length);
        return value;
    }

    /** What a value says of itself. */
    record Origin(String producer, int partition, long sequence) {

        static Origin of(byte @Nullable [] value) {
            if (value == null) {
                throw new IllegalArgumentException("a record without a value");
            }
            String[] parts = new String(value, StandardCharsets.UTF_8).split("/", 4);
            if (parts.length != 4 || parts[3].length() != PADDING.length) {
                throw new IllegalArgumentException("a record that no producer here has written");
            }
            return new Origin(parts[0], Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
        }
    }
}
