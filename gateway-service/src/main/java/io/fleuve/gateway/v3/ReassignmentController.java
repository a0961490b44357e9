package io.fleuve.gateway.v3;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fleuve.gateway.kafka.ClusterAdmin;
import io.fleuve.gateway.kafka.PartitionAdmin;
import io.fleuve.gateway.v3.Resources.Metadata;
import io.fleuve.gateway.v3.Resources.Related;
import io.fleuve.gateway.v3.Resources.ResourceList;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.common.TopicPartition;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** Partitions whose replicas are being moved at this moment. */
@V3Controller
@Tag(name = "v3: partitions")
final class ReassignmentController {

    private final ClusterAdmin cluster;
    private final PartitionAdmin partitions;
    private final Links links;

    ReassignmentController(ClusterAdmin cluster, PartitionAdmin partitions, Links links) {
        this.cluster = cluster;
        this.partitions = partitions;
        this.links = links;
    }

    record ReassignmentData(
            @JsonProperty("kind") String kind,
            @JsonProperty("metadata") Metadata metadata,
            @JsonProperty("cluster_id") String clusterId,
            @JsonProperty("topic_name") String topicName,
            @JsonProperty("partition_id") int partitionId,
            @JsonProperty("adding_replicas") List<Integer> addingReplicas,
            @JsonProperty("removing_replicas") List<Integer> removingReplicas,
            @JsonProperty("replicas") Related replicas) {}

    @GetMapping("/{cluster_id}/topics/-/partitions/-/reassignment")
    @Operation(
            summary = "List reassignments",
            description = "The partitions of all topics whose replicas are being moved.")
    ResourceList<ReassignmentData> listReassignments(
            @PathVariable("cluster_id") String clusterId, HttpServletRequest request) {
        return list(clusterId, "-", _ -> true, links.of(request));
    }

    @GetMapping("/{cluster_id}/topics/{topic_name}/partitions/-/reassignment")
    @Operation(
            summary = "List a topic's reassignments",
            description = "The partitions of a topic whose replicas are being moved.")
    ResourceList<ReassignmentData> listReassignmentsByTopic(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            HttpServletRequest request) {
        return list(
                clusterId,
                topicName,
                partition -> partition.topic().equals(topicName),
                links.of(request));
    }

    @GetMapping("/{cluster_id}/topics/{topic_name}/partitions/{partition_id}/reassignment")
    @Operation(
            summary = "Get a partition's reassignment",
            description = "Where the replicas of a partition are being moved; 404 if they are not.")
    ReassignmentData getReassignment(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            @PathVariable("partition_id") int partitionId,
            HttpServletRequest request) {
        Clusters.require(cluster, clusterId);
        TopicPartition partition = new TopicPartition(topicName, partitionId);
        PartitionReassignment reassignment = partitions.reassignments().get(partition);
        if (reassignment == null) {
            throw Clusters.notFound();
        }
        return toData(links.of(request), clusterId, partition, reassignment);
    }

    private ResourceList<ReassignmentData> list(
            String clusterId,
            String topicName,
            Predicate<TopicPartition> wanted,
            Links.Scope scope) {
        Clusters.require(cluster, clusterId);
        return ResourceList.of(
                "KafkaReassignmentList",
                scope.url(clusterId, "topics", topicName, "partitions", "-", "reassignment"),
                partitions.reassignments().entrySet().stream()
                        .filter(entry -> wanted.test(entry.getKey()))
                        .map(entry -> toData(scope, clusterId, entry.getKey(), entry.getValue()))
                        .toList());
    }

    private static ReassignmentData toData(
            Links.Scope scope,
            String clusterId,
            TopicPartition partition,
            PartitionReassignment reassignment) {
        String topic = partition.topic();
        int id = partition.partition();
        return new ReassignmentData(
                "KafkaReassignment",
                scope.metadata(
                        scope.url(clusterId, "topics", topic, "partitions", id, "reassignment"),
                        clusterId,
                        "topic",
                        topic,
                        "partition",
                        id,
                        "reassignment"),
                clusterId,
                topic,
                id,
                reassignment.addingReplicas(),
                reassignment.removingReplicas(),
                scope.related(clusterId, "topics", topic, "partitions", id, "replicas"));
    }
}
