package io.fleuve.broker.postgres;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives ids to brokers that do not care which one they have, such as the pods of one deployment.
 */
public final class BrokerIds {

    private static final Logger LOGGER = LoggerFactory.getLogger(BrokerIds.class);

    /** By then the broker has entered the cluster, where its lease keeps the id. */
    private static final Duration CLAIM = Duration.ofMinutes(2);

    private final ClusterRepository cluster;

    BrokerIds(ClusterRepository cluster) {
        this.cluster = cluster;
    }

    /** The lowest id from 1 on that no living broker has, and no other one has just been given. */
    public int claim() {
        int id = cluster.claimId(Math.toIntExact(CLAIM.toMillis()));
        LOGGER.atInfo().addKeyValue("broker", id).log("Took an id that was free");
        return id;
    }
}
