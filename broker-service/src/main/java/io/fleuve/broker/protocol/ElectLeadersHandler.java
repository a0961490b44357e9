package io.fleuve.broker.protocol;

import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.TopicImage;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.ElectLeadersResponseData.PartitionResult;
import org.apache.kafka.common.message.ElectLeadersResponseData.ReplicaElectionResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ElectLeadersRequest;
import org.apache.kafka.common.requests.ElectLeadersResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * ElectLeaders: no election is ever needed. Every partition has a leader, chosen by all brokers in
 * the same way, and it is the preferred one.
 */
final class ElectLeadersHandler implements RequestHandler<ElectLeadersRequest> {

    private final ClusterMetadata metadata;

    ElectLeadersHandler(ClusterMetadata metadata) {
        this.metadata = metadata;
    }

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, ElectLeadersRequest request) {
        checkType(request.data().electionType());
        ElectLeadersResponseData data = new ElectLeadersResponseData();
        ClusterView cluster = new ClusterView(metadata);
        if (request.data().topicPartitions() == null) {
            // Who asks for all is told of those that have changed: none.
            for (String topic : cluster.image().topics().keySet()) {
                data.replicaElectionResults().add(new ReplicaElectionResult().setTopic(topic));
            }
        } else {
            for (TopicPartitions topic : request.data().topicPartitions()) {
                data.replicaElectionResults().add(answer(topic, cluster));
            }
        }
        return CompletableFuture.completedFuture(new ElectLeadersResponse(data));
    }

    private static void checkType(byte type) {
        try {
            ElectionType.valueOf(type);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException("there is no election type " + type, e);
        }
    }

    private static ReplicaElectionResult answer(TopicPartitions asked, ClusterView cluster) {
        ReplicaElectionResult result = new ReplicaElectionResult().setTopic(asked.topic());
        Optional<TopicImage> topic = cluster.topic(asked.topic());
        for (int index : asked.partitions()) {
            boolean known = topic.flatMap(it -> it.partition(index)).isPresent();
            Errors error = known ? Errors.ELECTION_NOT_NEEDED : Errors.UNKNOWN_TOPIC_OR_PARTITION;
            result.partitionResult()
                    .add(
                            new PartitionResult()
                                    .setPartitionId(index)
                                    .setErrorCode(error.code())
                                    .setErrorMessage(error.message()));
        }
        return result;
    }
}
