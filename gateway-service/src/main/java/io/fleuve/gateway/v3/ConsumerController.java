package io.fleuve.gateway.v3;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.kafka.ClusterAdmin;
import io.fleuve.gateway.v3.Resources.Metadata;
import io.fleuve.gateway.v3.Resources.Related;
import io.fleuve.gateway.v3.Resources.ResourceList;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** The members of consumer groups and what they read. */
@V3Controller
@Tag(name = "v3: consumer groups")
final class ConsumerController {

    private final ClusterAdmin cluster;
    private final Links links;

    ConsumerController(ClusterAdmin cluster, Links links) {
        this.cluster = cluster;
        this.links = links;
    }

    record ConsumerData(
            @JsonProperty("kind") String kind,
            @JsonProperty("metadata") Metadata metadata,
            @JsonProperty("cluster_id") String clusterId,
            @JsonProperty("consumer_group_id") String consumerGroupId,
            @JsonProperty("consumer_id") String consumerId,
            @JsonProperty("instance_id") @Nullable String instanceId,
            @JsonProperty("client_id") String clientId,
            @JsonProperty("assignments") Related assignments) {}

    record ConsumerAssignmentData(
            @JsonProperty("kind") String kind,
            @JsonProperty("metadata") Metadata metadata,
            @JsonProperty("cluster_id") String clusterId,
            @JsonProperty("consumer_group_id") String consumerGroupId,
            @JsonProperty("consumer_id") String consumerId,
            @JsonProperty("topic_name") String topicName,
            @JsonProperty("partition_id") int partitionId,
            @JsonProperty("partition") Related partition,
            @JsonProperty("lag") Related lag) {}

    @GetMapping("/{cluster_id}/consumer-groups/{consumer_group_id}/consumers")
    @Operation(
            summary = "List a group's consumers",
            description = "The members that a group has now, by their ids.")
    ResourceList<ConsumerData> listConsumers(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("consumer_group_id") String groupId,
            HttpServletRequest request) {
        Links.Scope scope = links.of(request);
        return ResourceList.of(
                "KafkaConsumerList",
                scope.url(clusterId, "consumer-groups", groupId, "consumers"),
                members(clusterId, groupId).stream()
                        .sorted(Comparator.comparing(MemberDescription::consumerId))
                        .map(member -> toData(scope, clusterId, groupId, member))
                        .toList());
    }

    @GetMapping("/{cluster_id}/consumer-groups/{consumer_group_id}/consumers/{consumer_id}")
    @Operation(summary = "Get a consumer", description = "One member of a group.")
    ConsumerData getConsumer(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("consumer_group_id") String groupId,
            @PathVariable("consumer_id") String consumerId,
            HttpServletRequest request) {
        return find(clusterId, groupId, consumerId)
                .map(member -> toData(links.of(request), clusterId, groupId, member))
                .orElseThrow(Clusters::notFound);
    }

    @GetMapping(
            "/{cluster_id}/consumer-groups/{consumer_group_id}/consumers/{consumer_id}/assignments")
    @Operation(
            summary = "List a consumer's assignments",
            description = "The partitions that a member of a group reads.")
    ResourceList<ConsumerAssignmentData> listConsumerAssignments(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("consumer_group_id") String groupId,
            @PathVariable("consumer_id") String consumerId,
            HttpServletRequest request) {
        Links.Scope scope = links.of(request);
        return ResourceList.of(
                "KafkaConsumerAssignmentList",
                scope.url(
                        clusterId,
                        "consumer-groups",
                        groupId,
                        "consumers",
                        consumerId,
                        "assignments"),
                assigned(clusterId, groupId, consumerId).stream()
                        .sorted(
                                Comparator.comparing(TopicPartition::topic)
                                        .thenComparing(TopicPartition::partition))
                        .map(partition -> toData(scope, clusterId, groupId, consumerId, partition))
                        .toList());
    }

    @GetMapping(
            "/{cluster_id}/consumer-groups/{consumer_group_id}/consumers/{consumer_id}/assignments/{topic_name}/partitions/{partition_id}")
    @Operation(
            summary = "Get a consumer's assignment",
            description = "One partition that a member of a group reads.")
    ConsumerAssignmentData getConsumerAssignment(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("consumer_group_id") String groupId,
            @PathVariable("consumer_id") String consumerId,
            @PathVariable("topic_name") String topicName,
            @PathVariable("partition_id") int partitionId,
            HttpServletRequest request) {
        TopicPartition partition = new TopicPartition(topicName, partitionId);
        if (!assigned(clusterId, groupId, consumerId).contains(partition)) {
            throw Clusters.notFound();
        }
        return toData(links.of(request), clusterId, groupId, consumerId, partition);
    }

    private Collection<MemberDescription> members(String clusterId, String groupId) {
        Clusters.require(cluster, clusterId);
        return cluster.describeConsumerGroup(groupId)
                .orElseThrow(() -> missing("Consumer Group", groupId))
                .members();
    }

    private Optional<MemberDescription> find(String clusterId, String groupId, String consumerId) {
        return members(clusterId, groupId).stream()
                .filter(member -> member.consumerId().equals(consumerId))
                .findFirst();
    }

    private Collection<TopicPartition> assigned(
            String clusterId, String groupId, String consumerId) {
        return find(clusterId, groupId, consumerId)
                .orElseThrow(() -> missing("Consumer", consumerId))
                .assignment()
                .topicPartitions();
    }

    private static RestException missing(String what, String id) {
        return new RestException(RestError.notFound("%s %s does not exist.".formatted(what, id)));
    }

    private static ConsumerData toData(
            Links.Scope scope, String clusterId, String groupId, MemberDescription member) {
        String id = member.consumerId();
        return new ConsumerData(
                "KafkaConsumer",
                scope.metadata(
                        scope.url(clusterId, "consumer-groups", groupId, "consumers", id),
                        clusterId,
                        "consumer-group",
                        groupId,
                        "consumer",
                        id),
                clusterId,
                groupId,
                id,
                member.groupInstanceId().orElse(null),
                member.clientId(),
                scope.related(
                        clusterId, "consumer-groups", groupId, "consumers", id, "assignments"));
    }

    private static ConsumerAssignmentData toData(
            Links.Scope scope,
            String clusterId,
            String groupId,
            String consumerId,
            TopicPartition partition) {
        String topic = partition.topic();
        int id = partition.partition();
        return new ConsumerAssignmentData(
                "KafkaConsumerAssignment",
                scope.metadata(
                        scope.url(
                                clusterId,
                                "consumer-groups",
                                groupId,
                                "consumers",
                                consumerId,
                                "assignments",
                                topic,
                                "partitions",
                                id),
                        clusterId,
                        "consumer-group",
                        groupId,
                        "consumer",
                        consumerId,
                        "assignment",
                        topic,
                        "partition",
                        id),
                clusterId,
                groupId,
                consumerId,
                topic,
                id,
                scope.related(clusterId, "topics", topic, "partitions", id),
                scope.related(
                        clusterId, "consumer-groups", groupId, "lags", topic, "partitions", id));
    }
}
