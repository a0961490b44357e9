package io.fleuve.broker.protocol;

import io.fleuve.broker.metadata.ClusterImage;
import io.fleuve.broker.metadata.PartitionImage;
import java.util.List;

/**
 * How partitions look to clients. Storage is shared: there is one replica, it is always in sync,
 * and it is wherever the leader is.
 */
final class Placement {

    /** What is reported, whatever was asked for. */
    static final short REPLICATION_FACTOR = 1;

    private final ClusterImage image;
    private final int self;

    /**
     * @param self this broker, which can serve anything
     */
    Placement(ClusterImage image, int self) {
        this.image = image;
        this.self = self;
    }

    /** The broker to send clients to: there always is one, since some take "none" for final. */
    int leader(PartitionImage partition) {
        return image.brokers().containsKey(partition.leaderId()) ? partition.leaderId() : self;
    }

    List<Integer> replicas(PartitionImage partition) {
        return List.of(leader(partition));
    }

    /** Whom tools shall take for the controller: any broker will do. */
    int controller() {
        return image.brokers().isEmpty() ? self : image.brokers().firstKey();
    }
}
