package io.fleuve.gateway.v3;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.kafka.ClusterAdmin;
import io.fleuve.gateway.kafka.ClusterAdmin.Cluster;

/** Checks that the cluster of a path is the one behind this gateway. */
final class Clusters {

    private Clusters() {}

    /**
     * The cluster called {@code clusterId}.
     *
     * @throws RestException 404
     */
    static Cluster require(ClusterAdmin admin, String clusterId) {
        Cluster cluster = admin.describeCluster();
        if (!cluster.id().equals(clusterId)) {
            throw new RestException(
                    RestError.notFound("Cluster %s cannot be found.".formatted(clusterId)));
        }
        return cluster;
    }

    /**
     * Checks that a broker is part of the cluster now.
     *
     * @throws RestException 404
     */
    static void requireBroker(ClusterAdmin admin, String clusterId, int brokerId) {
        if (require(admin, clusterId).nodes().stream().noneMatch(node -> node.id() == brokerId)) {
            throw new RestException(
                    RestError.notFound("Broker %d cannot be found.".formatted(brokerId)));
        }
    }

    /** Confluent's answer to a resource that is missing without a code of its own. */
    static RestException notFound() {
        return new RestException(RestError.notFound("HTTP 404 Not Found"));
    }
}
