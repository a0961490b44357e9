package io.fleuve.gateway.kafka;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.kafka.KafkaClients.Metered;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * A bounded number of consumers without a group, made when needed and kept for the next read; as
 * many may be idle for each isolation as may read at once. Connections and metadata stay warm, so a
 * read costs a fetch and not a start-up.
 */
public final class ConsumerPool implements AutoCloseable {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final KafkaClients clients;
    private final ReadLimits limits;
    private final Semaphore permits;
    private final Map<Isolation, ConcurrentLinkedDeque<Metered<Consumer<byte[], byte[]>>>> idle =
            Map.of(
                    Isolation.READ_COMMITTED,
                    new ConcurrentLinkedDeque<>(),
                    Isolation.READ_UNCOMMITTED,
                    new ConcurrentLinkedDeque<>());
    private volatile boolean closed;

    /** A pool whose gauge bears {@code use}, which says what the consumers are for. */
    public ConsumerPool(
            KafkaClients clients, ReadLimits limits, MeterRegistry registry, String use) {
        this.clients = clients;
        this.limits = limits;
        this.permits = new Semaphore(limits.poolSize(), true);
        Gauge.builder(
                        "fleuve.gateway.read.consumers.active",
                        permits,
                        s -> limits.poolSize() - s.availablePermits())
                .description("Consumers that are reading now")
                .tag("use", use)
                .register(registry);
    }

    /**
     * Lends a consumer to {@code use}. One that fails is thrown away.
     *
     * @throws RestException 503 with a time to come back when all are in use
     */
    <T> T with(Isolation isolation, Function<Consumer<byte[], byte[]>, T> use) {
        acquire();
        try {
            Metered<Consumer<byte[], byte[]>> consumer = idleOf(isolation).pollFirst();
            if (consumer == null) {
                consumer = clients.reader(limits, isolation);
            }
            return lend(isolation, consumer, use);
        } finally {
            permits.release();
        }
    }

    private <T> T lend(
            Isolation isolation,
            Metered<Consumer<byte[], byte[]>> consumer,
            Function<Consumer<byte[], byte[]>, T> use) {
        boolean reusable = false;
        try {
            T result = use.apply(consumer.client());
            // Nothing assigned, nothing fetched ahead for nobody.
            consumer.client().assign(List.of());
            reusable = true;
            return result;
        } finally {
            if (reusable && !closed) {
                idleOf(isolation).addFirst(consumer);
            } else {
                release(consumer);
            }
        }
    }

    // Made for each isolation: a consumer cannot change its own.
    private ConcurrentLinkedDeque<Metered<Consumer<byte[], byte[]>>> idleOf(Isolation isolation) {
        return Objects.requireNonNull(idle.get(isolation));
    }

    private void acquire() {
        try {
            if (!permits.tryAcquire(limits.borrowTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new RestException(
                        new RestError(
                                503,
                                RestError.NO_CONSUMER_AVAILABLE,
                                "All consumers are reading at this moment. Try again later."),
                        RETRY_AFTER);
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private static void release(Metered<Consumer<byte[], byte[]>> consumer) {
        consumer.metrics().close();
        consumer.client().close(CloseOptions.timeout(Duration.ZERO));
    }

    @Override
    public void close() {
        closed = true;
        for (Isolation isolation : Isolation.values()) {
            @Nullable Metered<Consumer<byte[], byte[]>> consumer;
            while ((consumer = idleOf(isolation).pollFirst()) != null) {
                release(consumer);
            }
        }
    }
}
