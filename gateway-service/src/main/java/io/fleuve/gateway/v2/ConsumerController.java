package io.fleuve.gateway.v2;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fleuve.gateway.consumers.ConsumerInstance;
import io.fleuve.gateway.consumers.Dialect;
import io.fleuve.gateway.consumers.InstanceErrors;
import io.fleuve.gateway.consumers.InstanceId;
import io.fleuve.gateway.consumers.Interest;
import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.format.JsonFields;
import io.fleuve.gateway.v2.PartitionsRequest.Partition;
import io.fleuve.gateway.v2.PartitionsRequest.Partitions;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import tools.jackson.databind.JsonNode;

/** Consumer instances: their life and what they read. Every gateway serves every instance. */
@ConsumerApi("/consumers/{group}")
@Tag(name = "v2: consumers")
final class ConsumerController {

    private static final String SUBSCRIPTION = "/instances/{instance}/subscription";
    private static final String ASSIGNMENTS = "/instances/{instance}/assignments";
    private static final Set<String> SUBSCRIPTION_FIELDS = Set.of("topics", "topic_pattern");
    private static final String EXCLUSIVE =
            "Subscriptions to topics, partitions, and patterns are mutually exclusive.";

    private final InstanceCalls calls;

    ConsumerController(InstanceCalls calls) {
        this.calls = calls;
    }

    record Created(
            @JsonProperty("instance_id") String instanceId,
            @JsonProperty("base_uri") String baseUri) {}

    record SubscriptionDocument(
            @JsonProperty("topics") @Nullable List<String> topics,
            @JsonProperty("topic_pattern") @Nullable String topicPattern) {}

    record Subscription(@JsonProperty("topics") List<String> topics) {}

    /** Strimzi's answer has the partitions of each topic as well. */
    record StrimziSubscription(
            @JsonProperty("topics") List<String> topics,
            @JsonProperty("partitions") List<Map<String, List<Integer>>> partitions) {}

