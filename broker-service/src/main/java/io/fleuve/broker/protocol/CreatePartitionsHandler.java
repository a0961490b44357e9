package io.fleuve.broker.protocol;

import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.MetadataUnavailableException;
import io.fleuve.broker.metadata.TopicImage;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.CreatePartitionsRequest;
import org.apache.kafka.common.requests.CreatePartitionsResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** CreatePartitions: more partitions for a topic, never fewer. */
final class CreatePartitionsHandler implements RequestHandler<CreatePartitionsRequest> {

    private static final Logger LOGGER = LoggerFactory.getLogger(CreatePartitionsHandler.class);

    private final ClusterMetadata metadata;
    private final int maxPartitions;

    CreatePartitionsHandler(ClusterMetadata metadata, ProtocolSettings settings) {
        this.metadata = metadata;
        maxPartitions = settings.maxPartitionsPerTopic();
    }

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, CreatePartitionsRequest request) {
        CreatePartitionsResponseData data = new CreatePartitionsResponseData();
        ClusterView cluster = new ClusterView(metadata);
        for (CreatePartitionsTopic topic : request.data().topics()) {
            data.results().add(answer(topic, cluster, request.data().validateOnly()));
        }
        return CompletableFuture.completedFuture(new CreatePartitionsResponse(data));
    }

    private CreatePartitionsTopicResult answer(
            CreatePartitionsTopic asked, ClusterView cluster, boolean validateOnly) {
        Optional<TopicImage> topic = cluster.topic(asked.name());
        if (topic.isEmpty()) {
            return result(
                    asked,
                    Errors.UNKNOWN_TOPIC_OR_PARTITION,
                    Errors.UNKNOWN_TOPIC_OR_PARTITION.message());
        }
        if (topic.get().internal()) {
            return result(
                    asked,
                    Errors.INVALID_TOPIC_EXCEPTION,
                    "the broker's own topics cannot be changed");
        }
        int present = topic.get().partitions().size();
        if (asked.count() <= present || asked.count() > maxPartitions) {
            return result(
                    asked,
                    Errors.INVALID_PARTITIONS,
                    "the topic has %d partitions; the new number must be above and at most %d, not %d"
                            .formatted(present, maxPartitions, asked.count()));
        }
        if (asked.assignments() != null && asked.assignments().size() != asked.count() - present) {
            return result(
                    asked,
                    Errors.INVALID_REPLICA_ASSIGNMENT,
                    "%d partitions are new, and %d are assigned"
                            .formatted(asked.count() - present, asked.assignments().size()));
        }
        try {
            checkAssignments(asked, cluster);
        } catch (InvalidReplicaAssignmentException e) {
            return result(asked, Errors.INVALID_REPLICA_ASSIGNMENT, e.getMessage());
        }
        return validateOnly ? result(asked, Errors.NONE, null) : grow(asked);
    }

    private static void checkAssignments(CreatePartitionsTopic asked, ClusterView cluster) {
        if (asked.assignments() == null) {
            return;
        }
        OptionalInt replicas = OptionalInt.empty();
        for (CreatePartitionsAssignment assignment : asked.assignments()) {
            replicas = ManualAssignment.check(assignment.brokerIds(), replicas, cluster);
        }
    }

    private CreatePartitionsTopicResult grow(CreatePartitionsTopic asked) {
        try {
            if (metadata.growTopic(asked.name(), asked.count()).isEmpty()) {
                return result(
                        asked,
                        Errors.UNKNOWN_TOPIC_OR_PARTITION,
                        "the topic was deleted by somebody else");
            }
        } catch (MetadataUnavailableException e) {
            return result(asked, Errors.REQUEST_TIMED_OUT, e.getMessage());
        }
        LOGGER.atInfo()
                .addKeyValue("topic", asked.name())
                .addKeyValue("partitions", asked.count())
                .log("topic has grown");
        return result(asked, Errors.NONE, null);
    }

    private static CreatePartitionsTopicResult result(
            CreatePartitionsTopic asked, Errors error, @Nullable String message) {
        return new CreatePartitionsTopicResult()
                .setName(asked.name())
                .setErrorCode(error.code())
                .setErrorMessage(message);
    }
}
