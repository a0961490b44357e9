package io.fleuve.gateway.v2;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.format.JsonFields;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Bodies that name partitions, with offsets or times or without. */
final class PartitionsRequest {

    private static final Set<String> PARTITIONS_FIELDS = Set.of("partitions");
    private static final Set<String> PARTITION_FIELDS = Set.of("topic", "partition");
    private static final Set<String> OFFSETS_FIELDS = Set.of("offsets");
    private static final Set<String> OFFSET_FIELDS =
            Set.of("topic", "partition", "offset", "metadata");
    private static final Set<String> POSITIONS_FIELDS = Set.of("offsets", "timestamps");
    private static final Set<String> TIMESTAMP_FIELDS =
            Set.of("topic", "partition", "timestamp", "metadata");

    private PartitionsRequest() {}

    /** One partition, in requests and answers alike. */
    record Partition(
            @JsonProperty("topic") String topic, @JsonProperty("partition") int partition) {

        static Partition of(TopicPartition partition) {
            return new Partition(partition.topic(), partition.partition());
        }
    }

    record Partitions(@JsonProperty("partitions") List<Partition> partitions) {}

    /** A position, in requests and answers alike. */
    record Offset(
            @JsonProperty("topic") String topic,
            @JsonProperty("partition") int partition,
            @JsonProperty("offset") long offset,
            @JsonProperty("metadata") @Nullable String metadata) {}

    record Offsets(@JsonProperty("offsets") List<Offset> offsets) {}

    @Schema(name = "PositionTimestamp")
    record Timestamp(
            @JsonProperty("topic") String topic,
            @JsonProperty("partition") int partition,
            @JsonProperty("timestamp") String timestamp) {}

    record Positions(
            @JsonProperty("offsets") @Nullable List<Offset> offsets,
            @JsonProperty("timestamps") @Nullable List<Timestamp> timestamps) {}

    /** {@code {"partitions": [{"topic", "partition"}]}}, each once. */
    static Set<TopicPartition> partitions(JsonNode body) {
        JsonFields fields = JsonFields.of(body, "request", PARTITIONS_FIELDS);
        if (fields.present("partitions") == null) {
            throw unprocessable("partitions must not be null");
        }
        Set<TopicPartition> partitions = new LinkedHashSet<>();
        for (JsonNode node : fields.array("partitions")) {
            partitions.add(partition(JsonFields.of(node, "partitions", PARTITION_FIELDS)));
        }
        return partitions;
    }

    /**
     * {@code {"offsets": [{"topic", "partition", "offset", "metadata"?}]}}; null if there is no
     * such member.
     */
    static @Nullable Map<TopicPartition, OffsetAndMetadata> offsets(JsonNode body, long distance) {
        JsonFields fields = JsonFields.of(body, "request", OFFSETS_FIELDS);
        return fields.present("offsets") == null ? null : offsets(fields, distance);
    }

    /** Where to go on: by offset, by time, or both for different partitions. */
    record Seek(
            Map<TopicPartition, OffsetAndMetadata> offsets, Map<TopicPartition, Long> timesMs) {}

    static Seek seek(JsonNode body) {
        JsonFields fields = JsonFields.of(body, "request", POSITIONS_FIELDS);
        Map<TopicPartition, Long> times = new HashMap<>();
        for (JsonNode node : fields.array("timestamps")) {
            JsonFields timestamp = JsonFields.of(node, "timestamps", TIMESTAMP_FIELDS);
            Long timeMs = timestamp.timestamp("timestamp");
            if (timeMs == null) {
                throw unprocessable("timestamps.timestamp must not be null");
            }
            times.put(partition(timestamp), timeMs);
        }
        return new Seek(offsets(fields, 0), times);
    }

    private static Map<TopicPartition, OffsetAndMetadata> offsets(
            JsonFields fields, long distance) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (JsonNode node : fields.array("offsets")) {
            JsonFields offset = JsonFields.of(node, "offsets", OFFSET_FIELDS);
            String metadata = offset.string("metadata");
            offsets.put(
                    partition(offset),
                    new OffsetAndMetadata(
                            number(offset) + distance, metadata == null ? "" : metadata));
        }
        return offsets;
    }

    private static TopicPartition partition(JsonFields fields) {
        String topic = fields.string("topic");
        Integer partition = fields.integer("partition");
        List<String> faults = new ArrayList<>();
        if (topic == null || topic.isBlank()) {
            faults.add("topic must not be empty");
        }
        if (partition == null || partition < 0) {
            faults.add("partition must be greater than or equal to 0");
        }
        if (topic == null || partition == null || !faults.isEmpty()) {
            throw unprocessable(String.join(", ", faults));
        }
        return new TopicPartition(topic, partition);
    }

    private static long number(JsonFields fields) {
        JsonNode offset = fields.present("offset");
        if (offset == null
                || !offset.isIntegralNumber()
                || !offset.canConvertToLong()
                || offset.longValue() < 0
                || offset.longValue() == Long.MAX_VALUE) {
            throw unprocessable("offset must be greater than or equal to 0");
        }
        return offset.longValue();
    }

    private static RestException unprocessable(String message) {
        return new RestException(RestError.ofStatus(422, message));
    }
}
