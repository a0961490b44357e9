package io.fleuve.gateway.v3;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.kafka.ClusterAdmin;
import io.fleuve.gateway.v3.Resources.ConsumerGroupData;
import io.fleuve.gateway.v3.Resources.ConsumerLagData;
import io.fleuve.gateway.v3.Resources.LagSummaryData;
import io.fleuve.gateway.v3.Resources.ResourceList;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** Consumer groups and how far behind they are. */
@V3Controller
@Tag(name = "v3: consumer groups")
final class ConsumerGroupController {

    private final ClusterAdmin admin;
    private final Links links;

    ConsumerGroupController(ClusterAdmin admin, Links links) {
        this.admin = admin;
        this.links = links;
    }

    /** One partition of a group's commits. */
    private record Lag(
            TopicPartition partition, @Nullable MemberDescription member, long current, long end) {

        // Behind the end after a truncation, a group has a negative distance: that is no lag.
        long behind() {
            return end - current;
        }

        String memberId() {
            return member == null ? "" : member.consumerId();
        }

        String clientId() {
            return member == null ? "" : member.clientId();
        }

        @Nullable String instanceId() {
            return member == null ? null : member.groupInstanceId().orElse(null);
        }
    }

    @GetMapping("/{cluster_id}/consumer-groups")
    @Operation(
            summary = "List consumer groups",
            description = "Groups of either rebalance protocol, by name.")
    ResourceList<ConsumerGroupData> listConsumerGroups(
            @PathVariable("cluster_id") String clusterId, HttpServletRequest request) {
        requireCluster(clusterId);
        Links.Scope scope = links.of(request);
        List<ConsumerGroupData> groups =
                admin.describeConsumerGroups().stream()
                        .map(group -> toData(scope, clusterId, group))
                        .toList();
        return ResourceList.of(
                "KafkaConsumerGroupList", scope.url(clusterId, "consumer-groups"), groups);
    }

    @GetMapping("/{cluster_id}/consumer-groups/{consumer_group_id}")
    @Operation(
            summary = "Get a consumer group",
            description = "The state of one group and which broker coordinates it.")
    ConsumerGroupData getConsumerGroup(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("consumer_group_id") String groupId,
            HttpServletRequest request) {
        requireCluster(clusterId);
        return admin.describeConsumerGroup(groupId)
                .map(group -> toData(links.of(request), clusterId, group))
                .orElseThrow(Clusters::notFound);
    }

    @GetMapping("/{cluster_id}/consumer-groups/{consumer_group_id}/lags")
    @Operation(
            summary = "List a group's lags",
            description =
                    "For each partition that the group has committed: the commit, the end that a"
                            + " read_committed consumer sees, and the difference.")
    ResourceList<ConsumerLagData> listConsumerLags(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("consumer_group_id") String groupId,
            HttpServletRequest request) {
        Links.Scope scope = links.of(request);
        List<ConsumerLagData> lags =
                lags(clusterId, groupId).stream()
                        .map(lag -> toData(scope, clusterId, groupId, lag))
                        .toList();
        return ResourceList.of(
                "KafkaConsumerLagList",
                scope.url(clusterId, "consumer-groups", groupId, "lags"),
                lags);
    }

    @GetMapping(
            "/{cluster_id}/consumer-groups/{consumer_group_id}/lags/{topic_name}/partitions/{partition_id}")
    @Operation(
            summary = "Get a group's lag on a partition",
            description = "How far behind a group is on one partition.")
    ConsumerLagData getConsumerLag(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("consumer_group_id") String groupId,
            @PathVariable("topic_name") String topicName,
            @PathVariable("partition_id") int partitionId,
            HttpServletRequest request) {
        TopicPartition wanted = new TopicPartition(topicName, partitionId);
        return lags(clusterId, groupId).stream()
                .filter(lag -> lag.partition().equals(wanted))
                .findFirst()
                .map(lag -> toData(links.of(request), clusterId, groupId, lag))
                .orElseThrow(Clusters::notFound);
    }

