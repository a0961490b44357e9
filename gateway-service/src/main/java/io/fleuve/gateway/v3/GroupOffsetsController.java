package io.fleuve.gateway.v3;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.format.JsonBody;
import io.fleuve.gateway.kafka.ClusterAdmin;
import io.fleuve.gateway.kafka.GroupAdmin;
import io.fleuve.gateway.kafka.GroupAdmin.NothingToShiftException;
import io.fleuve.gateway.kafka.GroupAdmin.OffsetChange;
import io.fleuve.gateway.v3.Resources.Metadata;
import io.fleuve.gateway.v3.Resources.ResourceList;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;

/** What Confluent's proxy does not have: deleting a group, and moving where it reads on. */
@V3Controller
@Tag(name = "v3: consumer groups")
final class GroupOffsetsController {

    private final ClusterAdmin cluster;
    private final GroupAdmin groups;
    private final JsonBody body;
    private final Links links;

    GroupOffsetsController(ClusterAdmin cluster, GroupAdmin groups, JsonBody body, Links links) {
        this.cluster = cluster;
        this.groups = groups;
        this.body = body;
        this.links = links;
    }

    record CommittedOffsetData(
            @JsonProperty("kind") String kind,
            @JsonProperty("metadata") Metadata metadata,
            @JsonProperty("cluster_id") String clusterId,
            @JsonProperty("consumer_group_id") String consumerGroupId,
            @JsonProperty("topic_name") String topicName,
            @JsonProperty("partition_id") int partitionId,
            @JsonProperty("committed_offset") long committedOffset,
            @JsonProperty("leader_epoch") @Nullable Integer leaderEpoch,
            @JsonProperty("committed_metadata") String committedMetadata) {}

    /** What a reset does to a partition; lags as in the lags of the group. */
    record OffsetChangeData(
            @JsonProperty("topic_name") String topicName,
            @JsonProperty("partition_id") int partitionId,
            @JsonProperty("old_offset") @Nullable Long oldOffset,
            @JsonProperty("new_offset") long newOffset,
            @JsonProperty("clamped")
                    @Schema(description = "The partition does not hold the offset asked for.")
                    boolean clamped,
            @JsonProperty("log_start_offset") long logStartOffset,
            @JsonProperty("log_end_offset") long logEndOffset,
            @JsonProperty("lag_before") @Nullable Long lagBefore,
            @JsonProperty("lag_after") long lagAfter) {}

    record OffsetResetData(
            @JsonProperty("kind") String kind,
            @JsonProperty("metadata") Metadata metadata,
            @JsonProperty("cluster_id") String clusterId,
            @JsonProperty("consumer_group_id") String consumerGroupId,
            @JsonProperty("dry_run") boolean dryRun,
            @JsonProperty("data") List<OffsetChangeData> data) {}

    @DeleteMapping("/{cluster_id}/consumer-groups/{consumer_group_id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Delete a consumer group",
            description =
                    "Deletes a group without members, with all that it has committed; 409 while it"
                            + " has any.")
    void deleteConsumerGroup(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("consumer_group_id") String groupId) {
        Clusters.require(cluster, clusterId);
        groups.delete(groupId);
    }

    @GetMapping("/{cluster_id}/consumer-groups/{consumer_group_id}/offsets")
    @Operation(
            summary = "List a group's offsets",
            description = "What a group has committed, for each partition.")
    ResourceList<CommittedOffsetData> listCommittedOffsets(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("consumer_group_id") String groupId,
            HttpServletRequest request) {
        Clusters.require(cluster, clusterId);
        Links.Scope scope = links.of(request);
        return ResourceList.of(
                "KafkaConsumerGroupOffsetList",
                scope.url(clusterId, "consumer-groups", groupId, "offsets"),
                groups.committed(groupId).entrySet().stream()
                        .map(
                                entry ->
                                        toData(
                                                scope,
                                                clusterId,
                                                groupId,
                                                entry.getKey(),
                                                entry.getValue()))
                        .toList());
    }

    @GetMapping(
            "/{cluster_id}/consumer-groups/{consumer_group_id}/offsets/{topic_name}/partitions/{partition_id}")
    @Operation(
            summary = "Get a group's offset on a partition",
            description = "What a group has committed for one partition.")
    CommittedOffsetData getCommittedOffset(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("consumer_group_id") String groupId,
            @PathVariable("topic_name") String topicName,
            @PathVariable("partition_id") int partitionId,
            HttpServletRequest request) {
        Clusters.require(cluster, clusterId);
        TopicPartition partition = new TopicPartition(topicName, partitionId);
        OffsetAndMetadata committed = groups.committed(groupId).get(partition);
        if (committed == null) {
            throw Clusters.notFound();
        }
        return toData(links.of(request), clusterId, groupId, partition, committed);
    }

    @PostMapping(
            path = "/{cluster_id}/consumer-groups/{consumer_group_id}/offsets:reset",
            consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Reset a group's offsets",
            description =
                    """
                    Moves a group without members to the earliest or latest record, an offset, a time, or \
                    by a number of records, on all partitions that it has committed or on those named. An \
                    offset that a partition does not hold becomes the nearest that it holds. With \
                    `dry_run` the answer is the same and nothing is changed; 409 while the group has \
                    members.""",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema =
                                                    @Schema(
                                                            implementation =
                                                                    OffsetResetRequest.Document
                                                                            .class))))
    OffsetResetData resetOffsets(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("consumer_group_id") String groupId,
            HttpServletRequest request)
            throws IOException {
        OffsetResetRequest wanted =
                OffsetResetRequest.parse(body.require(request.getInputStream()));
        Clusters.require(cluster, clusterId);
        List<OffsetChange> changes = plan(groupId, wanted);
        if (!wanted.dryRun()) {
            groups.apply(groupId, changes);
        }
        Links.Scope scope = links.of(request);
        return new OffsetResetData(
                "KafkaConsumerGroupOffsetReset",
                scope.metadata(
                        scope.url(clusterId, "consumer-groups", groupId, "offsets"),
                        clusterId,
                        "consumer-group",
                        groupId,
                        "offsets"),
                clusterId,
                groupId,
                wanted.dryRun(),
                changes.stream().map(GroupOffsetsController::toData).toList());
    }

    private List<OffsetChange> plan(String groupId, OffsetResetRequest wanted) {
        try {
            return groups.plan(groupId, wanted.scope(), wanted.target());
        } catch (NothingToShiftException e) {
            throw new RestException(RestError.invalidPayload(e.reason()));
        }
    }

    private static OffsetChangeData toData(OffsetChange change) {
        Long old = change.oldOffset();
        return new OffsetChangeData(
                change.partition().topic(),
                change.partition().partition(),
                old,
                change.newOffset(),
                change.clamped(),
                change.begin(),
                change.end(),
                old == null ? null : change.end() - old,
                change.end() - change.newOffset());
    }

    private static CommittedOffsetData toData(
            Links.Scope scope,
            String clusterId,
            String groupId,
            TopicPartition partition,
            OffsetAndMetadata committed) {
        String topic = partition.topic();
        int id = partition.partition();
        return new CommittedOffsetData(
                "KafkaConsumerGroupOffset",
                scope.metadata(
                        scope.url(
                                clusterId,
                                "consumer-groups",
                                groupId,
                                "offsets",
                                topic,
                                "partitions",
                                id),
                        clusterId,
                        "consumer-group",
                        groupId,
                        "offset",
                        topic,
                        "partition",
                        id),
                clusterId,
                groupId,
                topic,
                id,
                committed.offset(),
                committed.leaderEpoch().orElse(null),
                committed.metadata());
    }
}