    @PostMapping
    @Operation(
            summary = "Create a consumer instance",
            description =
                    """
                    A Kafka consumer in the group, to be used through any gateway from then on. `name` is made up \
                    if absent; `format` (`binary`, `json` or `text`) is how keys and values will be shown. \
                    `auto.commit.enable` may be spelt `enable.auto.commit`, as Strimzi's bridge does; who uses \
                    that, `isolation.level` or `text` gets that API's answers: timestamps and headers with \
                    records, 204 after a commit, and a committed offset is the next to read. The instance ends \
                    when it is deleted, or not used for a while (5 minutes, unless configured otherwise).""",
            requestBody =
                    @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaTypes.JSON,
                                            schema =
                                                    @Schema(
                                                            implementation =
                                                                    NewInstanceRequest.Document
                                                                            .class))))
    @ApiResponse(
            responseCode = "200",
            description = "The instance, and where to find it.",
            content = @Content(schema = @Schema(implementation = Created.class)))
    Created create(@PathVariable("group") String group, HttpServletRequest request)
            throws IOException {
        NewInstanceRequest wanted =
                NewInstanceRequest.read(
                        calls.readBody(request).json(), calls.limits().defaultDialect());
        InstanceId id = new InstanceId(group, wanted.name());
        calls.instances().create(id, wanted.config());
        return new Created(id.name(), calls.baseUri(request, id));
    }

    @DeleteMapping("/instances/{instance}")
    @Operation(
            summary = "Delete a consumer instance",
            description =
                    "It leaves its group at once. With automatic commits everything that was delivered is"
                            + " committed first.")
    @ApiResponse(responseCode = "204", description = "It is gone.", content = @Content)
    ResponseEntity<Object> delete(
            @PathVariable("group") String group,
            @PathVariable("instance") String name,
            HttpServletRequest request)
            throws IOException {
        return calls.call(
                new InstanceId(group, name),
                request,
                (instance, _) -> {
                    calls.instances().delete(instance);
                    return ResponseEntity.noContent().build();
                });
    }

    @PostMapping(SUBSCRIPTION)
    @Operation(
            summary = "Subscribe to topics",
            description =
                    "A list of topics, or a pattern that their whole names match. It replaces the subscription"
                            + " before; the group shares the partitions among its members.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaTypes.JSON,
                                            schema =
                                                    @Schema(
                                                            implementation =
                                                                    SubscriptionDocument.class))))
    @ApiResponse(responseCode = "204", description = "It is subscribed.", content = @Content)
    ResponseEntity<Object> subscribe(
            @PathVariable("group") String group,
            @PathVariable("instance") String name,
            HttpServletRequest request)
            throws IOException {
        return calls.call(
                new InstanceId(group, name),
                request,
                (instance, body) -> {
                    Interest interest = subscription(body.required(), instance);
                    if (interest != null) {
                        follow(instance, interest);
                    }
                    return ResponseEntity.noContent().build();
                });
    }

    private static @Nullable Interest subscription(JsonNode body, ConsumerInstance instance) {
        JsonFields fields = JsonFields.of(body, "request", SUBSCRIPTION_FIELDS);
        boolean strimzi = instance.config().dialect() == Dialect.STRIMZI;
        boolean topics = fields.present("topics") != null;
        String pattern = fields.string("topic_pattern");
        if (strimzi && topics && pattern != null) {
            throw new RestException(RestError.ofStatus(409, EXCLUSIVE));
        }
        if (topics) {
            List<String> names = new ArrayList<>();
            for (JsonNode topic : fields.array("topics")) {
                if (!topic.isString() || topic.stringValue().isBlank()) {
                    throw new RestException(
                            RestError.badRequest(
                                    "request.topics must be names of topics, but has %s."
                                            .formatted(topic)));
                }
                names.add(topic.stringValue());
            }
            return names.isEmpty() ? new Interest.None() : new Interest.Topics(names);
        }
        if (pattern != null) {
            return new Interest.Matching(checked(pattern));
        }
        if (strimzi) {
            throw new RestException(
                    RestError.ofStatus(
                            422, "A list (of Topics type) or a topic_pattern must be specified."));
        }
        // Confluent's proxy takes an empty request for one that changes nothing.
        return null;
    }

    private static String checked(String pattern) {
        try {
            Pattern.compile(pattern);
            return pattern;
        } catch (PatternSyntaxException e) {
            throw new RestException(
                    RestError.ofStatus(
                            422,
                            "topic_pattern is not a regular expression: "
                                    + e.getDescription()
                                    + "."));
        }
    }

    private void follow(ConsumerInstance instance, Interest interest) {
        try {
            calls.instances().follow(instance, interest);
        } catch (RestException e) {
            boolean exclusive = e.error().errorCode() == InstanceErrors.ILLEGAL_STATE;
            if (exclusive && instance.config().dialect() == Dialect.STRIMZI) {
                throw new RestException(RestError.ofStatus(409, EXCLUSIVE));
            }
            throw e;
        }
    }

    @GetMapping(SUBSCRIPTION)
    @Operation(
            summary = "Get the subscription",
            description =
                    "The topics subscribed to; for a pattern those that match. For an instance that speaks"
                            + " Strimzi's API the assigned partitions too.")
    @ApiResponse(
            responseCode = "200",
            description = "The topics.",
            content = @Content(schema = @Schema(implementation = Subscription.class)))
    ResponseEntity<Object> getSubscription(
            @PathVariable("group") String group,
            @PathVariable("instance") String name,
            HttpServletRequest request)
            throws IOException {
        return calls.call(
                new InstanceId(group, name),
                request,
                (instance, _) ->
                        ResponseEntity.ok(
                                switch (instance.config().dialect()) {
                                    case CONFLUENT -> new Subscription(instance.subscription());
                                    case STRIMZI -> byTopic(instance.assignment());
                                }));
    }

    private static StrimziSubscription byTopic(List<TopicPartition> assignment) {
        Map<String, List<Integer>> topics = new TreeMap<>();
        for (TopicPartition partition : assignment) {
            topics.computeIfAbsent(partition.topic(), _ -> new ArrayList<>())
                    .add(partition.partition());
        }
        List<Map<String, List<Integer>>> partitions = new ArrayList<>();
        topics.forEach(
                (topic, numbers) -> {
                    Map<String, List<Integer>> entry = new LinkedHashMap<>();
                    entry.put(topic, numbers);
                    partitions.add(entry);
                });
        return new StrimziSubscription(List.copyOf(topics.keySet()), partitions);
    }

    @DeleteMapping(SUBSCRIPTION)
    @Operation(
            summary = "Unsubscribe",
            description = "The instance leaves its group, or gives its assigned partitions up.")
    @ApiResponse(responseCode = "204", description = "It reads nothing.", content = @Content)
    ResponseEntity<Object> unsubscribe(
            @PathVariable("group") String group,
            @PathVariable("instance") String name,
            HttpServletRequest request)
            throws IOException {
        return calls.call(
                new InstanceId(group, name),
                request,
                (instance, _) -> {
                    calls.instances().follow(instance, new Interest.None());
                    return ResponseEntity.noContent().build();
                });
    }

    @PostMapping(ASSIGNMENTS)
    @Operation(
            summary = "Assign partitions",
            description =
                    "The instance reads these partitions and no others, whatever the other members of the group"
                            + " read. Not together with a subscription.")
    @ConsumerApi.PartitionsBody
    @ApiResponse(responseCode = "204", description = "They are assigned.", content = @Content)
    ResponseEntity<Object> assign(
            @PathVariable("group") String group,
            @PathVariable("instance") String name,
            HttpServletRequest request)
            throws IOException {
        return calls.call(
                new InstanceId(group, name),
                request,
                (instance, body) -> {
                    Set<TopicPartition> partitions = PartitionsRequest.partitions(body.required());
                    follow(instance, new Interest.Partitions(List.copyOf(partitions)));
                    return ResponseEntity.noContent().build();
                });
    }

    @GetMapping(ASSIGNMENTS)
    @Operation(
            summary = "Get the assigned partitions",
            description =
                    "What the instance reads at present: given by hand, or by the group once records have been"
                            + " asked for.")
    @ApiResponse(
            responseCode = "200",
            description = "The partitions.",
            content = @Content(schema = @Schema(implementation = Partitions.class)))
    ResponseEntity<Object> getAssignments(
            @PathVariable("group") String group,
            @PathVariable("instance") String name,
            HttpServletRequest request)
            throws IOException {
        return calls.call(
                new InstanceId(group, name),
                request,
                (instance, _) ->
                        ResponseEntity.ok(
                                new Partitions(
                                        instance.assignment().stream()
                                                .map(Partition::of)
                                                .toList())));
    }
}
