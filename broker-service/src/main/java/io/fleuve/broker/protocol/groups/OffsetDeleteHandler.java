package io.fleuve.broker.protocol.groups;

import io.fleuve.broker.coordinator.GroupCoordinatorHost;
import io.fleuve.broker.metadata.TopicImage;
import io.fleuve.broker.protocol.RequestHandler;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.OffsetDeleteRequest;
import org.apache.kafka.common.requests.OffsetDeleteResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.utils.BufferSupplier;

/** Deletes committed offsets (KIP-496). */
final class OffsetDeleteHandler implements RequestHandler<OffsetDeleteRequest> {

    private final GroupCoordinatorHost host;
    private final Topics topics;

    OffsetDeleteHandler(GroupCoordinatorHost host, Topics topics) {
        this.host = host;
        this.topics = topics;
    }

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, OffsetDeleteRequest request) {
        OffsetDeleteResponse.Builder answer = new OffsetDeleteResponse.Builder();
        OffsetDeleteRequestTopicCollection existing = new OffsetDeleteRequestTopicCollection();
        for (OffsetDeleteRequestTopic topic : request.data().topics()) {
            existingPartsOf(topic, answer).ifPresent(existing::add);
        }
        // Asked even for nothing: the group's own errors come first.
        OffsetDeleteRequestData deletion =
                new OffsetDeleteRequestData()
                        .setGroupId(request.data().groupId())
                        .setTopics(existing);
        return host.coordinatorOf(deletion.groupId())
                .deleteOffsets(context, deletion, BufferSupplier.NO_CACHING)
                .thenApply(deleted -> answer.merge(deleted).build());
    }

    private Optional<OffsetDeleteRequestTopic> existingPartsOf(
            OffsetDeleteRequestTopic topic, OffsetDeleteResponse.Builder answer) {
        Optional<TopicImage> image = topics.find(topic.name());
        OffsetDeleteRequestTopic existing = new OffsetDeleteRequestTopic().setName(topic.name());
        for (OffsetDeleteRequestPartition partition : topic.partitions()) {
            if (image.flatMap(found -> found.partition(partition.partitionIndex())).isPresent()) {
                existing.partitions().add(partition);
            } else {
                answer.addPartition(
                        topic.name(),
                        partition.partitionIndex(),
                        Errors.UNKNOWN_TOPIC_OR_PARTITION);
            }
        }
        return existing.partitions().isEmpty() ? Optional.empty() : Optional.of(existing);
    }
}
