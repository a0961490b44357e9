package io.fleuve.gateway.v3;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.format.JsonBody;
import io.fleuve.gateway.format.JsonFields;
import io.fleuve.gateway.kafka.ClusterAdmin;
import io.fleuve.gateway.kafka.ClusterAdmin.CreatedTopic;
import io.fleuve.gateway.kafka.PartitionAdmin;
import io.fleuve.gateway.kafka.TopicDirectory;
import io.fleuve.gateway.v3.Resources.ResourceList;
import io.fleuve.gateway.v3.Resources.TopicData;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;

/** Topics: list, create, describe, delete. */
@V3Controller
@Tag(name = "v3: topics")
final class TopicController {

    private final ClusterAdmin admin;
    private final PartitionAdmin partitions;
    private final TopicDirectory directory;
    private final JsonBody jsonBody;
    private final Links links;

    TopicController(
            ClusterAdmin admin,
            PartitionAdmin partitions,
            TopicDirectory directory,
            JsonBody jsonBody,
            Links links) {
        this.admin = admin;
        this.partitions = partitions;
        this.directory = directory;
        this.jsonBody = jsonBody;
        this.links = links;
    }

    /** The body of a PATCH, for the API's document alone. */
    record PartitionsCountDocument(@JsonProperty("partitions_count") int partitionsCount) {}

    @GetMapping("/{cluster_id}/topics")
    @Operation(summary = "List topics", description = "All topics that are not internal, by name.")
    ResourceList<TopicData> listTopics(
            @PathVariable("cluster_id") String clusterId, HttpServletRequest request) {
        Clusters.require(admin, clusterId);
        Links.Scope scope = links.of(request);
        List<TopicData> topics =
                admin.describeTopics().stream()
                        .map(topic -> toData(scope, clusterId, topic))
                        .toList();
        return ResourceList.of("KafkaTopicList", scope.url(clusterId, "topics"), topics);
    }

    @PostMapping(path = "/{cluster_id}/topics", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Create a topic",
            description =
                    "Partitions and replication factor default to the brokers' own settings. With"
                            + " `validate_only` nothing is created and the status is 200.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema =
                                                    @Schema(
                                                            implementation =
                                                                    NewTopicRequest.Document
                                                                            .class))))
    @ApiResponse(responseCode = "201", useReturnTypeSchema = true)
    ResponseEntity<TopicData> createTopic(
            @PathVariable("cluster_id") String clusterId, HttpServletRequest request)
            throws IOException {
        NewTopicRequest wanted = NewTopicRequest.parse(jsonBody.bytes(request.getInputStream()));
        Clusters.require(admin, clusterId);
        CreatedTopic created = admin.createTopic(wanted.topic(), wanted.validateOnly());
        directory.forget(wanted.topic().name());
        Links.Scope scope = links.of(request);
        TopicData data =
                toData(
                        scope,
                        clusterId,
                        wanted.topic().name(),
                        false,
                        created.replicationFactor(),
                        created.partitions(),
                        null);
        return ResponseEntity.status(wanted.validateOnly() ? HttpStatus.OK : HttpStatus.CREATED)
                .location(URI.create(data.metadata().self()))
                .body(data);
    }

    @GetMapping("/{cluster_id}/topics/{topic_name}")
    @Operation(summary = "Get a topic", description = "One topic by its name.")
    TopicData getTopic(
            @PathVariable("cluster_id") String clusterId,
            @Parameter(example = "temperature-data") @PathVariable("topic_name") String topicName,
            @Parameter(description = "Whether to tell what the gateway may do to the topic.")
                    @RequestParam(name = "include_authorized_operations", defaultValue = "false")
                    boolean includeAuthorizedOperations,
            HttpServletRequest request) {
        Clusters.require(admin, clusterId);
        return toData(
                links.of(request),
                clusterId,
                includeAuthorizedOperations
                        ? partitions.describeWithOperations(topicName)
                        : admin.describeTopic(topicName));
    }

    @PatchMapping(
            path = "/{cluster_id}/topics/{topic_name}",
            consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Increase a topic's partitions",
            description =
                    "Gives a topic more partitions. They cannot be taken back, and records with a key"
                            + " may go to another partition from then on.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema =
                                                    @Schema(
                                                            implementation =
                                                                    PartitionsCountDocument
                                                                            .class))))
    TopicData updatePartitionsCount(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            HttpServletRequest request)
            throws IOException {
        JsonFields fields =
                JsonFields.of(
                        jsonBody.require(request.getInputStream()),
                        "request",
                        Set.of("partitions_count"));
        Integer count = fields.integer("partitions_count");
        if (count == null) {
            throw new RestException(RestError.badRequest("request.partitions_count is required."));
        }
        Clusters.require(admin, clusterId);
        partitions.increasePartitions(topicName, count);
        directory.forget(topicName);
        return toData(links.of(request), clusterId, admin.describeTopic(topicName));
    }

    @DeleteMapping("/{cluster_id}/topics/{topic_name}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Delete a topic", description = "Deletes a topic with all its records.")
    void deleteTopic(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName) {
        Clusters.require(admin, clusterId);
        admin.deleteTopic(topicName);
        directory.forget(topicName);
    }

    private static TopicData toData(Links.Scope scope, String clusterId, TopicDescription topic) {
        int replicationFactor =
                topic.partitions().isEmpty() ? 0 : topic.partitions().getFirst().replicas().size();
        return toData(
                scope,
                clusterId,
                topic.name(),
                topic.isInternal(),
                replicationFactor,
                topic.partitions().size(),
                topic.authorizedOperations());
    }

    private static TopicData toData(
            Links.Scope scope,
            String clusterId,
            String name,
            boolean internal,
            int replicationFactor,
            int partitions,
            @Nullable Set<AclOperation> operations) {
        return new TopicData(
                "KafkaTopic",
                scope.metadata(scope.url(clusterId, "topics", name), clusterId, "topic", name),
                clusterId,
                name,
                internal,
                replicationFactor,
                partitions,
                scope.related(clusterId, "topics", name, "partitions"),
                scope.related(clusterId, "topics", name, "configs"),
                scope.related(clusterId, "topics", name, "partitions", "-", "reassignment"),
                operations == null
                        ? List.of()
                        : operations.stream().map(Enum::name).sorted().toList());
    }
}
