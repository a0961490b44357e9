package io.fleuve.broker.protocol;

import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.MetadataUnavailableException;
import io.fleuve.broker.metadata.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DeleteTopicsRequest;
import org.apache.kafka.common.requests.DeleteTopicsResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** DeleteTopics, by name or by id. */
final class DeleteTopicsHandler implements RequestHandler<DeleteTopicsRequest> {

    private static final Logger LOGGER = LoggerFactory.getLogger(DeleteTopicsHandler.class);

    private final ClusterMetadata metadata;

    DeleteTopicsHandler(ClusterMetadata metadata) {
        this.metadata = metadata;
    }

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, DeleteTopicsRequest request) {
        List<DeleteTopicState> asked = new ArrayList<>(request.data().topics());
        for (String name : request.data().topicNames()) {
            asked.add(new DeleteTopicState().setName(name));
        }
        ClusterView cluster = new ClusterView(metadata);
        DeleteTopicsResponseData data = new DeleteTopicsResponseData();
        for (DeleteTopicState topic : asked) {
            data.responses().add(answer(topic, cluster));
        }
        return CompletableFuture.completedFuture(new DeleteTopicsResponse(data));
    }

    private DeletableTopicResult answer(DeleteTopicState asked, ClusterView cluster) {
        boolean byId = !asked.topicId().equals(Uuid.ZERO_UUID);
        if (byId == (asked.name() != null)) {
            return result(asked, Errors.INVALID_REQUEST, "a topic needs either a name or an id");
        }
        Optional<TopicImage> topic = cluster.topic(asked.name(), asked.topicId());
        if (topic.isEmpty()) {
            Errors error = byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
            return result(asked, error, error.message());
        }
        if (topic.get().internal()) {
            return result(
                    asked,
                    Errors.INVALID_TOPIC_EXCEPTION,
                    "the broker's own topics cannot be deleted");
        }
        return delete(asked, topic.get());
    }

    private DeletableTopicResult delete(DeleteTopicState asked, TopicImage topic) {
        try {
            if (metadata.deleteTopic(topic.id()).isEmpty()) {
                return result(
                        asked,
                        Errors.UNKNOWN_TOPIC_OR_PARTITION,
                        "the topic was deleted by somebody else");
            }
        } catch (MetadataUnavailableException e) {
            return result(asked, Errors.REQUEST_TIMED_OUT, e.getMessage());
        }
        LOGGER.atInfo()
                .addKeyValue("topic", topic.name())
                .addKeyValue("topicId", topic.id())
                .log("topic deleted");
        return result(asked, Errors.NONE, null)
                .setName(topic.name())
                .setTopicId(ClusterView.toKafka(topic.id()));
    }

    private static DeletableTopicResult result(
            DeleteTopicState asked, Errors error, @Nullable String message) {
        return new DeletableTopicResult()
                .setName(asked.name())
                .setTopicId(asked.topicId())
                .setErrorCode(error.code())
                .setErrorMessage(message);
    }
}
