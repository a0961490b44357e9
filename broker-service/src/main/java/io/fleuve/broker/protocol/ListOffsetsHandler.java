package io.fleuve.broker.protocol;

import io.fleuve.broker.log.LogEnds;
import io.fleuve.broker.log.LogUnavailableException;
import io.fleuve.broker.log.PartitionLogs;
import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.PartitionImage;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListOffsetsResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ListOffsets: where a partition starts and ends, and which record is the first of a time.
 *
 * <p>There is no tiered storage that a client could see: the local log is the whole log, and the
 * special timestamps that ask for tiers (KIP-405, KIP-1005) find nothing.
 */
final class ListOffsetsHandler implements RequestHandler<ListOffsetsRequest> {

    private static final Logger LOGGER = LoggerFactory.getLogger(ListOffsetsHandler.class);

    private static final short FIRST_VERSION_WITH_EPOCHS = 4;

    private final PartitionLogs logs;
    private final ClusterMetadata metadata;
    private final TimestampSearch search;

    ListOffsetsHandler(PartitionLogs logs, ClusterMetadata metadata) {
        this.logs = logs;
        this.metadata = metadata;
        search = new TimestampSearch(logs);
    }

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, ListOffsetsRequest request) {
        IsolationLevels.check(request.data().isolationLevel());
        ClusterView cluster = new ClusterView(metadata);
        ListOffsetsResponseData data = new ListOffsetsResponseData();
        for (ListOffsetsTopic topic : request.topics()) {
            ListOffsetsTopicResponse answers = new ListOffsetsTopicResponse().setName(topic.name());
            data.topics().add(answers);
            for (ListOffsetsPartition asked : topic.partitions()) {
                answers.partitions()
                        .add(
                                answer(
                                        cluster,
                                        topic.name(),
                                        asked,
                                        context.header.apiVersion(),
                                        request.isolationLevel() == IsolationLevel.READ_COMMITTED));
            }
        }
        return CompletableFuture.completedFuture(new ListOffsetsResponse(data));
    }

    private ListOffsetsPartitionResponse answer(
            ClusterView cluster,
            String topic,
            ListOffsetsPartition asked,
            short version,
            boolean stable) {
        return switch (cluster.locate(
                topic, Uuid.ZERO_UUID, asked.partitionIndex(), asked.currentLeaderEpoch())) {
            case ClusterView.Location.Missing(Errors error) -> error(asked, error);
            case ClusterView.Location.Found(var _, PartitionImage partition) -> {
                try {
                    ListOffsetsPartitionResponse answer = find(asked, partition, version, stable);
                    yield version < FIRST_VERSION_WITH_EPOCHS
                            ? answer.setLeaderEpoch(ListOffsetsResponse.UNKNOWN_EPOCH)
                            : answer;
                } catch (LogUnavailableException e) {
                    LOGGER.atWarn()
                            .addKeyValue("topic", topic)
                            .addKeyValue("partition", asked.partitionIndex())
                            .addKeyValue("reason", e.getMessage())
                            .log("offsets could not be looked up");
                    yield error(asked, Errors.KAFKA_STORAGE_ERROR);
                }
            }
        };
    }

    private ListOffsetsPartitionResponse find(
            ListOffsetsPartition asked, PartitionImage partition, short version, boolean stable) {
        long timestamp = asked.timestamp();
        if (timestamp < leastTimestamp(version)) {
            return error(asked, Errors.UNSUPPORTED_VERSION);
        }
        Optional<LogEnds> ends = logs.ends(partition.logId());
        if (ends.isEmpty()) {
            return error(asked, Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        // What lies beyond an open transaction is not there for those who read what is committed.
        long end = stable ? ends.get().lastStableOffset() : ends.get().highWatermark();
        if (timestamp == ListOffsetsRequest.LATEST_TIMESTAMP) {
            return offset(asked, partition, end);
        }
        if (timestamp == ListOffsetsRequest.EARLIEST_TIMESTAMP
                || timestamp == ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP) {
            return offset(asked, partition, ends.get().logStartOffset());
        }
        long start = ends.get().logStartOffset();
        if (start >= end) {
            return nothing(asked);
        }
        if (timestamp == ListOffsetsRequest.MAX_TIMESTAMP) {
            return found(
                    asked,
                    partition,
                    search.latest(partition.logId(), start, ends.get().highWatermark())
                            .filter(hit -> hit.offset() < end));
        }
        if (timestamp < 0) {
            return nothing(asked);
        }
        return found(
                asked,
                partition,
                search.firstAtOrAfter(partition.logId(), start, timestamp)
                        .filter(hit -> hit.offset() < end));
    }

    /** The special timestamps are negative, and came one after the other. */
    private static long leastTimestamp(short version) {
        if (version >= 11) {
            return ListOffsetsRequest.EARLIEST_PENDING_UPLOAD_TIMESTAMP;
        }
        if (version >= 9) {
            return ListOffsetsRequest.LATEST_TIERED_TIMESTAMP;
        }
        if (version >= 8) {
            return ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP;
        }
        return version >= 7
                ? ListOffsetsRequest.MAX_TIMESTAMP
                : ListOffsetsRequest.EARLIEST_TIMESTAMP;
    }

    private static ListOffsetsPartitionResponse offset(
            ListOffsetsPartition asked, PartitionImage partition, long offset) {
        return nothing(asked).setOffset(offset).setLeaderEpoch(partition.leaderEpoch());
    }

    private static ListOffsetsPartitionResponse found(
            ListOffsetsPartition asked,
            PartitionImage partition,
            Optional<TimestampSearch.Hit> hit) {
        return hit.map(it -> offset(asked, partition, it.offset()).setTimestamp(it.timestampMs()))
                .orElseGet(() -> nothing(asked));
    }

    private static ListOffsetsPartitionResponse nothing(ListOffsetsPartition asked) {
        return new ListOffsetsPartitionResponse()
                .setPartitionIndex(asked.partitionIndex())
                .setTimestamp(ListOffsetsResponse.UNKNOWN_TIMESTAMP)
                .setOffset(ListOffsetsResponse.UNKNOWN_OFFSET)
                .setLeaderEpoch(ListOffsetsResponse.UNKNOWN_EPOCH);
    }

    private static ListOffsetsPartitionResponse error(ListOffsetsPartition asked, Errors error) {
        return nothing(asked).setErrorCode(error.code());
    }
}
