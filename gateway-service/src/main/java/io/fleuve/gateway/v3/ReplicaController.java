package io.fleuve.gateway.v3;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.kafka.ClusterAdmin;
import io.fleuve.gateway.kafka.PartitionAdmin;
import io.fleuve.gateway.v3.Resources.Metadata;
import io.fleuve.gateway.v3.Resources.Related;
import io.fleuve.gateway.v3.Resources.ResourceList;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** The replicas of partitions, by partition and by broker. */
@V3Controller
@Tag(name = "v3: partitions")
final class ReplicaController {

    private final ClusterAdmin cluster;
    private final PartitionAdmin partitions;
    private final Links links;

    ReplicaController(ClusterAdmin cluster, PartitionAdmin partitions, Links links) {
        this.cluster = cluster;
        this.partitions = partitions;
        this.links = links;
    }

    record ReplicaData(
            @JsonProperty("kind") String kind,
            @JsonProperty("metadata") Metadata metadata,
            @JsonProperty("cluster_id") String clusterId,
            @JsonProperty("topic_name") String topicName,
            @JsonProperty("partition_id") int partitionId,
            @JsonProperty("broker_id") int brokerId,
            @JsonProperty("is_leader") boolean leader,
            @JsonProperty("is_in_sync") boolean inSync,
            @JsonProperty("broker") Related broker) {}

    @GetMapping("/{cluster_id}/topics/{topic_name}/partitions/{partition_id}/replicas")
    @Operation(
            summary = "List a partition's replicas",
            description = "On which brokers a partition is, which leads, and which keep up.")
    ResourceList<ReplicaData> listReplicas(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            @PathVariable("partition_id") int partitionId,
            HttpServletRequest request) {
        Links.Scope scope = links.of(request);
        return ResourceList.of(
                "KafkaReplicaList",
                scope.url(clusterId, "topics", topicName, "partitions", partitionId, "replicas"),
                replicas(scope, clusterId, topicName, partitionId));
    }

    @GetMapping("/{cluster_id}/topics/{topic_name}/partitions/{partition_id}/replicas/{broker_id}")
    @Operation(
            summary = "Get a replica",
            description = "What one broker has to do with a partition.")
    ReplicaData getReplica(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            @PathVariable("partition_id") int partitionId,
            @PathVariable("broker_id") int brokerId,
            HttpServletRequest request) {
        return replicas(links.of(request), clusterId, topicName, partitionId).stream()
                .filter(replica -> replica.brokerId() == brokerId)
                .findFirst()
                .orElseThrow(Clusters::notFound);
    }

    @GetMapping("/{cluster_id}/brokers/{broker_id}/partition-replicas")
    @Operation(
            summary = "List a broker's replicas",
            description = "The partitions of which a broker holds a replica.")
    ResourceList<ReplicaData> searchReplicasByBroker(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("broker_id") int brokerId,
            HttpServletRequest request) {
        Clusters.requireBroker(cluster, clusterId, brokerId);
        Links.Scope scope = links.of(request);
        return ResourceList.of(
                "KafkaReplicaList",
                scope.url(clusterId, "brokers", brokerId, "partition-replicas"),
                partitions.replicasOn(brokerId).stream()
                        .map(
                                held ->
                                        toData(
                                                scope,
                                                clusterId,
                                                held.partition(),
                                                held.info(),
                                                brokerId))
                        .toList());
    }

    private List<ReplicaData> replicas(
            Links.Scope scope, String clusterId, String topicName, int partitionId) {
        Clusters.require(cluster, clusterId);
        TopicPartition partition = new TopicPartition(topicName, partitionId);
        TopicPartitionInfo info =
                Partitions.describe(cluster, topicName, partitionId)
                        .orElseThrow(
                                () ->
                                        new RestException(
                                                RestError.notFound(
                                                        "Partition %d of topic %s could not be found on cluster %s."
                                                                .formatted(
                                                                        partitionId,
                                                                        topicName,
                                                                        clusterId))));
        return info.replicas().stream()
                .map(node -> toData(scope, clusterId, partition, info, node.id()))
                .toList();
    }

    private static ReplicaData toData(
            Links.Scope scope,
            String clusterId,
            TopicPartition partition,
            TopicPartitionInfo info,
            int brokerId) {
        String topic = partition.topic();
        int id = partition.partition();
        Node leader = info.leader();
        return new ReplicaData(
                "KafkaReplica",
                scope.metadata(
                        scope.url(
                                clusterId, "topics", topic, "partitions", id, "replicas", brokerId),
                        clusterId,
                        "topic",
                        topic,
                        "partition",
                        id,
                        "replica",
                        brokerId),
                clusterId,
                topic,
                id,
                brokerId,
                leader != null && leader.id() == brokerId,
                info.isr().stream().anyMatch(node -> node.id() == brokerId),
                scope.related(clusterId, "brokers", brokerId));
    }
}
