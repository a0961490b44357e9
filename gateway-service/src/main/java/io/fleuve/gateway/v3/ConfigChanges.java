package io.fleuve.gateway.v3;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.format.JsonFields;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What requests say about configurations: a value for one setting, or a batch of changes. */
record ConfigChanges(List<AlterConfigOp> changes, boolean validateOnly) {

    private static final Set<String> BATCH_FIELDS = Set.of("data", "validate_only");

    /** The body of a PUT, for the API's document alone. */
    record ValueDocument(@JsonProperty("value") @Nullable String value) {}

    /** A change in a batch, for the API's document alone. */
    record ChangeDocument(
            @JsonProperty("name") String name,
            @JsonProperty("value") @Nullable String value,
            @JsonProperty("operation") @Nullable Kind operation) {}

    /** The body of {@code configs:alter}, for the API's document alone. */
    @Schema(name = "AlterConfigsRequest")
    record BatchDocument(
            @JsonProperty("data") List<ChangeDocument> data,
            @JsonProperty("validate_only") @Nullable Boolean validateOnly) {}

    /** The changes of one topic among several, for the API's document alone. */
    record TopicChangesDocument(
            @JsonProperty("topic_name") String topicName,
            @JsonProperty("configs") List<ChangeDocument> configs) {}

    /** The body of {@code topics/-/configs:alter}, for the API's document alone. */
    record TopicsBatchDocument(
            @JsonProperty("data") List<TopicChangesDocument> data,
            @JsonProperty("validate_only") @Nullable Boolean validateOnly) {}

    enum Kind {
        SET,
        DELETE
    }

    /** Changes of several topics. */
    record OfTopics(Map<ConfigResource, Collection<AlterConfigOp>> changes, boolean validateOnly) {}

    static AlterConfigOp parseValue(String name, JsonNode body) {
        JsonFields fields = JsonFields.of(body, "request", Set.of("value"));
        return set(name, text(fields, name));
    }

    static AlterConfigOp reset(String name) {
        return new AlterConfigOp(new ConfigEntry(name, null), OpType.DELETE);
    }

    static ConfigChanges parseBatch(JsonNode body) {
        JsonFields fields = JsonFields.of(body, "request", BATCH_FIELDS);
        return new ConfigChanges(
                changes(required(fields, "data"), "request.data"), validateOnly(fields));
    }

    static OfTopics parseTopicsBatch(JsonNode body) {
        JsonFields fields = JsonFields.of(body, "request", BATCH_FIELDS);
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new LinkedHashMap<>();
        for (JsonNode node : required(fields, "data")) {
            JsonFields topic = JsonFields.of(node, "request.data", Set.of("topic_name", "configs"));
            String name = topic.string("topic_name");
            if (name == null) {
                throw bad("request.data has an element without \"topic_name\".");
            }
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
            List<AlterConfigOp> ofTopic =
                    changes(required(topic, "configs"), "request.data.configs");
            if (changes.putIfAbsent(resource, ofTopic) != null) {
                throw bad("request.data names topic " + name + " twice.");
            }
        }
        return new OfTopics(changes, validateOnly(fields));
    }

    /**
     * Refuses changes of settings that the brokers do not know.
     *
     * @throws RestException 404
     */
    static void requireKnown(
            Collection<AlterConfigOp> changes,
            Config known,
            ConfigResource resource,
            String clusterId) {
        for (AlterConfigOp change : changes) {
            String name = change.configEntry().name();
            if (known.get(name) == null) {
                throw new RestException(
                        RestError.notFound(
                                "Config %s cannot be found for %s %s in cluster %s."
                                        .formatted(
                                                name,
                                                resource.type(),
                                                resource.name(),
                                                clusterId)));
            }
        }
    }

    private static List<JsonNode> required(JsonFields fields, String name) {
        if (fields.present(name) == null) {
            throw bad("\"" + name + "\" is required.");
        }
        return fields.array(name);
    }

    private static List<AlterConfigOp> changes(List<JsonNode> nodes, String where) {
        List<AlterConfigOp> changes = new ArrayList<>();
        for (JsonNode node : nodes) {
            JsonFields fields = JsonFields.of(node, where, Set.of("name", "value", "operation"));
            String name = fields.string("name");
            if (name == null) {
                throw bad(where + " has an element without \"name\".");
            }
            changes.add(
                    switch (kind(fields, where)) {
                        case SET -> set(name, text(fields, name));
                        case DELETE -> reset(name);
                    });
        }
        return changes;
    }

    private static Kind kind(JsonFields fields, String where) {
        String kind = fields.string("operation");
        return switch (kind) {
            case null -> Kind.SET;
            case "SET" -> Kind.SET;
            case "DELETE" -> Kind.DELETE;
            default ->
                    throw bad(
                            "%s.operation must be SET or DELETE, but is %s."
                                    .formatted(where, kind));
        };
    }

    private static boolean validateOnly(JsonFields fields) {
        return Boolean.TRUE.equals(fields.bool("validate_only"));
    }

    // As in Confluent's proxy, numbers and booleans stand for their text.
    private static @Nullable String text(JsonFields fields, String name) {
        JsonNode value = fields.present("value");
        if (value != null && value.isContainer()) {
            throw bad("the value of " + name + " is not text.");
        }
        return value == null ? null : value.asString();
    }

    private static AlterConfigOp set(String name, @Nullable String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), OpType.SET);
    }

    private static RestException bad(String detail) {
        return new RestException(RestError.badRequest(detail));
    }
}
