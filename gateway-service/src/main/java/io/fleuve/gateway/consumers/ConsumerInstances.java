package io.fleuve.gateway.consumers;

import io.fleuve.gateway.consumers.ConsumerInstance.Farewell;
import io.fleuve.gateway.consumers.InstanceDescription.Owner;
import io.fleuve.gateway.consumers.OwnershipView.Applied;
import io.fleuve.gateway.kafka.ClusterAdmin;
import io.fleuve.gateway.kafka.DedicatedClients;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instances that this gateway runs, in step with what the topic of instances says: those that
 * it creates or takes over are opened, those that go to others are closed.
 *
 * <p>Each consumer is a static member of its group (KIP-345) under the uid of its instance. So a
 * new owner takes the old one's place in the group at once, without a rebalance; and an old owner
 * that only seemed dead can no longer commit.
 */
public final class ConsumerInstances implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(ConsumerInstances.class);

    private final String gatewayId = UUID.randomUUID().toString();
    private final ConsumerLimits limits;
    private final DedicatedClients clients;
    private final Clock clock;
    private final Supplier<Owner> self;
    private final OwnershipView view = new OwnershipView();
    private final InstanceLog log;
    private final Map<InstanceId, ConsumerInstance> local = new ConcurrentHashMap<>();
    private final Semaphore room;
    private final ExecutorService tasks =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("gateway-consumer-instance-", 0).factory());
    private final InstanceUpkeep upkeep;
    private final Counter takeovers;
    private volatile boolean closed;

    /**
     * @param url where other gateways reach this one; asked when first needed, since a port may be
     *     known only then
     */
    public ConsumerInstances(
            ClusterAdmin admin,
            DedicatedClients clients,
            ConsumerLimits limits,
            Clock clock,
            Supplier<java.net.URI> url,
            MeterRegistry registry) {
        this.limits = limits;
        this.clients = clients;
        this.clock = clock;
        this.self = () -> new Owner(gatewayId, url.get());
        this.room = new Semaphore(limits.maxInstances());
        this.log = new InstanceLog(admin, clients, limits, view, this::follow);
        this.takeovers =
                Counter.builder("fleuve.gateway.consumers.takeovers")
                        .description("Consumer instances taken over from gateways that were gone")
                        .register(registry);
        Gauge.builder("fleuve.gateway.consumers.open", local, Map::size)
                .description("Consumer instances that this gateway runs")
                .register(registry);
        Gauge.builder("fleuve.gateway.consumers.known", view, OwnershipView::size)
                .description("Consumer instances of all gateways")
                .register(registry);
        this.upkeep = new InstanceUpkeep(this, log, view, limits, clock, tasks, registry);
    }

    /** Names this life of this gateway. */
    public String gatewayId() {
        return gatewayId;
    }

    ConsumerLimits limits() {
        return limits;
    }

    boolean isSelf(InstanceDescription description) {
        return description.isOwnedBy(gatewayId);
    }

    List<ConsumerInstance> open() {
        return List.copyOf(local.values());
    }

    boolean runs(InstanceId id) {
        return local.containsKey(id);
    }

    /**
     * Makes an instance, run here.
     *
     * @throws io.fleuve.gateway.errors.RestException 409 if there is one of that name, 422 if no
     *     consumer can be made so, 429 at the limits
     */
    public ConsumerInstance create(InstanceId id, InstanceConfig config) {
        log.start();
        upkeep.start();
        if (view.find(id).isPresent()) {
            throw InstanceErrors.alreadyExists();
        }
        if (view.size() >= limits.maxKnownInstances()) {
            throw InstanceErrors.tooManyKnown(limits.maxKnownInstances());
        }
        InstanceDescription description =
                new InstanceDescription(
                        id,
                        UUID.randomUUID().toString(),
                        1,
                        self.get(),
                        config,
                        new Interest.None());
        ConsumerInstance opened = open(description);
        if (local.putIfAbsent(id, opened) != null) {
            discard(opened, Farewell.LEAVE);
            throw InstanceErrors.alreadyExists();
        }
        try {
            log.write(description);
        } catch (RuntimeException e) {
            drop(opened, Farewell.LEAVE);
            throw e;
        }
        if (!owns(id, opened.uid())) {
            drop(opened, Farewell.LEAVE);
            throw InstanceErrors.alreadyExists();
        }
        LOGGER.atInfo()
                .addKeyValue("group", id.group())
                .addKeyValue("instance", id.name())
                .log("consumer instance created");
        return opened;
    }

    /** Has an instance read something else, and writes that down for its next owner. */
    public void follow(ConsumerInstance instance, Interest interest) {
        instance.change(() -> followAndWrite(instance, interest));
    }

    private void followAndWrite(ConsumerInstance instance, Interest interest) {
        instance.follow(interest);
        InstanceDescription standing =
                view.find(instance.id())
                        .filter(this::isSelf)
                        .orElseThrow(() -> new NoLongerOwnerException(instance.id()));
        log.write(standing.with(interest));
        if (!owns(instance.id(), instance.uid())) {
            throw new NoLongerOwnerException(instance.id());
        }
    }

    /** Ends an instance: what it has delivered is settled, and it leaves its group. */
    public void delete(ConsumerInstance instance) {
        instance.confirmDelivered();
        log.writeRemoval(instance.id(), instance.uid());
        drop(instance, Farewell.LEAVE);
        LOGGER.atInfo()
                .addKeyValue("group", instance.id().group())
                .addKeyValue("instance", instance.id().name())
                .log("consumer instance deleted");
    }

    // ---- for the router and the upkeep

    /** Who owns the instance as far as is known here. */
    Optional<InstanceDescription> find(InstanceId id) {
        log.start();
        upkeep.start();
        return view.find(id);
    }

    /** The same after everything was read that had been written when this was called. */
    Optional<InstanceDescription> findSurely(InstanceId id) {
        log.catchUp();
        return view.find(id);
    }

    /** The consumer of an instance that this gateway owns; opened anew if there is none. */
    ConsumerInstance adopt(InstanceDescription description) {
        ConsumerInstance earlier = local.get(description.id());
        if (earlier != null && !earlier.uid().equals(description.uid())) {
            drop(earlier, Farewell.LEAVE);
        }
        ConsumerInstance instance = local.computeIfAbsent(description.id(), _ -> open(description));
        if (closed) {
            drop(instance, Farewell.REMAIN);
            throw InstanceErrors.unsettled();
        }
        return instance;
    }

    /** Claims an instance whose owner is gone. The view says afterwards whether that succeeded. */
    void takeOver(InstanceDescription description) {
        if (room.availablePermits() == 0) {
            throw InstanceErrors.tooManyHere(limits.maxInstances());
        }
        InstanceDescription claim = description.passedTo(self.get());
        log.write(claim);
        Optional<InstanceDescription> standing = view.find(description.id());
        if (standing.isEmpty()) {
            // It was deleted meanwhile: the claim must not be what compaction leaves of it.
            log.writeRemoval(description.id(), description.uid());
        } else if (isSelf(standing.get()) && standing.get().uid().equals(claim.uid())) {
            // Perhaps at a higher generation already, after the claim of another was refused.
            takeovers.increment();
            LOGGER.atInfo()
                    .addKeyValue("group", claim.id().group())
                    .addKeyValue("instance", claim.id().name())
                    .addKeyValue("generation", claim.generation())
                    .log("consumer instance taken over");
        }
    }

    /** Closes the consumer here, whatever the topic says. */
    void drop(ConsumerInstance instance, Farewell farewell) {
        boolean removed = local.remove(instance.id(), instance);
        instance.close(farewell);
        if (removed) {
            room.release();
        }
    }

    private void discard(ConsumerInstance neverListed, Farewell farewell) {
        neverListed.close(farewell);
        room.release();
    }

    boolean owns(InstanceId id, String uid) {
        return view.find(id).filter(d -> isSelf(d) && d.uid().equals(uid)).isPresent();
    }

    private ConsumerInstance open(InstanceDescription description) {
        if (!room.tryAcquire()) {
            throw InstanceErrors.tooManyHere(limits.maxInstances());
        }
        boolean opened = false;
        try {
            Map<String, Object> properties = properties(description);
            ConsumerInstance instance =
                    new ConsumerInstance(
                            description,
                            limits,
                            clock,
                            () -> openConsumer(properties),
                            () -> owns(description.id(), description.uid()));
            opened = true;
            return instance;
        } finally {
            if (!opened) {
                room.release();
            }
        }
    }

    private Consumer<byte[], byte[]> openConsumer(Map<String, Object> properties) {
        try {
            return clients.consumer("instance", properties);
        } catch (ConfigException e) {
            throw InstanceErrors.invalidConfig(e.getMessage());
        }
    }

    private Map<String, Object> properties(InstanceDescription description) {
        InstanceConfig config = description.config();
        int sessionMs = Math.toIntExact(limits.sessionTimeout().toMillis());
        Map<String, Object> properties = new HashMap<>();
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, description.id().group());
        properties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, description.uid());
        properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, description.id().name());
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, sessionMs);
        properties.put(
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                Math.max(1, Math.min(3_000, sessionMs / 3)));
        properties.put(
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                Math.toIntExact(limits.apiTimeout().toMillis()));
        int fetchSize = Math.toIntExact(limits.fetchSize().toBytes());
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, fetchSize);
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, fetchSize);
        if (config.autoOffsetReset() != null) {
            properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, config.autoOffsetReset());
        }
        if (config.isolationLevel() != null) {
            properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, config.isolationLevel());
        }
        return properties;
    }

    // By the thread that reads the topic, which must go on reading.
    private void follow(InstanceId id, Applied applied) {
        ConsumerInstance instance = local.get(id);
        switch (applied) {
            case Applied.Accepted(InstanceDescription now) -> {
                if (instance != null && !(isSelf(now) && now.uid().equals(instance.uid()))) {
                    run(() -> drop(instance, Farewell.REPLACED));
                }
            }
            case Applied.Removed(InstanceDescription before) -> {
                if (instance != null && before.uid().equals(instance.uid())) {
                    run(() -> drop(instance, Farewell.LEAVE));
                }
            }
            case Applied.Refused(InstanceDescription still) -> {
                if (isSelf(still)) {
                    run(() -> log.write(still.passedTo(still.owner())));
                }
            }
            case Applied.Ignored() -> {}
        }
    }

    private void run(Runnable task) {
        if (closed) {
            return;
        }
        tasks.execute(
                () -> {
                    try {
                        task.run();
                    } catch (KafkaException e) {
                        LOGGER.atWarn()
                                .setCause(e)
                                .log("the topic of consumer instances could not be followed");
                    }
                });
    }

    /** Leaves all instances to other gateways, which find them without an owner. */
    @Override
    public void close() {
        closed = true;
        upkeep.close();
        List<ConsumerInstance> last = new ArrayList<>(local.values());
        last.forEach(instance -> tasks.execute(() -> handOver(instance)));
        tasks.shutdown();
        try {
            if (!tasks.awaitTermination(limits.apiTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
                tasks.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        log.close();
    }

    private void handOver(ConsumerInstance instance) {
        drop(instance, Farewell.REMAIN);
        try {
            Optional<InstanceDescription> standing =
                    view.find(instance.id())
                            .filter(d -> isSelf(d) && d.uid().equals(instance.uid()));
            if (standing.isPresent()) {
                log.write(standing.get().passedTo(null));
            }
        } catch (KafkaException e) {
            // Then the others find out by themselves that this gateway is gone.
            LOGGER.atDebug().setCause(e).log("a consumer instance could not be released");
        }
    }
}
