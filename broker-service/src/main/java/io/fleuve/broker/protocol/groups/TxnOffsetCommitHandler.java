package io.fleuve.broker.protocol.groups;

import io.fleuve.broker.coordinator.GroupCoordinatorHost;
import io.fleuve.broker.metadata.TopicImage;
import io.fleuve.broker.protocol.RequestHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.TxnOffsetCommitRequest;
import org.apache.kafka.common.requests.TxnOffsetCommitResponse;
import org.apache.kafka.common.utils.BufferSupplier;

/**
 * Commits offsets as a part of a transaction. Partitions that do not exist get an error of their
 * own, the others are committed.
 */
final class TxnOffsetCommitHandler implements RequestHandler<TxnOffsetCommitRequest> {

    private final GroupCoordinatorHost host;
    private final Topics topics;

    TxnOffsetCommitHandler(GroupCoordinatorHost host, Topics topics) {
        this.host = host;
        this.topics = topics;
    }

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, TxnOffsetCommitRequest request) {
        TxnOffsetCommitResponse.Builder answer = new TxnOffsetCommitResponse.Builder();
        List<TxnOffsetCommitRequestTopic> existing = new ArrayList<>();
        for (TxnOffsetCommitRequestTopic topic : request.data().topics()) {
            Optional<TopicImage> image = topics.find(topic.name());
            TxnOffsetCommitRequestTopic found =
                    new TxnOffsetCommitRequestTopic().setName(topic.name());
            for (TxnOffsetCommitRequestPartition partition : topic.partitions()) {
                int index = partition.partitionIndex();
                if (image.flatMap(it -> it.partition(index)).isPresent()) {
                    found.partitions().add(partition);
                } else {
                    answer.addPartition(topic.name(), index, Errors.UNKNOWN_TOPIC_OR_PARTITION);
                }
            }
            if (!found.partitions().isEmpty()) {
                existing.add(found);
            }
        }
        if (existing.isEmpty()) {
            return CompletableFuture.completedFuture(answer.build());
        }
        TxnOffsetCommitRequestData commit = request.data().duplicate().setTopics(existing);
        return host.coordinatorOf(commit.groupId())
                .commitTransactionalOffsets(context, commit, BufferSupplier.NO_CACHING)
                .thenApply(committed -> answer.merge(committed).build());
    }
}
