package io.fleuve.broker.network;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;

/** What an operator wants to know about the Kafka port. Names begin with {@code fleuve.kafka}. */
final class ServerMetrics {

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30)
    };

    private record ErrorKey(ApiKeys api, Errors error) {}

    private final MeterRegistry registry;
    private final Map<ApiKeys, Timer> requests = new ConcurrentHashMap<>();
    private final Map<ErrorKey, Counter> errors = new ConcurrentHashMap<>();
    private final Map<String, Counter> rejected = new ConcurrentHashMap<>();
    private final Map<String, Counter> cut = new ConcurrentHashMap<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Counter received;
    private final Counter sent;

    ServerMetrics(MeterRegistry registry) {
        this.registry = registry;
        received =
                Counter.builder("fleuve.kafka.received")
                        .description("Bytes of requests")
                        .baseUnit("bytes")
                        .register(registry);
        sent =
                Counter.builder("fleuve.kafka.sent")
                        .description("Bytes of answers")
                        .baseUnit("bytes")
                        .register(registry);
        Gauge.builder("fleuve.kafka.requests.in.flight", inFlight, AtomicInteger::get)
                .description("Requests that are read and not answered")
                .register(registry);
    }

    <T> void watch(String name, String description, T source, ToDoubleFunction<T> value) {
        Gauge.builder("fleuve.kafka." + name, source, value)
                .description(description)
                .register(registry);
    }

    void requestRead(int bytes) {
        inFlight.incrementAndGet();
        received.increment(bytes);
    }

    void requestDone() {
        inFlight.decrementAndGet();
    }

    void answerSent(Exchange exchange, AbstractResponse response, long bytes) {
        sent.increment(bytes);
        ApiKeys api = exchange.context().header.apiKey();
        answered(exchange);
        response.errorCounts()
                .forEach(
                        (error, count) -> {
                            if (error != Errors.NONE) {
                                errors.computeIfAbsent(new ErrorKey(api, error), this::errorCounter)
                                        .increment(count);
                            }
                        });
    }

    void answered(Exchange exchange) {
        requests.computeIfAbsent(exchange.context().header.apiKey(), this::timer)
                .record(System.nanoTime() - exchange.startNanos(), TimeUnit.NANOSECONDS);
    }

    void connectionRejected(String reason) {
        rejected.computeIfAbsent(
                        reason,
                        key ->
                                Counter.builder("fleuve.kafka.connections.rejected")
                                        .description("Connections that were over a bound")
                                        .tag("reason", key)
                                        .register(registry))
                .increment();
    }

    void connectionCut(String reason) {
        cut.computeIfAbsent(
                        reason,
                        key ->
                                Counter.builder("fleuve.kafka.connections.cut")
                                        .description("Connections that the broker closed")
                                        .tag("reason", key)
                                        .register(registry))
                .increment();
    }

    private Timer timer(ApiKeys api) {
        return Timer.builder("fleuve.kafka.requests")
                .description("From the arrival of a request to the departure of its answer")
                .tag("api", api.name)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private Counter errorCounter(ErrorKey key) {
        return Counter.builder("fleuve.kafka.errors")
                .description("Error codes in answers")
                .tag("api", key.api().name)
                .tag("error", key.error().name())
                .register(registry);
    }
}
