package io.fleuve.broker.postgres;

import io.fleuve.broker.metadata.BrokerImage;
import io.fleuve.broker.metadata.ClusterImage;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This broker's membership of the cluster: enters it, stays alive in it, leaves it.
 *
 * <p>Each heartbeat renews this broker's lease by the database's clock, has leaders chosen anew if
 * brokers have come or gone, and brings the version of the metadata, so that a newer image is read
 * within one interval.
 */
public final class Membership implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Membership.class);

    private final PostgresClusterMetadata metadata;
    private final ClusterRepository cluster;
    private final UUID incarnation = UUID.randomUUID();
    private final Duration interval;
    private final Duration ttl;
    private @Nullable Thread thread;
    private volatile boolean replaced;

    Membership(
            PostgresClusterMetadata metadata,
            ClusterRepository cluster,
            MembershipSettings settings) {
        this.metadata = metadata;
        this.cluster = cluster;
        this.interval = settings.heartbeatInterval();
        this.ttl = settings.leaseTime();
    }

    /**
     * Enters the cluster under the addresses that clients shall use.
     *
     * @param external for those of the external listener; null if there is none
     * @throws IllegalStateException if another broker lives under this id
     */
    public void join(BrokerImage.Address address, BrokerImage.@Nullable Address external)
            throws InterruptedException {
        // An earlier incarnation at another address may have died without leaving: wait until its
        // lease has expired.
        long asked = System.nanoTime();
        Long version = register(address, external);
        for (long waited = 0; version == null; waited += interval.toMillis()) {
            if (waited > 2 * ttl.toMillis()) {
                throw new IllegalStateException(
                        "another broker is alive under the id "
                                + metadata.brokerId()
                                + "; give each broker its own fleuve.broker.id");
            }
            Thread.sleep(interval);
            asked = System.nanoTime();
            version = register(address, external);
        }
        ClusterImage image = metadata.refreshTo(version);
        metadata.renewedUntil(asked + ttl.toNanos());
        LOGGER.atInfo()
                .addKeyValue("broker", metadata.brokerId())
                .addKeyValue("cluster", image.clusterId())
                .addKeyValue("brokers", image.brokers().keySet())
                .log("Entered the cluster");
        thread = Thread.ofVirtual().name("fleuve-heartbeat").start(this::beat);
    }

    private @Nullable Long register(
            BrokerImage.Address address, BrokerImage.@Nullable Address external) {
        return cluster.register(
                metadata.brokerId(),
                incarnation,
                address.host(),
                address.port(),
                ttlMs(),
                external == null ? null : external.host(),
                external == null ? null : external.port());
    }

    /** Whether another process has taken this broker's place. */
    public boolean replaced() {
        return replaced;
    }

    /** Leaves, so that others lead at once what this broker led. */
    @Override
    public void close() throws InterruptedException {
        Thread beating = thread;
        if (beating == null) {
            return;
        }
        beating.interrupt();
        beating.join();
        try {
            cluster.leave(metadata.brokerId(), incarnation);
        } catch (RuntimeException e) {
            LOGGER.atWarn()
                    .addKeyValue("reason", e.getMessage())
                    .log(
                            "Could not take leave of the cluster; others will notice when the lease expires");
        }
    }

    private void beat() {
        boolean failing = false;
        try {
            while (!replaced) {
                Thread.sleep(interval);
                try {
                    // The database's lease begins later than this.
                    long asked = System.nanoTime();
                    Long version = cluster.heartbeat(metadata.brokerId(), incarnation, ttlMs());
                    if (version == null) {
                        replaced = true;
                        LOGGER.atError()
                                .addKeyValue("broker", metadata.brokerId())
                                .log(
                                        "Another process has entered the cluster under this broker's id");
                    } else {
                        metadata.refreshTo(version);
                        metadata.renewedUntil(asked + ttl.toNanos());
                    }
                    failing = false;
                } catch (RuntimeException | Error e) {
                    if (!failing) {
                        LOGGER.atWarn()
                                .addKeyValue("reason", e.getMessage())
                                .log("A heartbeat has failed");
                    }
                    failing = true;
                }
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private int ttlMs() {
        return Math.toIntExact(ttl.toMillis());
    }
}
