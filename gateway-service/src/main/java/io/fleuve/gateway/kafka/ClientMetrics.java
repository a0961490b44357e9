package io.fleuve.gateway.kafka;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Looks for new metrics of all clients on one thread, rather than on a thread each. {@link
 * KafkaClientMetrics} goes on looking after it was closed when the scheduler is not its own, and
 * holds the client for ever: so it is made to stop here.
 */
final class ClientMetrics extends ScheduledThreadPoolExecutor {

    private final ReentrantLock binding = new ReentrantLock();
    private List<ScheduledFuture<?>> begun = new ArrayList<>();

    ClientMetrics() {
        super(1, Thread.ofPlatform().daemon().name("gateway-kafka-metrics").factory());
        // Otherwise a client would be held until its next turn.
        setRemoveOnCancelPolicy(true);
    }

    /** The metrics of one client, until closed. */
    static final class Published implements AutoCloseable {

        private final KafkaClientMetrics metrics;
        private final List<ScheduledFuture<?>> looking;

        private Published(KafkaClientMetrics metrics, List<ScheduledFuture<?>> looking) {
            this.metrics = metrics;
            this.looking = looking;
        }

        @Override
        public void close() {
            looking.forEach(each -> each.cancel(false));
            metrics.close();
        }
    }

    /**
     * Publishes the metrics of a client.
     *
     * @param metrics made with this scheduler
     */
    Published publish(KafkaClientMetrics metrics, MeterRegistry registry) {
        binding.lock();
        try {
            begun = new ArrayList<>();
            metrics.bindTo(registry);
            return new Published(metrics, begun);
        } finally {
            binding.unlock();
        }
    }

    /** Called by {@link KafkaClientMetrics#bindTo}, which keeps no hold of what it begins. */
    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(
            Runnable command, long initialDelay, long period, TimeUnit unit) {
        ScheduledFuture<?> task = super.scheduleAtFixedRate(command, initialDelay, period, unit);
        begun.add(task);
        return task;
    }
}
