package io.fleuve.gateway.v3;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fleuve.gateway.errors.KafkaErrors;
import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.format.JsonBody;
import io.fleuve.gateway.kafka.ClusterAdmin;
import io.fleuve.gateway.kafka.ConfigAdmin;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.ResponseStatus;

/** Changes of the configuration of topics. */
@V3Controller
@Tag(name = "v3: configs")
final class TopicConfigChangeController {

    private final ClusterAdmin cluster;
    private final ConfigAdmin configs;
    private final JsonBody body;

    TopicConfigChangeController(ClusterAdmin cluster, ConfigAdmin configs, JsonBody body) {
        this.cluster = cluster;
        this.configs = configs;
        this.body = body;
    }

    /** A topic whose configuration could not be changed. */
    record TopicFailure(
            @JsonProperty("topic_name") String topicName,
            @JsonProperty("error_code") int errorCode,
            @JsonProperty("message") String message) {}

    record TopicFailures(@JsonProperty("failures") List<TopicFailure> failures) {}

    @PutMapping(
            path = "/{cluster_id}/topics/{topic_name}/configs/{name}",
            consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Update a topic's config", description = "Sets one setting of a topic.")
    @ConfigBodies.Value
    void updateTopicConfig(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            @PathVariable("name") String name,
            HttpServletRequest request)
            throws IOException {
        AlterConfigOp change =
                ConfigChanges.parseValue(name, body.require(request.getInputStream()));
        alter(clusterId, topicName, List.of(change), false);
    }

    @DeleteMapping("/{cluster_id}/topics/{topic_name}/configs/{name}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Reset a topic's config",
            description = "Takes back what was set for the topic, so that the default holds again.")
    void resetTopicConfig(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            @PathVariable("name") String name) {
        alter(clusterId, topicName, List.of(ConfigChanges.reset(name)), false);
    }

    @PostMapping(
            path = "/{cluster_id}/topics/{topic_name}/configs:alter",
            consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Alter a topic's configs",
            description =
                    "Sets and resets several settings, all or none. With `validate_only` they are"
                            + " only tried.")
    @ConfigBodies.Batch
    void alterTopicConfigs(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            HttpServletRequest request)
            throws IOException {
        ConfigChanges wanted = ConfigChanges.parseBatch(body.require(request.getInputStream()));
        alter(clusterId, topicName, wanted.changes(), wanted.validateOnly());
    }

    @PostMapping(
            path = "/{cluster_id}/topics/-/configs:alter",
            consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Alter the configs of several topics",
            description =
                    "Each topic is changed by itself: 204 if all were, otherwise 207 with those that"
                            + " were not. A topic or setting that does not exist changes none.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema =
                                                    @Schema(
                                                            implementation =
                                                                    ConfigChanges
                                                                            .TopicsBatchDocument
                                                                            .class))))
    @ApiResponse(responseCode = "204", description = "All were changed.", content = @Content)
    @ApiResponse(responseCode = "207", description = "Some were not.", useReturnTypeSchema = true)
    ResponseEntity<TopicFailures> alterConfigsOfTopics(
            @PathVariable("cluster_id") String clusterId, HttpServletRequest request)
            throws IOException {
        ConfigChanges.OfTopics wanted =
                ConfigChanges.parseTopicsBatch(body.require(request.getInputStream()));
        Clusters.require(cluster, clusterId);
        Map<ConfigResource, Config> known = configs.describe(wanted.changes().keySet());
        wanted.changes()
                .forEach(
                        (resource, changes) ->
                                ConfigChanges.requireKnown(
                                        changes,
                                        Objects.requireNonNull(known.get(resource)),
                                        resource,
                                        clusterId));
        Map<ConfigResource, KafkaException> failures =
                configs.alterEach(wanted.changes(), wanted.validateOnly());
        if (failures.isEmpty()) {
            return ResponseEntity.noContent().build();
        }
        return ResponseEntity.status(HttpStatus.MULTI_STATUS)
                .body(
                        new TopicFailures(
                                failures.entrySet().stream()
                                        .map(entry -> toFailure(entry.getKey(), entry.getValue()))
                                        .toList()));
    }

    private static TopicFailure toFailure(ConfigResource topic, KafkaException failure) {
        RestError error = Objects.requireNonNull(KafkaErrors.toRestError(failure));
        return new TopicFailure(topic.name(), error.errorCode(), error.message());
    }

    private void alter(
            String clusterId,
            String topic,
            Collection<AlterConfigOp> changes,
            boolean validateOnly) {
        Clusters.require(cluster, clusterId);
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        ConfigChanges.requireKnown(changes, configs.describe(resource), resource, clusterId);
        configs.alter(resource, changes, validateOnly);
    }
}
