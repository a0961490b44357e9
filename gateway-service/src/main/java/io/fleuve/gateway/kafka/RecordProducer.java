package io.fleuve.gateway.kafka;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.tracing.MessagingSpan;
import io.fleuve.gateway.tracing.MessagingSpans;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownProducerIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one idempotent producer that all requests share: records of many requests travel in the same
 * batches. What may be unacknowledged is bounded by its memory, and how many requests may be
 * producing by {@link #admit()}.
 */
public final class RecordProducer implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(RecordProducer.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final LazyClient<Producer<byte[], byte[]>> client;
    private final TopicDirectory topics;
    private final ProduceLimits limits;
    private final MessagingSpans spans;
    private final Semaphore requests;
    private final Counter records;
    private final Counter bytes;
    private final Timer latency;

    public RecordProducer(
            KafkaClients clients,
            TopicDirectory topics,
            ProduceLimits limits,
            MessagingSpans spans,
            MeterRegistry registry) {
        this.client = new LazyClient<>(() -> clients.producer(limits), Producer::close);
        this.spans = spans;
        this.topics = topics;
        this.limits = limits;
        this.requests = new Semaphore(limits.maxInFlightRequests());
        this.records =
                Counter.builder("fleuve.gateway.produce.records")
                        .description("Records acknowledged by the brokers")
                        .register(registry);
        this.bytes =
                Counter.builder("fleuve.gateway.produce.bytes")
                        .description("Bytes of keys and values acknowledged by the brokers")
                        .baseUnit("bytes")
                        .register(registry);
        this.latency =
                Timer.builder("fleuve.gateway.produce.latency")
                        .description(
                                "From handing a record to the client until its acknowledgement")
                        .publishPercentileHistogram()
                        .register(registry);
        Gauge.builder(
                        "fleuve.gateway.produce.requests.active",
                        requests,
                        s -> limits.maxInFlightRequests() - s.availablePermits())
                .description("Requests that are producing now")
                .register(registry);
    }

    public ProduceLimits limits() {
        return limits;
    }

    /** A request's right to produce, until closed. */
    public interface Admission extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Waits a little for a turn to produce.
     *
     * @throws RestException 429 with a time to come back when too many requests are producing
     */
    public Admission admit() {
        try {
            if (!requests.tryAcquire(limits.admissionTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new RestException(
                        new RestError(
                                429,
                                RestError.TOO_MANY_REQUESTS,
                                "Too many requests are producing at this moment. Try again later."),
                        RETRY_AFTER);
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
        AtomicBoolean released = new AtomicBoolean();
        return () -> {
            if (released.compareAndSet(false, true)) {
                requests.release();
            }
        };
    }

    /**
     * Sends a record. Blocks while the client has no room or does not know the topic yet, at most
     * for {@code max-block}. The future fails with Kafka's exception or a {@link RestException}, no
     * later than the delivery timeout.
     */
    public CompletableFuture<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        CompletableFuture<RecordMetadata> acknowledged = new CompletableFuture<>();
        MessagingSpan span = spans.send(record);
        long start = System.nanoTime();
        try {
            topics.requireWritable(record.topic(), record.partition());
            Producer<byte[], byte[]> producer = client.get();
            try {
                // The result comes through the callback, also when the client refuses the record.
                var _ =
                        producer.send(
                                record,
                                (metadata, failure) -> {
                                    if (failure == null) {
                                        acknowledge(metadata, start);
                                        span.written(metadata);
                                        acknowledged.complete(metadata);
                                    } else {
                                        fail(producer, record.topic(), failure);
                                        span.failed(failure);
                                        acknowledged.completeExceptionally(failure);
                                    }
                                });
            } catch (InterruptException e) {
                throw e;
            } catch (KafkaException | IllegalStateException e) {
                // A producer that cannot send any more throws here; whatever it was, a new one is
                // cheap.
                replace(producer, e);
                span.failed(e);
                acknowledged.completeExceptionally(
                        e instanceof KafkaException ? e : new KafkaException(e));
            }
        } catch (RuntimeException e) {
            span.failed(e);
            acknowledged.completeExceptionally(e);
        }
        return acknowledged;
    }

    /**
     * The result of {@link #send}, or its failure; waits no longer than the client itself would.
     */
    public RecordMetadata await(CompletableFuture<RecordMetadata> acknowledged)
            throws java.util.concurrent.ExecutionException {
        long withinMs = limits.deliveryTimeout().plus(limits.maxBlock()).toMillis() + 1000;
        try {
            return acknowledged.get(withinMs, TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException(
                    "The record was not acknowledged within " + withinMs + " ms.");
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** Counts a record that was written in a transaction with those that this producer writes. */
    public void count(RecordMetadata metadata) {
        records.increment();
        bytes.increment(
                Math.max(0, metadata.serializedKeySize())
                        + Math.max(0, metadata.serializedValueSize()));
    }

    private void acknowledge(RecordMetadata metadata, long startNanos) {
        count(metadata);
        latency.record(System.nanoTime() - startNanos, TimeUnit.NANOSECONDS);
    }

    private void fail(Producer<byte[], byte[]> producer, String topic, Exception failure) {
        if (failure instanceof UnknownTopicOrPartitionException
                || failure instanceof TimeoutException) {
            topics.forget(topic);
        }
        if (isFatal(failure)) {
            replace(producer, failure);
        }
    }

    private void replace(Producer<byte[], byte[]> producer, Exception reason) {
        boolean refusal = reason instanceof ApiException && !isFatal(reason);
        if (!refusal && client.discard(producer)) {
            LOGGER.atWarn()
                    .setCause(reason)
                    .log("producer failed for good and is replaced by a new one");
        }
    }

    private static boolean isFatal(Exception failure) {
        return failure instanceof ProducerFencedException
                || failure instanceof InvalidProducerEpochException
                || failure instanceof OutOfOrderSequenceException
                || failure instanceof UnknownProducerIdException
                || failure instanceof ClusterAuthorizationException
                || failure instanceof UnsupportedVersionException;
    }

    @Override
    public void close() {
        client.close();
    }
}
