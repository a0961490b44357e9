package io.fleuve.gateway.errors;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts answers that told of a failure, by API and Confluent error code. */
public final class ErrorCounter {

    private final MeterRegistry registry;

    public ErrorCounter(MeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * Counts one failure of {@code api} ({@code v2}, {@code v3}, {@code read}, {@code events},
     * {@code limits} or {@code other}).
     */
    public void count(String api, int errorCode) {
        Counter.builder("fleuve.gateway.errors")
                .description("Failures told to clients, whole requests and single records alike")
                .tag("api", api)
                .tag("code", Integer.toString(errorCode))
                .register(registry)
                .increment();
    }
}
