package io.fleuve.conformance.faults;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Producers of all kinds, each at a steady pace on all partitions. A value is the id of its {@link
 * Incarnation}, the partition, the record's number there, and padding.
 */
final class ProducerLoad {

    private static final int HEAD = 3 * Integer.BYTES;
    private static final int MIN_PADDING = 50;
    private static final int MAX_PADDING = 400;
    private static final Duration END_LIMIT = Duration.ofMinutes(8);

    private final String bootstrapServers;
    private final String topic;
    private final int partitions;
    private final long seed;
    private final long pauseNanos;
    private final Progress progress;
    private final List<Incarnation> incarnations = new CopyOnWriteArrayList<>();
    private final AtomicInteger nextId = new AtomicInteger();
    private final LongAdder retries = new LongAdder();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();

    /**
     * @param recordsPerSecond of each producer
     */
    ProducerLoad(
            String bootstrapServers,
            String topic,
            int partitions,
            long seed,
            int recordsPerSecond,
            Progress progress) {
        this.bootstrapServers = bootstrapServers;
        this.topic = topic;
        this.partitions = partitions;
        this.seed = seed;
        this.pauseNanos = TimeUnit.SECONDS.toNanos(1) / recordsPerSecond;
        this.progress = progress;
    }

    void start() {
        for (ProducerKind kind : ProducerKind.values()) {
            threads.add(
                    Thread.ofPlatform()
                            .daemon()
                            .name("producer-" + kind)
                            .start(() -> produce(kind)));
        }
    }

    /** All that were there, each with what it was told. Incarnations are listed by id. */
    List<Incarnation> incarnations() {
        return incarnations;
    }

    long retries() {
        return retries.sum();
    }

    Queue<String> violations() {
        return violations;
    }

    /** What records were refused with: how often each error, by class and message. */
    SortedMap<String, Long> errors() {
        SortedMap<String, Long> counts = new TreeMap<>();
        errors.forEach((error, count) -> counts.put(error, count.sum()));
        return counts;
    }

    /** Sends no more, and waits until every record has its outcome. */
    void stop() throws InterruptedException {
        stopping.set(true);
        for (Thread thread : threads) {
            thread.join(END_LIMIT);
            if (thread.isAlive()) {
                violations.add(thread.getName() + " did not end within " + END_LIMIT);
            }
        }
    }

    private void produce(ProducerKind kind) {
        SplittableRandom random = new SplittableRandom(seed + kind.ordinal());
        while (!stopping.get()) {
            Incarnation incarnation = incarnate(kind);
            try {
                live(incarnation, random);
            } catch (KafkaException e) {
                // It is in a state that it cannot leave: the next one takes over.
                if (stopping.get()) {
                    return;
                }
            }
        }
    }

    private synchronized Incarnation incarnate(ProducerKind kind) {
        Incarnation incarnation = new Incarnation(nextId.getAndIncrement(), kind, partitions);
        incarnations.add(incarnation);
        return incarnation;
    }

    private void live(Incarnation incarnation, SplittableRandom random) {
        AtomicBoolean fatal = new AtomicBoolean();
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        incarnation.kind().settings(bootstrapServers),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        try (producer) {
            long next = System.nanoTime();
            int partition = 0;
            while (!stopping.get() && !fatal.get()) {
                send(producer, incarnation, partition, random, fatal);
                partition = (partition + 1) % partitions;
                // It does not catch up on what it has missed.
                next = Math.max(next + pauseNanos, System.nanoTime() - pauseNanos);
                LockSupport.parkNanos(next - System.nanoTime());
            }
        } finally {
            producer.metrics().values().stream()
                    .filter(metric -> metric.metricName().name().equals("record-retry-total"))
                    .filter(metric -> metric.metricName().group().equals("producer-metrics"))
                    .forEach(metric -> retries.add(((Number) metric.metricValue()).longValue()));
        }
    }

    private void send(
            KafkaProducer<byte[], byte[]> producer,
            Incarnation incarnation,
            int partition,
            SplittableRandom random,
            AtomicBoolean fatal) {
        int number = incarnation.sent(partition);
        byte[] value = value(incarnation.id(), partition, number, random);
        var _ =
                producer.send(
                        new ProducerRecord<>(topic, partition, null, value),
                        (metadata, e) -> {
                            if (e == null) {
                                incarnation.acknowledged(partition, number, metadata.offset());
                                progress.acknowledged(partition);
                            } else {
                                incarnation.refused(partition, number);
                                errors.computeIfAbsent(e.toString(), _ -> new LongAdder())
                                        .increment();
                                fatal.compareAndSet(false, !(e instanceof RetriableException));
                            }
                        });
    }

    private static byte[] value(int id, int partition, int number, SplittableRandom random) {
        byte[] value = new byte[HEAD + random.nextInt(MIN_PADDING, MAX_PADDING)];
        ByteBuffer.wrap(value).putInt(id).putInt(partition).putInt(number);
        // Compressible, but not to nothing.
        for (int i = HEAD; i < value.length; i++) {
            value[i] = (byte) ('a' + random.nextInt(8));
        }
        return value;
    }

    /**
     * What a value says of itself.
     *
     * @param incarnation id of who has sent it
     * @param number its number on the partition
     */
    record Origin(int incarnation, int partition, int number) {

        static Origin of(byte[] value) {
            if (value.length < HEAD + MIN_PADDING) {
                throw new IllegalArgumentException("a record that no producer here has written");
            }
            ByteBuffer head = ByteBuffer.wrap(value);
            return new Origin(head.getInt(), head.getInt(), head.getInt());
        }
    }
}
