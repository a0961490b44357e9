package io.fleuve.broker.protocol;

import io.fleuve.broker.log.LogEnds;
import io.fleuve.broker.log.LogUnavailableException;
import io.fleuve.broker.log.PartitionLogs;
import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.PartitionImage;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochRequest;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * OffsetForLeaderEpoch: tells consumers whether what they have read may have been truncated
 * (KIP-320). Our log never is: whatever epoch a record was written at, the log reaches at least to
 * its end.
 */
final class OffsetForLeaderEpochHandler implements RequestHandler<OffsetsForLeaderEpochRequest> {

    private final PartitionLogs logs;
    private final ClusterMetadata metadata;

    OffsetForLeaderEpochHandler(PartitionLogs logs, ClusterMetadata metadata) {
        this.logs = logs;
        this.metadata = metadata;
    }

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, OffsetsForLeaderEpochRequest request) {
        ClusterView cluster = new ClusterView(metadata);
        OffsetForLeaderEpochResponseData data = new OffsetForLeaderEpochResponseData();
        for (OffsetForLeaderTopic topic : request.data().topics()) {
            OffsetForLeaderTopicResult answers =
                    new OffsetForLeaderTopicResult().setTopic(topic.topic());
            data.topics().add(answers);
            for (OffsetForLeaderPartition asked : topic.partitions()) {
                answers.partitions().add(answer(cluster, topic.topic(), asked));
            }
        }
        return CompletableFuture.completedFuture(new OffsetsForLeaderEpochResponse(data));
    }

    private EpochEndOffset answer(
            ClusterView cluster, String topic, OffsetForLeaderPartition asked) {
        // A record's epoch may be newer than the leader that the client knows, and than our image.
        int newest = Math.max(asked.currentLeaderEpoch(), ClusterView.ANY_EPOCH);
        return switch (cluster.locate(topic, Uuid.ZERO_UUID, asked.partition(), newest)) {
            case ClusterView.Location.Missing(Errors error) -> error(asked, error);
            case ClusterView.Location.Found(var _, PartitionImage partition) -> {
                if (asked.leaderEpoch() > partition.leaderEpoch()) {
                    yield cluster.refresh()
                            ? answer(cluster, topic, asked)
                            : error(asked, Errors.UNKNOWN_LEADER_EPOCH);
                }
                yield end(asked, partition);
            }
        };
    }

    private EpochEndOffset end(OffsetForLeaderPartition asked, PartitionImage partition) {
        Optional<LogEnds> ends;
        try {
            ends = logs.ends(partition.logId());
        } catch (LogUnavailableException _) {
            return error(asked, Errors.KAFKA_STORAGE_ERROR);
        }
        return ends.map(
                        it ->
                                error(asked, Errors.NONE)
                                        .setLeaderEpoch(asked.leaderEpoch())
                                        .setEndOffset(it.highWatermark()))
                .orElseGet(() -> error(asked, Errors.UNKNOWN_TOPIC_OR_PARTITION));
    }

    private static EpochEndOffset error(OffsetForLeaderPartition asked, Errors error) {
        return new EpochEndOffset().setPartition(asked.partition()).setErrorCode(error.code());
    }
}
