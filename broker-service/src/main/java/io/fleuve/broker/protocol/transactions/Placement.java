package io.fleuve.broker.protocol.transactions;

import io.fleuve.broker.metadata.BrokerImage;
import io.fleuve.broker.metadata.ClusterImage;
import io.fleuve.broker.metadata.ClusterMetadata;
import java.util.List;
import java.util.Optional;

/**
 * The broker that clients are sent to with a transactional id. Any other would do; but a list of
 * all transactions, which clients put together from all brokers, shall have each once.
 */
final class Placement {

    private final ClusterMetadata metadata;

    Placement(ClusterMetadata metadata) {
        this.metadata = metadata;
    }

    Optional<BrokerImage> brokerOf(String transactionalId) {
        return brokerOf(metadata.current(), transactionalId);
    }

    boolean isHere(String transactionalId) {
        return brokerOf(transactionalId)
                .map(broker -> broker.id() == metadata.brokerId())
                .orElse(true);
    }

    private static Optional<BrokerImage> brokerOf(ClusterImage image, String transactionalId) {
        List<BrokerImage> brokers = List.copyOf(image.brokers().values());
        return brokers.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        brokers.get(Math.floorMod(transactionalId.hashCode(), brokers.size())));
    }
}
