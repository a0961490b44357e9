package io.fleuve.simulator.kafka;

import io.fleuve.simulator.publish.Reading;
import io.fleuve.simulator.publish.ReadingJson;
import io.fleuve.simulator.publish.ReadingPublisher;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes through the Kafka protocol. The producer is idempotent and retries for as long as it
 * takes, so a broker that is away delays readings and neither loses, repeats nor reorders them;
 * what waits is bounded by a number of readings.
 */
final class KafkaPublisher implements ReadingPublisher {

    private final ReadingTopic topic;
    private final Outcomes outcomes;
    private final Retries retries;
    private final Semaphore permits;
    private @Nullable Producer<String, byte[]> producer;
    private volatile boolean closed;

    KafkaPublisher(ReadingTopic topic, Outcomes outcomes, Retries retries) {
        this.topic = topic;
        this.outcomes = outcomes;
        this.retries = retries;
        this.permits = new Semaphore(topic.maxUnacknowledged());
    }

    @Override
    public boolean offer(Reading reading) {
        if (!permits.tryAcquire()) {
            return false;
        }
        ProducerRecord<String, byte[]> message =
                new ProducerRecord<>(
                        topic.name(),
                        null,
                        reading.observedAt().toEpochMilli(),
                        reading.region(),
                        ReadingJson.encode(reading),
                        headers(reading.headers()));
        Delivery delivery = new Delivery(reading);
        var _ = producer().send(message, delivery);
        return !delivery.wasNotTaken;
    }

    private static List<Header> headers(Map<String, String> headers) {
        if (headers.isEmpty()) {
            return List.of();
        }
        List<Header> all = new ArrayList<>(headers.size());
        headers.forEach(
                (name, value) ->
                        all.add(new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8))));
        return all;
    }

    @Override
    public int unacknowledged() {
        return topic.maxUnacknowledged() - permits.availablePermits();
    }

    @Override
    public boolean flush(Duration timeout) {
        try {
            boolean done =
                    permits.tryAcquire(
                            topic.maxUnacknowledged(), timeout.toNanos(), TimeUnit.NANOSECONDS);
            if (done) {
                permits.release(topic.maxUnacknowledged());
            }
            return done;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        closed = true;
        if (producer != null) {
            retries.closing(producer);
            producer.close(Duration.ZERO);
        }
    }

    /** What becomes of one reading. */
    private final class Delivery implements Callback {

        private final Reading reading;
        private final Thread offering = Thread.currentThread();
        private volatile boolean wasNotTaken;

        Delivery(Reading reading) {
            this.reading = reading;
        }

        @Override
        public void onCompletion(RecordMetadata metadata, @Nullable Exception e) {
            permits.release();
            if (closed) {
                // Given up: a later run looks up what became of it.
                return;
            }
            if (e == null) {
                outcomes.acknowledged(reading);
            } else if (e instanceof RetriableException && Thread.currentThread() == offering) {
                // The producer had no room, or does not know the topic's leaders yet: it never took
                // the reading.
                wasNotTaken = true;
            } else {
                outcomes.failed(reading, e.getClass().getSimpleName() + ": " + e.getMessage());
            }
        }
    }

    private Producer<String, byte[]> producer() {
        if (producer == null) {
            producer =
                    new KafkaProducer<>(
                            topic.client(
                                    "producer",
                                    Map.of(
                                            ProducerConfig.ACKS_CONFIG,
                                            "all",
                                            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                                            true,
                                            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                                            Integer.MAX_VALUE,
                                            ProducerConfig.MAX_BLOCK_MS_CONFIG,
                                            1_000L,
                                            ProducerConfig.BUFFER_MEMORY_CONFIG,
                                            bufferBytes())),
                            new StringSerializer(),
                            new ByteArraySerializer());
            retries.opened(producer);
        }
        return producer;
    }

    /** A kilobyte for each reading that may be on its way, and not less than 8 MB. */
    private long bufferBytes() {
        return Math.max(8L << 20, topic.maxUnacknowledged() * 1_024L);
    }
}
