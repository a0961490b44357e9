package io.fleuve.gateway.events;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** What an operator wants to know of readers and events. */
final class EventMeters {

    private final MeterRegistry registry;
    private final Counter sent;
    private final Counter filtered;
    private final Counter lapped;
    private final Counter slow;

    EventMeters(MeterRegistry registry, AtomicInteger readers, Tails tails) {
        this.registry = registry;
        Gauge.builder("fleuve.gateway.events.readers", readers, AtomicInteger::get)
                .description("Connections that read events now")
                .register(registry);
        Gauge.builder("fleuve.gateway.events.tails", tails, Tails::size)
                .description("Topics whose end is read for them, once for each isolation")
                .register(registry);
        this.sent =
                Counter.builder("fleuve.gateway.events.sent")
                        .description("Records sent as events")
                        .register(registry);
        this.filtered =
                Counter.builder("fleuve.gateway.events.filtered")
                        .description("Records that a reader's filters held back")
                        .register(registry);
        this.lapped =
                Counter.builder("fleuve.gateway.events.lapped")
                        .description("Times that a reader fell behind what is kept in memory")
                        .register(registry);
        this.slow =
                Counter.builder("fleuve.gateway.events.slow.disconnected")
                        .description("Readers disconnected because they took records too slowly")
                        .register(registry);
    }

    void sent(int records) {
        sent.increment(records);
    }

    void filtered(int records) {
        filtered.increment(records);
    }

    void lapped() {
        lapped.increment();
    }

    void slow() {
        slow.increment();
    }

    /** A reader is gone: {@code client}, or the code of an {@link EndReason}. */
    void ended(String reason) {
        Counter.builder("fleuve.gateway.events.ended")
                .description("Readers that are gone, by the reason")
                .tag("reason", reason)
                .register(registry)
                .increment();
    }
}
