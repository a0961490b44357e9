package io.fleuve.gateway.strimzi;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.format.JsonBody;
import io.fleuve.gateway.format.JsonFields;
import io.fleuve.gateway.kafka.ClusterAdmin;
import io.fleuve.gateway.kafka.TopicDirectory;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Creates topics, where Strimzi's bridge does. */
@RestController
@Tag(name = "v2: metadata")
final class TopicAdminController {

    private static final String JSON = "application/vnd.kafka.v2+json";
    private static final String JSON_RECORDS = "application/vnd.kafka.json.v2+json";

    private final ClusterAdmin cluster;
    private final TopicDirectory directory;
    private final JsonBody body;

    TopicAdminController(ClusterAdmin cluster, TopicDirectory directory, JsonBody body) {
        this.cluster = cluster;
        this.directory = directory;
        this.body = body;
    }

    /** The shape of the body, for the API's document alone. */
    record NewTopicDocument(
            @JsonProperty("topic_name") String topicName,
            @JsonProperty("partitions_count") @Nullable Integer partitionsCount,
            @JsonProperty("replication_factor") @Nullable Integer replicationFactor) {}

    @PostMapping(
            path = "/admin/topics",
            consumes = {JSON_RECORDS, JSON, MediaType.APPLICATION_JSON_VALUE},
            produces = {JSON, MediaType.APPLICATION_JSON_VALUE})
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(
            summary = "Create a topic",
            description =
                    "As Strimzi's bridge does. Partitions and replication factor default to the"
                            + " brokers' own settings; the answer is an empty object.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content = {
                                @Content(
                                        mediaType = JSON_RECORDS,
                                        schema = @Schema(implementation = NewTopicDocument.class)),
                                @Content(
                                        mediaType = JSON,
                                        schema = @Schema(implementation = NewTopicDocument.class)),
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                                        schema = @Schema(implementation = NewTopicDocument.class))
                            }))
    Map<String, Object> createTopic(HttpServletRequest request) throws IOException {
        NewTopic topic = parse(body, request);
        cluster.createTopic(topic, false);
        directory.forget(topic.name());
        return Map.of();
    }

    private static NewTopic parse(JsonBody body, HttpServletRequest request) throws IOException {
        JsonFields fields =
                JsonFields.of(
                        body.require(request.getInputStream()),
                        "request",
                        Set.of("topic_name", "partitions_count", "replication_factor"));
        String name = fields.string("topic_name");
        if (name == null) {
            throw new RestException(RestError.badRequest("request.topic_name is required."));
        }
        try {
            Topic.validate(name);
        } catch (InvalidTopicException e) {
            throw new RestException(RestError.invalidPayload("Invalid topic name."));
        }
        return new NewTopic(
                name,
                Optional.ofNullable(fields.integer("partitions_count")),
                Optional.ofNullable(fields.integer("replication_factor"))
                        .map(TopicAdminController::toShort));
    }

    private static short toShort(int replicationFactor) {
        if (replicationFactor != (short) replicationFactor) {
            throw new RestException(
                    RestError.badRequest(
                            "request.replication_factor is out of range: "
                                    + replicationFactor
                                    + "."));
        }
        return (short) replicationFactor;
    }
}
