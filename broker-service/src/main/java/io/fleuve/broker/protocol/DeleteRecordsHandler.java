package io.fleuve.broker.protocol;

import io.fleuve.broker.log.LogEnds;
import io.fleuve.broker.log.LogUnavailableException;
import io.fleuve.broker.log.PartitionLogs;
import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.PartitionImage;
import io.fleuve.broker.metadata.TopicImage;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DeleteRecordsRequest;
import org.apache.kafka.common.requests.DeleteRecordsResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DeleteRecords: lets a partition's log start later (KIP-107). What lies before cannot be read from
 * then on; its bytes are removed in time.
 */
final class DeleteRecordsHandler implements RequestHandler<DeleteRecordsRequest> {

    private static final Logger LOGGER = LoggerFactory.getLogger(DeleteRecordsHandler.class);

    private final PartitionLogs logs;
    private final ClusterMetadata metadata;
    private final TopicConfigs configs;

    DeleteRecordsHandler(PartitionLogs logs, ClusterMetadata metadata, TopicConfigs configs) {
        this.logs = logs;
        this.metadata = metadata;
        this.configs = configs;
    }

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, DeleteRecordsRequest request) {
        ClusterView cluster = new ClusterView(metadata);
        DeleteRecordsResponseData data = new DeleteRecordsResponseData();
        for (DeleteRecordsTopic topic : request.data().topics()) {
            DeleteRecordsTopicResult answers = new DeleteRecordsTopicResult().setName(topic.name());
            data.topics().add(answers);
            for (DeleteRecordsPartition asked : topic.partitions()) {
                answers.partitions().add(answer(cluster, topic.name(), asked));
            }
        }
        return CompletableFuture.completedFuture(new DeleteRecordsResponse(data));
    }

    private DeleteRecordsPartitionResult answer(
            ClusterView cluster, String name, DeleteRecordsPartition asked) {
        return switch (cluster.locate(
                name, Uuid.ZERO_UUID, asked.partitionIndex(), ClusterView.ANY_EPOCH)) {
            case ClusterView.Location.Missing(Errors error) -> result(asked, error);
            case ClusterView.Location.Found(TopicImage topic, PartitionImage partition) ->
                    delete(topic, partition, asked);
        };
    }

    private DeleteRecordsPartitionResult delete(
            TopicImage topic, PartitionImage partition, DeleteRecordsPartition asked) {
        if (topic.internal()) {
            return result(asked, Errors.INVALID_TOPIC_EXCEPTION);
        }
        if (!cleanupPolicy(topic).contains(TopicConfig.CLEANUP_POLICY_DELETE)) {
            return result(asked, Errors.POLICY_VIOLATION);
        }
        boolean toTheEnd = asked.offset() == DeleteRecordsRequest.HIGH_WATERMARK;
        if (asked.offset() < 0 && !toTheEnd) {
            return result(asked, Errors.OFFSET_OUT_OF_RANGE);
        }
        Optional<LogEnds> ends;
        try {
            ends = logs.raiseStart(partition.logId(), toTheEnd ? Long.MAX_VALUE : asked.offset());
        } catch (LogUnavailableException e) {
            LOGGER.atWarn()
                    .addKeyValue("topic", topic.name())
                    .addKeyValue("partition", partition.index())
                    .addKeyValue("reason", e.getMessage())
                    .log("Records could not be deleted");
            return result(asked, Errors.KAFKA_STORAGE_ERROR);
        }
        if (ends.isEmpty()) {
            return result(asked, Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        if (asked.offset() > ends.get().highWatermark()) {
            return result(asked, Errors.OFFSET_OUT_OF_RANGE);
        }
        return result(asked, Errors.NONE).setLowWatermark(ends.get().logStartOffset());
    }

    private String cleanupPolicy(TopicImage topic) {
        return configs.effective(topic.configs())
                .getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
    }

    private static DeleteRecordsPartitionResult result(DeleteRecordsPartition asked, Errors error) {
        return new DeleteRecordsPartitionResult()
                .setPartitionIndex(asked.partitionIndex())
                .setLowWatermark(DeleteRecordsResponse.INVALID_LOW_WATERMARK)
                .setErrorCode(error.code());
    }
}
