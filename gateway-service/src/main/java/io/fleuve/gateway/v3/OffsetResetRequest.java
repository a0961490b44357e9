package io.fleuve.gateway.v3;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.format.JsonFields;
import io.fleuve.gateway.kafka.OffsetTarget;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The body of a request to move a group.
 *
 * @param scope topics with the partitions that are meant, or with none if all are; without a topic,
 *     all that the group has committed
 */
record OffsetResetRequest(Map<String, Set<Integer>> scope, OffsetTarget target, boolean dryRun) {

    private static final Set<String> FIELDS =
            Set.of("topics", "target", "offset", "timestamp", "shift_by", "dry_run");

    /** The shape of the body, for the API's document alone. */
    @Schema(name = "ResetOffsetsRequest")
    record Document(
            @JsonProperty("topics")
                    @Schema(description = "Absent: every partition that the group has committed.")
                    @Nullable List<Topic> topics,
            @JsonProperty("target")
                    @Schema(
                            allowableValues = {
                                "earliest",
                                "latest",
                                "offset",
                                "timestamp",
                                "shift-by"
                            })
                    String target,
            @JsonProperty("offset") @Schema(description = "With target offset.")
                    @Nullable Long offset,
            @JsonProperty("timestamp")
                    @Schema(description = "With target timestamp: an RFC 3339 time.")
                    @Nullable String timestamp,
            @JsonProperty("shift_by")
                    @Schema(description = "With target shift-by: records, back if negative.")
                    @Nullable Long shiftBy,
            @JsonProperty("dry_run") @Nullable Boolean dryRun) {

        @Schema(name = "ResetOffsetsTopic")
        record Topic(
                @JsonProperty("topic_name") String topicName,
                @JsonProperty("partition_ids")
                        @Schema(description = "Absent: all partitions of the topic.")
                        @Nullable List<Integer> partitionIds) {}
    }

    static OffsetResetRequest parse(JsonNode body) {
        JsonFields fields = JsonFields.of(body, "request", FIELDS);
        return new OffsetResetRequest(
                scope(fields), target(fields), Boolean.TRUE.equals(fields.bool("dry_run")));
    }

    private static Map<String, Set<Integer>> scope(JsonFields fields) {
        Map<String, Set<Integer>> scope = new LinkedHashMap<>();
        for (JsonNode node : fields.array("topics")) {
            JsonFields topic =
                    JsonFields.of(node, "request.topics", Set.of("topic_name", "partition_ids"));
            String name = topic.string("topic_name");
            if (name == null) {
                throw bad("request.topics has an element without \"topic_name\".");
            }
            Set<Integer> partitions = new LinkedHashSet<>();
            for (JsonNode partition : topic.array("partition_ids")) {
                if (!partition.isIntegralNumber() || !partition.canConvertToInt()) {
                    throw bad("request.topics.partition_ids has an element that is not a number.");
                }
                partitions.add(partition.intValue());
            }
            if (topic.present("partition_ids") != null && partitions.isEmpty()) {
                // Empty must not come to mean all.
                throw bad("request.topics.partition_ids is empty. Leave it out to mean all.");
            }
            if (scope.putIfAbsent(name, partitions) != null) {
                throw bad("request.topics names " + name + " twice.");
            }
        }
        if (fields.present("topics") != null && scope.isEmpty()) {
            throw bad("request.topics is empty. Leave it out to mean all that is committed.");
        }
        return scope;
    }

    private static OffsetTarget target(JsonFields fields) {
        String target = fields.string("target");
        OffsetTarget parsed =
                switch (target) {
                    case null -> throw bad("request.target is required.");
                    case "earliest" -> new OffsetTarget.Earliest();
                    case "latest" -> new OffsetTarget.Latest();
                    case "offset" -> new OffsetTarget.At(number(fields, "offset"));
                    case "timestamp" -> new OffsetTarget.Since(timestamp(fields));
                    case "shift-by" -> new OffsetTarget.ShiftBy(number(fields, "shift_by"));
                    default ->
                            throw bad(
                                    "request.target must be earliest, latest, offset, timestamp or"
                                            + " shift-by, but is "
                                            + target
                                            + ".");
                };
        refuseStray(fields, "offset", parsed instanceof OffsetTarget.At, target);
        refuseStray(fields, "timestamp", parsed instanceof OffsetTarget.Since, target);
        refuseStray(fields, "shift_by", parsed instanceof OffsetTarget.ShiftBy, target);
        return parsed;
    }

    // Who gives an offset and asks for the earliest may not mean what happens.
    private static void refuseStray(
            JsonFields fields, String name, boolean belongs, String target) {
        if (!belongs && fields.present(name) != null) {
            throw bad("request.%s does not go with target %s.".formatted(name, target));
        }
    }

    private static long timestamp(JsonFields fields) {
        Long timestamp = fields.timestamp("timestamp");
        if (timestamp == null) {
            throw bad("request.timestamp is required with this target.");
        }
        return timestamp;
    }

    private static long number(JsonFields fields, String name) {
        JsonNode value = fields.present(name);
        if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
            throw bad("request." + name + " must be an integer with this target.");
        }
        return value.longValue();
    }

    private static RestException bad(String detail) {
        return new RestException(RestError.badRequest(detail));
    }
}
