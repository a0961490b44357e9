package io.fleuve.broker.protocol.groups;

import io.fleuve.broker.coordinator.GroupCoordinatorHost;
import io.fleuve.broker.metadata.TopicImage;
import io.fleuve.broker.protocol.RequestHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.OffsetCommitResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.utils.BufferSupplier;

/**
 * Commits offsets. Topics are named, from version 10 on by id (KIP-848); those that do not exist
 * get an error of their own, the others are committed.
 */
final class OffsetCommitHandler implements RequestHandler<OffsetCommitRequest> {

    private final GroupCoordinatorHost host;
    private final Topics topics;

    OffsetCommitHandler(GroupCoordinatorHost host, Topics topics) {
        this.host = host;
        this.topics = topics;
    }

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, OffsetCommitRequest request) {
        boolean byId = OffsetCommitResponse.useTopicIds(context.apiVersion());
        OffsetCommitResponse.Builder answer = OffsetCommitResponse.newBuilder(byId);
        List<OffsetCommitRequestTopic> existing = new ArrayList<>();
        for (OffsetCommitRequestTopic topic : request.data().topics()) {
            existingPartsOf(topic, byId, answer).ifPresent(existing::add);
        }
        if (existing.isEmpty()) {
            return CompletableFuture.completedFuture(answer.build());
        }
        OffsetCommitRequestData commit =
                new OffsetCommitRequestData()
                        .setGroupId(request.data().groupId())
                        .setMemberId(request.data().memberId())
                        .setGenerationIdOrMemberEpoch(request.data().generationIdOrMemberEpoch())
                        .setRetentionTimeMs(request.data().retentionTimeMs())
                        .setGroupInstanceId(request.data().groupInstanceId())
                        .setTopics(existing);
        return host.coordinatorOf(commit.groupId())
                .commitOffsets(context, commit, BufferSupplier.NO_CACHING)
                .thenApply(committed -> answer.merge(committed).build());
    }

    /** The partitions of the topic that exist; the others are answered. */
    private Optional<OffsetCommitRequestTopic> existingPartsOf(
            OffsetCommitRequestTopic topic, boolean byId, OffsetCommitResponse.Builder answer) {
        Optional<TopicImage> image =
                byId ? topics.find(topic.topicId()) : topics.find(topic.name());
        if (image.isEmpty()) {
            answer.addPartitions(
                    topic.topicId(),
                    topic.name(),
                    topic.partitions(),
                    OffsetCommitRequestPartition::partitionIndex,
                    byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION);
            return Optional.empty();
        }
        OffsetCommitRequestTopic existing =
                new OffsetCommitRequestTopic()
                        .setTopicId(Topics.idOf(image.get()))
                        .setName(image.get().name());
        for (OffsetCommitRequestPartition partition : topic.partitions()) {
            if (image.get().partition(partition.partitionIndex()).isPresent()) {
                existing.partitions().add(partition);
            } else {
                answer.addPartition(
                        existing.topicId(),
                        existing.name(),
                        partition.partitionIndex(),
                        Errors.UNKNOWN_TOPIC_OR_PARTITION);
            }
        }
        return existing.partitions().isEmpty() ? Optional.empty() : Optional.of(existing);
    }
}
