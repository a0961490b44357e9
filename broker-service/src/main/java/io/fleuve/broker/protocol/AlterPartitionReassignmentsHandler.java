package io.fleuve.broker.protocol;

import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.PartitionImage;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.NoReassignmentInProgressException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignablePartitionResponse;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignableTopicResponse;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AlterPartitionReassignmentsRequest;
import org.apache.kafka.common.requests.AlterPartitionReassignmentsResponse;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.RequestContext;

/**
 * AlterPartitionReassignments. Partitions are in a store that all brokers share, so there is
 * nothing that could be moved: an assignment that holds already is confirmed, any other is refused,
 * rather than accepted and then found not to be carried out.
 */
final class AlterPartitionReassignmentsHandler
        implements RequestHandler<AlterPartitionReassignmentsRequest> {

    private final ClusterMetadata metadata;

    AlterPartitionReassignmentsHandler(ClusterMetadata metadata) {
        this.metadata = metadata;
    }

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, AlterPartitionReassignmentsRequest request) {
        AlterPartitionReassignmentsResponseData data =
                new AlterPartitionReassignmentsResponseData()
                        .setAllowReplicationFactorChange(
                                request.data().allowReplicationFactorChange());
        ClusterView cluster = new ClusterView(metadata);
        for (ReassignableTopic topic : request.data().topics()) {
            ReassignableTopicResponse answers =
                    new ReassignableTopicResponse().setName(topic.name());
            data.responses().add(answers);
            for (ReassignablePartition partition : topic.partitions()) {
                ApiError error = answer(topic.name(), partition, cluster);
                answers.partitions()
                        .add(
                                new ReassignablePartitionResponse()
                                        .setPartitionIndex(partition.partitionIndex())
                                        .setErrorCode(error.error().code())
                                        .setErrorMessage(error.message()));
            }
        }
        return CompletableFuture.completedFuture(new AlterPartitionReassignmentsResponse(data));
    }

    private ApiError answer(String topic, ReassignablePartition asked, ClusterView cluster) {
        try {
            check(topic, asked, cluster);
            return ApiError.NONE;
        } catch (ApiException e) {
            return ApiError.fromThrowable(e);
        }
    }

    private void check(String topic, ReassignablePartition asked, ClusterView cluster) {
        Optional<PartitionImage> partition =
                cluster.topic(topic).flatMap(it -> it.partition(asked.partitionIndex()));
        if (partition.isEmpty()) {
            throw new UnknownTopicOrPartitionException(
                    "there is no partition %d of topic %s"
                            .formatted(asked.partitionIndex(), topic));
        }
        List<Integer> wanted = asked.replicas();
        if (wanted == null) {
            throw new NoReassignmentInProgressException("no partition is being reassigned");
        }
        ManualAssignment.check(wanted, OptionalInt.empty(), cluster);
        List<Integer> present =
                new Placement(cluster.image(), metadata.brokerId()).replicas(partition.get());
        if (!new HashSet<>(wanted).equals(new HashSet<>(present))) {
            throw new InvalidReplicaAssignmentException(
                    "all brokers share one store and serve every partition; leaders are chosen by"
                            + " the cluster, the one of this partition is broker %s now"
                                    .formatted(present));
        }
    }
}
