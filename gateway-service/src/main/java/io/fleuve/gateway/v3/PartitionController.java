package io.fleuve.gateway.v3;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.kafka.ClusterAdmin;
import io.fleuve.gateway.v3.Resources.PartitionData;
import io.fleuve.gateway.v3.Resources.ResourceList;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** The partitions of a topic. */
@V3Controller
@Tag(name = "v3: partitions")
final class PartitionController {

    private final ClusterAdmin admin;
    private final Links links;

    PartitionController(ClusterAdmin admin, Links links) {
        this.admin = admin;
        this.links = links;
    }

    @GetMapping("/{cluster_id}/topics/{topic_name}/partitions")
    @Operation(
            summary = "List partitions",
            description = "The partitions of a topic and which broker leads each.")
    ResourceList<PartitionData> listPartitions(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            HttpServletRequest request) {
        Clusters.require(admin, clusterId);
        Links.Scope scope = links.of(request);
        List<PartitionData> partitions =
                admin.describeTopic(topicName).partitions().stream()
                        .map(partition -> toData(scope, clusterId, topicName, partition))
                        .toList();
        return ResourceList.of(
                "KafkaPartitionList",
                scope.url(clusterId, "topics", topicName, "partitions"),
                partitions);
    }

    @GetMapping("/{cluster_id}/topics/{topic_name}/partitions/{partition_id}")
    @Operation(
            summary = "Get a partition",
            description = "One partition and which broker leads it.")
    PartitionData getPartition(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            @PathVariable("partition_id") int partitionId,
            HttpServletRequest request) {
        Clusters.require(admin, clusterId);
        return describe(topicName, partitionId).stream()
                .filter(partition -> partition.partition() == partitionId)
                .findFirst()
                .map(partition -> toData(links.of(request), clusterId, topicName, partition))
                .orElseThrow(Clusters::notFound);
    }

    private List<TopicPartitionInfo> describe(String topicName, int partitionId) {
        try {
            return admin.describeTopic(topicName).partitions();
        } catch (UnknownTopicOrPartitionException e) {
            throw new RestException(
                    new RestError(
                            404,
                            RestError.UNKNOWN_TOPIC_OR_PARTITION,
                            "This server does not host topic-partition %d for topic %s"
                                    .formatted(partitionId, topicName)));
        }
    }

    private static PartitionData toData(
            Links.Scope scope, String clusterId, String topic, TopicPartitionInfo partition) {
        int id = partition.partition();
        Node leader = partition.leader();
        return new PartitionData(
                "KafkaPartition",
                scope.metadata(
                        scope.url(clusterId, "topics", topic, "partitions", id),
                        clusterId,
                        "topic",
                        topic,
                        "partition",
                        id),
                clusterId,
                topic,
                id,
                leader == null || leader.isEmpty()
                        ? null
                        : scope.related(
                                clusterId,
                                "topics",
                                topic,
                                "partitions",
                                id,
                                "replicas",
                                leader.id()),
                scope.related(clusterId, "topics", topic, "partitions", id, "replicas"),
                scope.related(clusterId, "topics", topic, "partitions", id, "reassignment"));
    }
}
