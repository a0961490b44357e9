package io.fleuve.gateway.v3;

import io.fleuve.gateway.kafka.ClusterAdmin;
import io.fleuve.gateway.kafka.ClusterAdmin.Cluster;
import io.fleuve.gateway.v3.Resources.BrokerData;
import io.fleuve.gateway.v3.Resources.ClusterData;
import io.fleuve.gateway.v3.Resources.ResourceList;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.apache.kafka.common.Node;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** The cluster and its brokers. */
@V3Controller
@Tag(name = "v3: cluster")
final class ClusterController {

    private final ClusterAdmin admin;
    private final Links links;

    ClusterController(ClusterAdmin admin, Links links) {
        this.admin = admin;
        this.links = links;
    }

    @GetMapping
    @Operation(
            summary = "List clusters",
            description =
                    "The list has one element: the cluster that this gateway stands in front of.")
    ResourceList<ClusterData> listClusters(HttpServletRequest request) {
        Links.Scope scope = links.of(request);
        return ResourceList.of(
                "KafkaClusterList", scope.url(), List.of(toData(scope, admin.describeCluster())));
    }

    @GetMapping("/{cluster_id}")
    @Operation(
            summary = "Get a cluster",
            description = "The cluster and where its brokers, topics, groups and ACLs are.")
    ClusterData getCluster(
            @PathVariable("cluster_id") String clusterId, HttpServletRequest request) {
        Cluster cluster = admin.describeCluster();
        if (!cluster.id().equals(clusterId)) {
            throw Clusters.notFound();
        }
        return toData(links.of(request), cluster);
    }

    @GetMapping("/{cluster_id}/brokers")
    @Operation(
            summary = "List brokers",
            description = "The brokers that are part of the cluster now.")
    ResourceList<BrokerData> listBrokers(
            @PathVariable("cluster_id") String clusterId, HttpServletRequest request) {
        Links.Scope scope = links.of(request);
        List<BrokerData> brokers =
                Clusters.require(admin, clusterId).nodes().stream()
                        .map(node -> toData(scope, clusterId, node))
                        .toList();
        return ResourceList.of("KafkaBrokerList", scope.url(clusterId, "brokers"), brokers);
    }

    @GetMapping("/{cluster_id}/brokers/{broker_id}")
    @Operation(summary = "Get a broker", description = "Where one broker listens.")
    BrokerData getBroker(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("broker_id") int brokerId,
            HttpServletRequest request) {
        return Clusters.require(admin, clusterId).nodes().stream()
                .filter(node -> node.id() == brokerId)
                .findFirst()
                .map(node -> toData(links.of(request), clusterId, node))
                .orElseThrow(Clusters::notFound);
    }

    private static ClusterData toData(Links.Scope scope, Cluster cluster) {
        String id = cluster.id();
        Node controller = cluster.controller();
        return new ClusterData(
                "KafkaCluster",
                scope.metadata(scope.url(id), id),
                id,
                controller == null || controller.isEmpty()
                        ? null
                        : scope.related(id, "brokers", controller.id()),
                scope.related(id, "acls"),
                scope.related(id, "brokers"),
                scope.related(id, "broker-configs"),
                scope.related(id, "consumer-groups"),
                scope.related(id, "topics"),
                scope.related(id, "topics", "-", "partitions", "-", "reassignment"));
    }

    private static BrokerData toData(Links.Scope scope, String clusterId, Node node) {
        return new BrokerData(
                "KafkaBroker",
                scope.metadata(
                        scope.url(clusterId, "brokers", node.id()), clusterId, "broker", node.id()),
                clusterId,
                node.id(),
                node.host(),
                node.port(),
                node.rack(),
                scope.related(clusterId, "brokers", node.id(), "configs"),
                scope.related(clusterId, "brokers", node.id(), "partition-replicas"));
    }
}
