package io.fleuve.broker;

import io.fleuve.broker.coordinator.GroupCoordinatorHost;
import io.fleuve.broker.log.SequencedLogs;
import io.fleuve.broker.metadata.BrokerImage;
import io.fleuve.broker.metadata.ClusterImage;
import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.PartitionImage;
import io.fleuve.broker.network.KafkaServer;
import io.fleuve.broker.postgres.Membership;
import io.fleuve.broker.transaction.TransactionCoordinator;
import io.fleuve.broker.upkeep.Upkeep;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The broker's life: its parts start from the log outwards and stop the other way round.
 *
 * <p>Stopping answers what is in flight, tells the other brokers, and writes out what was taken.
 */
final class Broker implements SmartLifecycle {

    private static final Logger LOGGER = LoggerFactory.getLogger(Broker.class);

    private final BrokerProperties properties;
    private final SequencedLogs logs;
    private final ClusterMetadata metadata;
    private final Membership membership;
    private final GroupCoordinatorHost groups;
    private final TransactionCoordinator transactions;
    private final Upkeep upkeep;
    private final KafkaServer server;
    private Set<Long> knownLogs = Set.of();
    private volatile boolean running;

    Broker(
            BrokerProperties properties,
            SequencedLogs logs,
            ClusterMetadata metadata,
            Membership membership,
            GroupCoordinatorHost groups,
            TransactionCoordinator transactions,
            Upkeep upkeep,
            KafkaServer server) {
        this.properties = properties;
        this.logs = logs;
        this.metadata = metadata;
        this.membership = membership;
        this.groups = groups;
        this.transactions = transactions;
        this.upkeep = upkeep;
        this.server = server;
    }

    @Override
    public void start() {
        try {
            logs.start();
            metadata.refresh();
            metadata.onChange(this::follow);
            server.start();
            membership.join(
                    new BrokerImage.Address(
                            properties.clientHost(),
                            properties.advertisedPort() == 0
                                    ? server.port()
                                    : properties.advertisedPort()),
                    properties.external().port() == null
                            ? null
                            : properties.external().clientAddress(server.externalPort()));
            groups.start();
            transactions.start();
            upkeep.start();
            running = true;
        } catch (InterruptedException e) {
            stop();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the broker was starting", e);
        } catch (RuntimeException e) {
            // What has started would keep the process alive, and clients served by half a broker.
            stop();
            throw e;
        }
    }

    @Override
    public void stop() {
        running = false;
        stop("upkeep", upkeep::close);
        stop("Kafka port", server::close);
        stop("transactions", transactions::close);
        stop("group coordinator", groups::close);
        stop("membership", membership::close);
        stop("log", logs::close);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Whether clients are served. */
    boolean serves() {
        return running && logs.isOpen() && server.isOpen() && !membership.replaced();
    }

    private void follow(ClusterImage image) {
        boolean alone = image.brokers().keySet().equals(Set.of(metadata.brokerId()));
        logs.setPeersPresent(!alone);
        Set<Long> present =
                image.topics().values().stream()
                        .flatMap(topic -> topic.partitions().stream())
                        .map(PartitionImage::logId)
                        .collect(Collectors.toUnmodifiableSet());
        knownLogs.stream().filter(logId -> !present.contains(logId)).forEach(logs::forget);
        knownLogs = present;
    }

    private static void stop(String part, Closing closing) {
        try {
            closing.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOGGER.atWarn().setCause(e).addKeyValue("part", part).log("Not stopped cleanly");
        }
    }

    private interface Closing {
        void run() throws InterruptedException;
    }
}
