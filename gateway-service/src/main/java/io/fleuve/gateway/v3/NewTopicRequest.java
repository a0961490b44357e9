package io.fleuve.gateway.v3;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.format.JsonFields;
import io.fleuve.gateway.format.LosslessJson;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The body of a request to create a topic. */
record NewTopicRequest(NewTopic topic, boolean validateOnly) {

    private static final Set<String> FIELDS =
            Set.of(
                    "topic_name",
                    "partitions_count",
                    "replication_factor",
                    "replicas_assignments",
                    "configs",
                    "validate_only");

    /** The shape of the body, for the API's document alone. */
    @Schema(name = "CreateTopicRequest")
    record Document(
            @JsonProperty("topic_name") String topicName,
            @JsonProperty("partitions_count") @Nullable Integer partitionsCount,
            @JsonProperty("replication_factor") @Nullable Integer replicationFactor,
            @JsonProperty("replicas_assignments") @Nullable Map<String, List<Integer>> assignments,
            @JsonProperty("configs") @Nullable List<Config> configs,
            @JsonProperty("validate_only") @Nullable Boolean validateOnly) {

        @Schema(name = "CreateTopicConfig")
        record Config(
                @JsonProperty("name") String name, @JsonProperty("value") @Nullable String value) {}
    }

    /**
     * Reads a body.
     *
     * @throws RestException 400 if it is malformed, 42206 if it is empty or the name is not one
     */
    static NewTopicRequest parse(byte @Nullable [] body) {
        if (body == null || body.length == 0) {
            throw new RestException(
                    RestError.invalidPayload("Request body is empty. Data is required."));
        }
        JsonFields fields = JsonFields.of(read(body), "request", FIELDS);
        String name = fields.string("topic_name");
        if (name == null) {
            throw new RestException(RestError.badRequest("request.topic_name is required."));
        }
        try {
            Topic.validate(name);
        } catch (InvalidTopicException e) {
            throw new RestException(RestError.invalidPayload("Invalid topic name."));
        }
        Map<Integer, List<Integer>> assignments = assignments(fields);
        NewTopic topic =
                assignments.isEmpty()
                        ? new NewTopic(
                                name,
                                Optional.ofNullable(fields.integer("partitions_count")),
                                Optional.ofNullable(fields.integer("replication_factor"))
                                        .map(NewTopicRequest::toShort))
                        : new NewTopic(name, assignments);
        return new NewTopicRequest(
                topic.configs(configs(fields)), Boolean.TRUE.equals(fields.bool("validate_only")));
    }

    private static JsonNode read(byte[] body) {
        try {
            return LosslessJson.read(body);
        } catch (JacksonException e) {
            throw new RestException(RestError.ofStatus(400, LosslessJson.explain(e)));
        }
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

    private static Map<Integer, List<Integer>> assignments(JsonFields fields) {
        JsonNode node = fields.present("replicas_assignments");
        Map<Integer, List<Integer>> assignments = new TreeMap<>();
        if (node == null) {
            return assignments;
        }
        node.forEachEntry(
                (partition, replicas) -> {
                    boolean wellFormed =
                            partition.matches("\\d{1,9}")
                                    && replicas.isArray()
                                    && replicas.valueStream().allMatch(JsonNode::isInt);
                    if (!wellFormed) {
                        throw new RestException(
                                RestError.badRequest(
                                        "request.replicas_assignments must map partition numbers to arrays"
                                                + " of broker numbers, but maps \"%s\" to %s."
                                                        .formatted(partition, replicas)));
                    }
                    assignments.put(
                            Integer.valueOf(partition),
                            replicas.valueStream().map(JsonNode::intValue).toList());
                });
        return assignments;
    }

    private static Map<String, String> configs(JsonFields fields) {
        Map<String, String> configs = new HashMap<>();
        for (JsonNode node : fields.array("configs")) {
            JsonFields config = JsonFields.of(node, "request.configs", Set.of("name", "value"));
            String name = config.string("name");
            if (name == null) {
                throw new RestException(
                        RestError.badRequest("request.configs has an element without \"name\"."));
            }
            JsonNode value = config.present("value");
            // Confluent's proxy lets numbers and booleans stand for their text.
            if (value != null && value.isContainer()) {
                throw new RestException(
                        RestError.badRequest(
                                "request.configs: the value of " + name + " is not text."));
            }
            if (configs.putIfAbsent(name, value == null ? "" : value.asString()) != null) {
                throw new RestException(
                        RestError.badRequest("request.configs names " + name + " twice."));
            }
            if (value == null) {
                configs.put(name, null);
            }
        }
        return configs;
    }
}
