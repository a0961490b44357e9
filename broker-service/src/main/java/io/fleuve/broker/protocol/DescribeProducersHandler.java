package io.fleuve.broker.protocol;

import io.fleuve.broker.inspection.ProducerState;
import io.fleuve.broker.inspection.ProducerStates;
import io.fleuve.broker.log.LogUnavailableException;
import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.PartitionImage;
import io.fleuve.broker.metadata.TopicImage;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeProducersResponseData.TopicResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DescribeProducersRequest;
import org.apache.kafka.common.requests.DescribeProducersResponse;
import org.apache.kafka.common.requests.RequestContext;

/** DescribeProducers: who writes to a partition (KIP-664). */
final class DescribeProducersHandler implements RequestHandler<DescribeProducersRequest> {

    private static final int UNKNOWN = -1;

    private final ProducerStates producers;
    private final ClusterMetadata metadata;

    DescribeProducersHandler(ProducerStates producers, ClusterMetadata metadata) {
        this.producers = producers;
        this.metadata = metadata;
    }

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, DescribeProducersRequest request) {
        DescribeProducersResponseData data = new DescribeProducersResponseData();
        ClusterView cluster = new ClusterView(metadata);
        for (TopicRequest asked : request.data().topics()) {
            data.topics().add(answer(asked, cluster));
        }
        return CompletableFuture.completedFuture(new DescribeProducersResponse(data));
    }

    private TopicResponse answer(TopicRequest asked, ClusterView cluster) {
        TopicResponse answer = new TopicResponse().setName(asked.name());
        Optional<String> fault = faultOf(asked.name());
        Optional<TopicImage> topic =
                fault.isPresent() ? Optional.empty() : cluster.topic(asked.name());
        for (int index : asked.partitionIndexes()) {
            PartitionResponse response = new PartitionResponse().setPartitionIndex(index);
            answer.partitions().add(response);
            if (fault.isPresent()) {
                refuse(response, Errors.INVALID_TOPIC_EXCEPTION, fault.get());
            } else {
                topic.flatMap(it -> it.partition(index))
                        .ifPresentOrElse(
                                partition -> fill(response, partition),
                                () ->
                                        refuse(
                                                response,
                                                Errors.UNKNOWN_TOPIC_OR_PARTITION,
                                                Errors.UNKNOWN_TOPIC_OR_PARTITION.message()));
            }
        }
        return answer;
    }

    private static Optional<String> faultOf(String topic) {
        try {
            Topic.validate(topic);
            return Optional.empty();
        } catch (InvalidTopicException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private void fill(PartitionResponse response, PartitionImage partition) {
        try {
            for (ProducerState state : producers.of(partition.logId())) {
                response.activeProducers()
                        .add(
                                new DescribeProducersResponseData.ProducerState()
                                        .setProducerId(state.producerId())
                                        .setProducerEpoch(state.producerEpoch())
                                        .setLastSequence(state.lastSequence())
                                        .setLastTimestamp(state.lastWrite().toEpochMilli())
                                        // The epoch that all markers have.
                                        .setCoordinatorEpoch(state.hasEnded() ? 0 : UNKNOWN)
                                        .setCurrentTxnStartOffset(
                                                state.transactionStart().orElse(UNKNOWN)));
            }
        } catch (LogUnavailableException e) {
            refuse(response, Errors.KAFKA_STORAGE_ERROR, String.valueOf(e.getMessage()));
        }
    }

    private static void refuse(PartitionResponse response, Errors error, String message) {
        response.setErrorCode(error.code()).setErrorMessage(message);
    }
}
