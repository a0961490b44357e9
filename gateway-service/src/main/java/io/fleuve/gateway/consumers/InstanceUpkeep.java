package io.fleuve.gateway.consumers;

import io.fleuve.gateway.consumers.ConsumerInstance.Farewell;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has to happen while nobody asks: consumers take part in their groups, instances that nobody
 * uses expire, and the topic keeps saying of the others that they live. An owner says so at least
 * once in half the instance time-out; an instance of which that has not been said for twice the
 * time-out has no owner any more, and any gateway removes it.
 */
final class InstanceUpkeep implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(InstanceUpkeep.class);

    private final ConsumerInstances instances;
    private final InstanceLog log;
    private final OwnershipView view;
    private final ConsumerLimits limits;
    private final Clock clock;
    private final ExecutorService tasks;
    private final Counter expired;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean sweeping = new AtomicBoolean();
    private final ScheduledExecutorService schedule =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("gateway-consumer-upkeep").factory());

    InstanceUpkeep(
            ConsumerInstances instances,
            InstanceLog log,
            OwnershipView view,
            ConsumerLimits limits,
            Clock clock,
            ExecutorService tasks,
            MeterRegistry registry) {
        this.instances = instances;
        this.log = log;
        this.view = view;
        this.limits = limits;
        this.clock = clock;
        this.tasks = tasks;
        this.expired =
                Counter.builder("fleuve.gateway.consumers.expired")
                        .description("Consumer instances removed because nobody used them")
                        .register(registry);
    }

    void start() {
        if (!started.compareAndSet(false, true)) {
            return;
        }
        long pollMs = limits.backgroundPollInterval().toMillis();
        schedule.scheduleWithFixedDelay(
                () -> instances.open().forEach(i -> submit(() -> takePart(i))),
                pollMs,
                pollMs,
                TimeUnit.MILLISECONDS);
        long sweepMs = Math.max(1, limits.instanceTimeout().toMillis() / 10);
        schedule.scheduleWithFixedDelay(
                () -> submit(this::sweep), sweepMs, sweepMs, TimeUnit.MILLISECONDS);
    }

    private void submit(Runnable task) {
        try {
            tasks.execute(task);
        } catch (RejectedExecutionException e) {
            // The gateway is shutting down.
        }
    }

    private void takePart(ConsumerInstance instance) {
        try {
            instance.takePart();
        } catch (NoLongerOwnerException e) {
            instances.drop(instance, Farewell.REPLACED);
        } catch (RuntimeException e) {
            LOGGER.atError()
                    .setCause(e)
                    .addKeyValue("group", instance.id().group())
                    .addKeyValue("instance", instance.id().name())
                    .log("a consumer could not take part in its group");
        }
    }

    private void sweep() {
        if (!sweeping.compareAndSet(false, true)) {
            return;
        }
        try {
            for (OwnershipView.Entry entry : view.entries()) {
                sweep(entry);
            }
        } catch (KafkaException e) {
            LOGGER.atWarn().setCause(e).log("instances could not be looked after; trying again");
        } finally {
            sweeping.set(false);
        }
    }

    private void sweep(OwnershipView.Entry entry) {
        InstanceDescription description = entry.description();
        long timeoutMs = limits.instanceTimeout().toMillis();
        long saidMsAgo = clock.millis() - entry.timestampMs();
        ConsumerInstance running =
                instances.open().stream()
                        .filter(i -> i.uid().equals(description.uid()))
                        .findFirst()
                        .orElse(null);
        if (running != null && instances.isSelf(description)) {
            if (clock.millis() - running.lastUsedMs() >= timeoutMs) {
                remove(description);
                instances.drop(running, Farewell.LEAVE);
            } else if (saidMsAgo >= timeoutMs / 2) {
                log.write(description);
            }
        } else if (saidMsAgo >= 2 * timeoutMs) {
            remove(description);
        }
    }

    private void remove(InstanceDescription description) {
        log.writeRemoval(description.id(), description.uid());
        expired.increment();
        LOGGER.atInfo()
                .addKeyValue("group", description.id().group())
                .addKeyValue("instance", description.id().name())
                .log("consumer instance expired");
    }

    @Override
    public void close() {
        schedule.shutdownNow();
    }
}
