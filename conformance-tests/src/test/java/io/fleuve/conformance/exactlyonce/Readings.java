package io.fleuve.conformance.exactlyonce;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** The seeded input: some beforehand, the rest while the application works and is killed. */
final class Readings implements AutoCloseable {

    private static final int REGIONS = 6;

    /**
     * The readings of a run take hours of their own time. None is so old that retention takes it.
     */
    private static final Duration BEFORE_NOW = Duration.ofHours(12);

    private static final int PACE_MS = 10;
    private static final int MAX_LATE_MS = 900_000;

    private final KafkaProducer<String, String> producer;
    private final String topic;
    private final int partitions;
    private final SplittableRandom random;
    private final long start = System.currentTimeMillis() - BEFORE_NOW.toMillis();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean stopping;
    private long sent;

    Readings(String bootstrapServers, String topic, int partitions, long seed) {
        this.topic = topic;
        this.partitions = partitions;
        this.random = new SplittableRandom(seed);
        this.producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                bootstrapServers,
                                "delivery.timeout.ms",
                                600_000,
                                "request.timeout.ms",
                                10_000,
                                "max.block.ms",
                                600_000L,
                                "reconnect.backoff.max.ms",
                                500L),
                        new StringSerializer(),
                        new StringSerializer());
        this.thread = Thread.ofPlatform().name("readings").unstarted(this::sendOn);
    }

    void send(int count) {
        for (int i = 0; i < count; i++) {
            send();
        }
    }

    void start() {
        thread.start();
    }

    Queue<String> violations() {
        return violations;
    }

    /** Sends no more; returns how many there are. */
    long finish() throws InterruptedException {
        stopping = true;
        thread.join();
        producer.flush();
        return sent;
    }

    private void sendOn() {
        while (!stopping) {
            send();
            LockSupport.parkNanos(Duration.ofMillis(PACE_MS).toNanos());
        }
    }

    /** All of a region goes to one partition; times are out of order across windows. */
    private void send() {
        int region = random.nextInt(REGIONS);
        long time = start + sent * 1_000 + random.nextInt(MAX_LATE_MS);
        var _ =
                producer.send(
                        new ProducerRecord<>(
                                topic,
                                region % partitions,
                                time,
                                "sensor-" + random.nextInt(100),
                                "region-%d,%d".formatted(region, random.nextInt(45))),
                        (_, e) -> {
                            if (e != null) {
                                violations.add("an input record was given up: " + e);
                            }
                        });
        sent++;
    }

    @Override
    public void close() {
        stopping = true;
        producer.close(Duration.ofSeconds(10));
    }
}
