package io.fleuve.conformance.exactlyonce;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The numbers from 0, sent one by one while everything else goes on. Those of a group, which have
 * the same remainder, are in one partition: the number of groups is a multiple of that of
 * partitions.
 */
final class Numbers implements AutoCloseable {

    private static final Duration PACE = Duration.ofMillis(5);

    private final KafkaProducer<String, String> producer;
    private final String topic;
    private final int partitions;
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final Thread thread = Thread.ofPlatform().name("numbers").unstarted(this::sendOn);
    private volatile boolean stopping;
    private long sent;

    Numbers(String bootstrapServers, String topic, int partitions) {
        this.topic = topic;
        this.partitions = partitions;
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
    }

    void start() {
        thread.start();
    }

    /** Numbers that were given up. */
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
            int partition = (int) (sent % partitions);
            var _ =
                    producer.send(
                            new ProducerRecord<>(topic, partition, null, Long.toString(sent)),
                            (_, e) -> {
                                if (e != null) {
                                    violations.add("a number was given up: " + e);
                                }
                            });
            sent++;
            LockSupport.parkNanos(PACE.toNanos());
        }
    }

    @Override
    public void close() {
        stopping = true;
        producer.close(Duration.ofSeconds(10));
    }
}
