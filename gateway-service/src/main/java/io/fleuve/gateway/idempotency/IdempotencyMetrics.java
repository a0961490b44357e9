package io.fleuve.gateway.idempotency;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.IntSupplier;

/** What an operator sees of requests with keys. */
final class IdempotencyMetrics {

    private final Counter carriedOut;
    private final Counter replayed;
    private final Counter conflict;
    private final Counter mismatch;
    private final Counter refused;
    private final Counter takeOvers;

    IdempotencyMetrics(MeterRegistry registry, IntSupplier keys) {
        this.carriedOut = counter(registry, "carried-out");
        this.replayed = counter(registry, "replayed");
        this.conflict = counter(registry, "conflict");
        this.mismatch = counter(registry, "mismatch");
        this.refused = counter(registry, "refused");
        this.takeOvers =
                Counter.builder("fleuve.gateway.idempotency.takeovers")
                        .description("Transactional ids fenced because a request had no outcome")
                        .register(registry);
        Gauge.builder("fleuve.gateway.idempotency.keys", keys, IntSupplier::getAsInt)
                .description("Idempotency keys that are remembered")
                // Nobody else holds on to the question.
                .strongReference(true)
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String result) {
        return Counter.builder("fleuve.gateway.idempotency.requests")
                .description("Requests with an Idempotency-Key, by what came of them")
                .tag("result", result)
                .register(registry);
    }

    void carriedOut() {
        carriedOut.increment();
    }

    void replayed() {
        replayed.increment();
    }

    void conflict() {
        conflict.increment();
    }

    void mismatch() {
        mismatch.increment();
    }

    void refused() {
        refused.increment();
    }

    void takenOver() {
        takeOvers.increment();
    }
}
