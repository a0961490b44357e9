package io.fleuve.conformance.bench;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Readings of many regions, as sensors publish them: JSON, keyed by region. */
final class ReadingFlow implements AutoCloseable {

    private final String topic;
    private final List<byte[]> regions;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private long sent;

    ReadingFlow(String bootstrapServers, String topic, int regions) {
        this.topic = topic;
        this.regions =
                IntStream.range(0, regions)
                        .mapToObj("region-%03d"::formatted)
                        .map(name -> name.getBytes(StandardCharsets.UTF_8))
                        .toList();
        this.producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers", bootstrapServers,
                                "linger.ms", "5",
                                "batch.size", "65536",
                                "buffer.memory", "67108864"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    /**
     * One reading of each region.
     *
     * @throws IllegalStateException if an earlier one was refused
     */
    void each(Instant observedAt, double celsius) {
        Exception refused = failure.get();
        if (refused != null) {
            throw new IllegalStateException("a reading was refused", refused);
        }
        for (byte[] region : regions) {
            String name = new String(region, StandardCharsets.UTF_8);
            String value =
                    "{\"sensor\":\"%s-1\",\"region\":\"%s\",\"celsius\":%s,\"observedAt\":\"%s\"}"
                            .formatted(name, name, celsius, observedAt);
            producer.send(
                    new ProducerRecord<>(
                            topic,
                            null,
                            observedAt.toEpochMilli(),
                            region,
                            value.getBytes(StandardCharsets.UTF_8)),
                    (_, e) -> {
                        if (e != null) {
                            failure.compareAndSet(null, e);
                        }
                    });
            sent++;
        }
    }

    /** How many were handed to the client. */
    long sent() {
        return sent;
    }

    @Override
    public void close() throws ExecutionException {
        producer.close();
    }
}
