package io.fleuve.gateway.v2;

import io.fleuve.gateway.consumers.ConsumerInstance;
import io.fleuve.gateway.consumers.Dialect;
import io.fleuve.gateway.consumers.InstanceErrors;
import io.fleuve.gateway.consumers.InstanceId;
import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.v2.PartitionsRequest.Offset;
import io.fleuve.gateway.v2.PartitionsRequest.Offsets;
import io.fleuve.gateway.v2.PartitionsRequest.Positions;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import tools.jackson.databind.JsonNode;

/** How far a consumer instance has come: what it has committed, and where it goes on. */
@ConsumerApi("/consumers/{group}/instances/{instance}")
@Tag(name = "v2: consumers")
final class ConsumerOffsetController {

    private static final String UNASSIGNED = "No current assignment for partition";

    private final InstanceCalls calls;

    ConsumerOffsetController(InstanceCalls calls) {
        this.calls = calls;
    }

    @PostMapping("/offsets")
    @Operation(
            summary = "Commit offsets",
            description =
                    """
                    Without a body: commits everything that was delivered. Otherwise each offset is that of the \
                    last record that was processed, and the one behind it is committed; an instance that speaks \
                    Strimzi's API names the next record to read instead, and is answered 204.""",
            requestBody =
                    @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaTypes.JSON,
                                            schema = @Schema(implementation = Offsets.class))))
    @ApiResponse(
            responseCode = "200",
            description = "They are committed.",
            content = @Content(array = @ArraySchema(schema = @Schema(type = "object"))))
    @ApiResponse(
            responseCode = "204",
            description = "The same, for an instance that speaks Strimzi's API.",
            content = @Content)
    ResponseEntity<Object> commit(
            @PathVariable("group") String group,
            @PathVariable("instance") String name,
            HttpServletRequest request)
            throws IOException {
        return calls.call(
                new InstanceId(group, name),
                request,
                (instance, body) -> {
                    Dialect dialect = instance.config().dialect();
                    Map<TopicPartition, OffsetAndMetadata> offsets = offsets(body.json(), dialect);
                    if (offsets == null) {
                        instance.commitDelivered();
                    } else {
                        instance.commitOffsets(offsets);
                    }
                    return switch (dialect) {
                        case CONFLUENT -> ResponseEntity.ok(List.of());
                        case STRIMZI -> ResponseEntity.noContent().build();
                    };
                });
    }

    private static @Nullable Map<TopicPartition, OffsetAndMetadata> offsets(
            @Nullable JsonNode body, Dialect dialect) {
        return body == null
                ? null
                : PartitionsRequest.offsets(
                        body,
                        switch (dialect) {
                            case CONFLUENT -> 1;
                            case STRIMZI -> 0;
                        });
    }

    @GetMapping("/offsets")
    @Operation(
            summary = "Get committed offsets",
            description =
                    "What the group has committed for the partitions in the body, whoever committed it; the offset"
                            + " is the next to read. Partitions without a commit are left out.")
    @ConsumerApi.PartitionsBody
    @ApiResponse(
            responseCode = "200",
            description = "The offsets.",
            content = @Content(schema = @Schema(implementation = Offsets.class)))
    ResponseEntity<Object> committed(
            @PathVariable("group") String group,
            @PathVariable("instance") String name,
            HttpServletRequest request)
            throws IOException {
        return calls.call(
                new InstanceId(group, name),
                request,
                (instance, body) -> {
                    JsonNode json = body.json();
                    if (json == null) {
                        // So says Confluent's proxy.
                        throw new RestException(RestError.partitionNotFound());
                    }
                    Set<TopicPartition> wanted = PartitionsRequest.partitions(json);
                    Map<TopicPartition, OffsetAndMetadata> found = instance.committed(wanted);
                    List<Offset> offsets = new ArrayList<>();
                    for (TopicPartition partition : wanted) {
                        OffsetAndMetadata offset = found.get(partition);
                        if (offset != null) {
                            offsets.add(
                                    new Offset(
                                            partition.topic(),
                                            partition.partition(),
                                            offset.offset(),
                                            offset.metadata()));
                        }
                    }
                    return ResponseEntity.ok(new Offsets(offsets));
                });
    }

    @PostMapping("/positions")
    @Operation(
            summary = "Go on at offsets or times",
            description =
                    "Each offset is the next record to read; each time (RFC 3339) stands for the first record that"
                            + " is not older, or for the end. The partitions must be assigned to the instance.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaTypes.JSON,
                                            schema = @Schema(implementation = Positions.class))))
    @ApiResponse(responseCode = "204", description = "It goes on there.", content = @Content)
    ResponseEntity<Object> seek(
            @PathVariable("group") String group,
            @PathVariable("instance") String name,
            HttpServletRequest request)
            throws IOException {
        return position(
                group,
                name,
                request,
                (instance, body) -> {
                    PartitionsRequest.Seek seek = PartitionsRequest.seek(body);
                    instance.seek(seek.offsets());
                    if (!seek.timesMs().isEmpty()) {
                        instance.seekToTimes(seek.timesMs());
                    }
                });
    }

    @PostMapping("/positions/beginning")
    @Operation(
            summary = "Go on at the beginning",
            description =
                    "The first record that each partition still holds; all assigned partitions if the list is"
                            + " empty.")
    @ConsumerApi.PartitionsBody
    @ApiResponse(responseCode = "204", description = "It goes on there.", content = @Content)
    ResponseEntity<Object> seekToBeginning(
            @PathVariable("group") String group,
            @PathVariable("instance") String name,
            HttpServletRequest request)
            throws IOException {
        return position(
                group,
                name,
                request,
                (instance, body) -> instance.seekToBeginning(PartitionsRequest.partitions(body)));
    }

    @PostMapping("/positions/end")
    @Operation(
            summary = "Go on at the end",
            description =
                    "Only records that come from now on; all assigned partitions if the list is empty.")
    @ConsumerApi.PartitionsBody
    @ApiResponse(responseCode = "204", description = "It goes on there.", content = @Content)
    ResponseEntity<Object> seekToEnd(
            @PathVariable("group") String group,
            @PathVariable("instance") String name,
            HttpServletRequest request)
            throws IOException {
        return position(
                group,
                name,
                request,
                (instance, body) -> instance.seekToEnd(PartitionsRequest.partitions(body)));
    }

    private ResponseEntity<Object> position(
            String group,
            String name,
            HttpServletRequest request,
            BiConsumer<ConsumerInstance, JsonNode> seek)
            throws IOException {
        return calls.call(
                new InstanceId(group, name),
                request,
                (instance, body) -> {
                    try {
                        seek.accept(instance, body.required());
                    } catch (RestException e) {
                        throw asStrimziSays(e, instance.config().dialect());
                    }
                    return ResponseEntity.noContent().build();
                });
    }

    private static RestException asStrimziSays(RestException e, Dialect dialect) {
        String message = e.error().message();
        int start = message.indexOf(UNASSIGNED);
        return dialect == Dialect.STRIMZI
                        && e.error().errorCode() == InstanceErrors.ILLEGAL_STATE
                        && start >= 0
                ? new RestException(RestError.notFound(message.substring(start)))
                : e;
    }
}