    @GetMapping("/{cluster_id}/consumer-groups/{consumer_group_id}/lag-summary")
    @Operation(
            summary = "Get a group's lag summary",
            description =
                    "The sum of a group's lags and the partition on which it is furthest behind.")
    LagSummaryData getLagSummary(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("consumer_group_id") String groupId,
            HttpServletRequest request) {
        List<Lag> lags = lags(clusterId, groupId);
        Lag worst =
                lags.stream()
                        .max(Comparator.comparingLong(Lag::behind))
                        .orElseThrow(Clusters::notFound);
        Links.Scope scope = links.of(request);
        return new LagSummaryData(
                "KafkaConsumerGroupLagSummary",
                scope.metadata(
                        scope.url(clusterId, "consumer-groups", groupId, "lag-summary"),
                        clusterId,
                        "consumer-group",
                        groupId,
                        "lag-summary"),
                clusterId,
                groupId,
                worst.behind(),
                lags.stream().mapToLong(Lag::behind).sum(),
                worst.memberId(),
                scope.related(clusterId, "consumer-groups", groupId, "consumers", worst.memberId()),
                worst.clientId(),
                worst.instanceId(),
                worst.partition().topic(),
                worst.partition().partition(),
                scope.related(
                        clusterId,
                        "topics",
                        worst.partition().topic(),
                        "partitions",
                        worst.partition().partition()));
    }

    private List<Lag> lags(String clusterId, String groupId) {
        requireCluster(clusterId);
        ConsumerGroupDescription group =
                admin.describeConsumerGroup(groupId)
                        .orElseThrow(
                                () ->
                                        notFound(
                                                "Consumer Group "
                                                        + groupId
                                                        + " could not be found."));
        Map<TopicPartition, OffsetAndMetadata> committed = admin.committedOffsets(groupId);
        if (committed.isEmpty()) {
            throw notFound("Consumer group offsets could not be found.");
        }
        Map<TopicPartition, Long> ends = admin.lastStableOffsets(committed.keySet());
        Map<TopicPartition, MemberDescription> owners = new HashMap<>();
        group.members()
                .forEach(
                        member ->
                                member.assignment()
                                        .topicPartitions()
                                        .forEach(partition -> owners.put(partition, member)));
        return committed.entrySet().stream()
                .map(
                        entry ->
                                new Lag(
                                        entry.getKey(),
                                        owners.get(entry.getKey()),
                                        entry.getValue().offset(),
                                        ends.getOrDefault(
                                                entry.getKey(), entry.getValue().offset())))
                .sorted(
                        Comparator.comparing((Lag lag) -> lag.partition().topic())
                                .thenComparingInt(lag -> lag.partition().partition()))
                .toList();
    }

    private void requireCluster(String clusterId) {
        if (!admin.describeCluster().id().equals(clusterId)) {
            throw notFound("Cluster " + clusterId + " could not be found.");
        }
    }

    private static RestException notFound(String message) {
        return new RestException(RestError.notFound(message));
    }

    private static ConsumerGroupData toData(
            Links.Scope scope, String clusterId, ConsumerGroupDescription group) {
        String id = group.groupId();
        return new ConsumerGroupData(
                "KafkaConsumerGroup",
                scope.metadata(
                        scope.url(clusterId, "consumer-groups", id),
                        clusterId,
                        "consumer-group",
                        id),
                clusterId,
                id,
                group.isSimpleConsumerGroup(),
                group.partitionAssignor(),
                group.groupState().name().toUpperCase(Locale.ROOT),
                group.type().name().toUpperCase(Locale.ROOT),
                isMixed(group),
                scope.related(clusterId, "brokers", group.coordinator().id()),
                scope.related(clusterId, "consumer-groups", id, "consumers"),
                scope.related(clusterId, "consumer-groups", id, "lag-summary"));
    }

    // During a migration to KIP-848, members of the old protocol sit in a group of the new one.
    private static boolean isMixed(ConsumerGroupDescription group) {
        return group.type() == GroupType.CONSUMER
                && group.members().stream()
                        .anyMatch(
                                member ->
                                        member.upgraded().map(upgraded -> !upgraded).orElse(false));
    }

    private static ConsumerLagData toData(
            Links.Scope scope, String clusterId, String groupId, Lag lag) {
        String topic = lag.partition().topic();
        int partition = lag.partition().partition();
        return new ConsumerLagData(
                "KafkaConsumerLag",
                scope.metadata(
                        scope.url(
                                clusterId,
                                "consumer-groups",
                                groupId,
                                "lags",
                                topic,
                                "partitions",
                                partition),
                        clusterId,
                        "consumer-group",
                        groupId,
                        "lag",
                        topic,
                        "partition",
                        partition),
                clusterId,
                groupId,
                topic,
                partition,
                lag.memberId(),
                lag.instanceId(),
                lag.clientId(),
                lag.current(),
                lag.end(),
                lag.behind());
    }
}
