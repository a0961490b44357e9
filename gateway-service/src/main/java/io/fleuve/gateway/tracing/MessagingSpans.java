package io.fleuve.gateway.tracing;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Spans of what Kafka clients do for a request, by OpenTelemetry's <a
 * href="https://opentelemetry.io/docs/specs/semconv/messaging/kafka/">conventions for Kafka</a>.
 * They lie below the span of the request that the calling thread serves; without one, or if its
 * trace is not sent anywhere, no span is made.
 */
public final class MessagingSpans {

    private static final MessagingSpans OFF = new MessagingSpans(null, ObservationRegistry.NOOP, 0);

    private final @Nullable Tracer tracer;
    private final ObservationRegistry registry;
    private final int maxSendsPerRequest;

    MessagingSpans(@Nullable Tracer tracer, ObservationRegistry registry, int maxSendsPerRequest) {
        this.tracer = tracer;
        this.registry = registry;
        this.maxSendsPerRequest = maxSendsPerRequest;
    }

    /** Makes none. */
    public static MessagingSpans off() {
        return OFF;
    }

    /** A request whose trace is sent, and the means to add to it. */
    private record Request(Tracer tracer, Observation.Context context, Span span) {

        MessagingSpan begin(Span.Kind kind, String operation, String type, @Nullable String topic) {
            Span.Builder builder =
                    tracer.spanBuilder()
                            .setParent(span.context())
                            .kind(kind)
                            .name(topic == null ? operation : operation + " " + topic)
                            .tag("messaging.system", "kafka")
                            .tag("messaging.operation.name", operation)
                            .tag("messaging.operation.type", type);
            if (topic != null) {
                builder.tag("messaging.destination.name", topic);
            }
            return new MessagingSpan(builder.start());
        }
    }

    /** How many records of a request were given spans. */
    private static final class Sends {
        private final AtomicInteger count = new AtomicInteger();
    }

    /**
     * Of one record, from now until its acknowledgement. A request with many records has them for
     * the first ones only.
     */
    public MessagingSpan send(ProducerRecord<byte[], byte[]> record) {
        Request request = request();
        if (request == null) {
            return MessagingSpan.NONE;
        }
        Sends sends = request.context().computeIfAbsent(Sends.class, _ -> new Sends());
        return sends.count.incrementAndGet() > maxSendsPerRequest
                ? MessagingSpan.NONE
                : request.begin(Span.Kind.PRODUCER, "send", "send", record.topic());
    }

    /** Of records that are sent together, until all of them are acknowledged. */
    public MessagingSpan sendAll(Collection<ProducerRecord<byte[], byte[]>> records) {
        Request request = request();
        if (request == null) {
            return MessagingSpan.NONE;
        }
        List<String> topics = records.stream().map(ProducerRecord::topic).distinct().toList();
        String topic = topics.size() == 1 ? topics.getFirst() : null;
        return request.begin(Span.Kind.PRODUCER, "send", "send", topic).count(records.size());
    }

    /**
     * Reads, in a span of its own.
     *
     * @param records how many records the result has
     */
    public <T> T poll(String topic, Supplier<T> read, ToIntFunction<T> records) {
        Request request = request();
        if (request == null) {
            return read.get();
        }
        MessagingSpan span = request.begin(Span.Kind.CLIENT, "poll", "receive", topic);
        try {
            T result = read.get();
            span.count(records.applyAsInt(result)).done();
            return result;
        } catch (RuntimeException e) {
            span.failed(e);
            throw e;
        }
    }

    /** The one that this thread serves, if its trace is sent. */
    private @Nullable Request request() {
        Tracer tracer = this.tracer;
        Observation current = tracer == null ? null : registry.getCurrentObservation();
        if (tracer == null || current == null) {
            return null;
        }
        Span span = RequestSpan.of(current.getContext());
        return span != null && Boolean.TRUE.equals(span.context().sampled())
                ? new Request(tracer, current.getContext(), span)
                : null;
    }
}
