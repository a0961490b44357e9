package io.fleuve.gateway.v3;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.kafka.ClusterAdmin;
import io.fleuve.gateway.kafka.ClusterAdmin.OffsetRange;
import io.fleuve.gateway.v3.Resources.Metadata;
import io.fleuve.gateway.v3.Resources.PartitionData;
import io.fleuve.gateway.v3.Resources.ResourceList;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The partitions of a topic. */
@V3Controller
@Tag(name = "v3: partitions")
final class PartitionController {

    private static final String EARLIEST_AND_LATEST = "earliest_and_latest";

    private final ClusterAdmin admin;
    private final Links links;

    PartitionController(ClusterAdmin admin, Links links) {
        this.admin = admin;
        this.links = links;
    }

    record PartitionWithOffsetsData(
            @JsonProperty("kind") String kind,
            @JsonProperty("metadata") Metadata metadata,
            @JsonProperty("cluster_id") String clusterId,
            @JsonProperty("topic_name") String topicName,
            @JsonProperty("partition_id") int partitionId,
            @JsonProperty("earliest_offset") long earliestOffset,
            @JsonProperty("latest_offset") long latestOffset) {}

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
        return Partitions.describe(admin, topicName, partitionId)
                .map(partition -> toData(links.of(request), clusterId, topicName, partition))
                .orElseThrow(Clusters::notFound);
    }

    @GetMapping("/{cluster_id}/topics/{topic_name}/partitions/{partition_id}/offset")
    @Operation(
            summary = "Get a partition's offsets",
            description = "The first offset that a partition holds, and its high watermark.")
    PartitionWithOffsetsData getPartitionOffsets(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            @PathVariable("partition_id") int partitionId,
            @Parameter(description = "Only `earliest_and_latest` is known.")
                    @RequestParam(name = "offset_type", defaultValue = EARLIEST_AND_LATEST)
                    String offsetType,
            HttpServletRequest request) {
        if (!offsetType.equals(EARLIEST_AND_LATEST)) {
            throw new RestException(
                    RestError.badRequest("offset_type:" + offsetType + " is invalid"));
        }
        Clusters.require(admin, clusterId);
        if (Partitions.describe(admin, topicName, partitionId).isEmpty()) {
            throw new RestException(RestError.partitionNotFound());
        }
        OffsetRange range = admin.offsetRange(new TopicPartition(topicName, partitionId));
        Links.Scope scope = links.of(request);
        return new PartitionWithOffsetsData(
                "KafkaPartitionWithOffsets",
                scope.metadata(
                        scope.url(
                                clusterId,
                                "topics",
                                topicName,
                                "partitions",
                                partitionId,
                                "offset"),
                        clusterId,
                        "topic",
                        topicName,
                        "partition",
                        partitionId,
                        "offset_type",
                        offsetType),
                clusterId,
                topicName,
                partitionId,
                range.begin(),
                range.end());
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
