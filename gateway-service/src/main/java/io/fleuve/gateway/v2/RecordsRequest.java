package io.fleuve.gateway.v2;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.format.BoundedInputStream;
import io.fleuve.gateway.format.EmbeddedFormat;
import io.fleuve.gateway.format.JsonFields;
import io.fleuve.gateway.format.LosslessJson;
import io.fleuve.gateway.kafka.ProduceLimits;
import io.swagger.v3.oas.annotations.media.Schema;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The body of a v2 produce request: {@code {"records": [{"key"?, "value"?, "partition"?}]}}, and as
 * in Strimzi's bridge {@code "headers": [{"key", "value": base64}]} and {@code "timestamp"} in
 * milliseconds.
 */
final class RecordsRequest {

    private static final Set<String> FIELDS =
            Set.of("records", "key_schema", "key_schema_id", "value_schema", "value_schema_id");
    private static final Set<String> RECORD_FIELDS =
            Set.of("key", "value", "partition", "headers", "timestamp");

    private RecordsRequest() {}

    /** The shape of the body, for the API's document alone. */
    @Schema(name = "V2ProduceRequest")
    record Document(@JsonProperty("records") List<RecordDocument> records) {}

    record RecordDocument(
            @JsonProperty("key") @Nullable Object key,
            @JsonProperty("value") @Nullable Object value,
            @JsonProperty("partition") @Nullable Integer partition,
            @JsonProperty("headers") @Nullable List<HeaderDocument> headers,
            @JsonProperty("timestamp") @Nullable Long timestamp) {}

    record HeaderDocument(
            @JsonProperty("key") String key, @JsonProperty("value") @Nullable String value) {}

    /**
     * Reads a body whole: either every record can be sent or none is.
     *
     * @param partition where records go that name no partition themselves
     * @throws RestException 400, 413 or 422
     */
    static List<ProducerRecord<byte[], byte[]>> read(
            InputStream body,
            String topic,
            @Nullable Integer partition,
            EmbeddedFormat format,
            ProduceLimits limits) {
        JsonNode root = readRoot(body, limits);
        if (root.isMissingNode() || root.isNull()) {
            throw new RestException(RestError.ofStatus(422, "The request body must not be empty"));
        }
        List<JsonNode> nodes = JsonFields.of(root, "request", FIELDS).array("records");
        if (nodes.isEmpty()) {
            throw new RestException(RestError.ofStatus(422, "records must not be empty"));
        }
        if (nodes.size() > limits.maxRecordsPerRequest()) {
            throw new RestException(
                    RestError.tooLarge(
                            "The request has %d records; %d are allowed."
                                    .formatted(nodes.size(), limits.maxRecordsPerRequest())));
        }
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(nodes.size());
        for (int i = 0; i < nodes.size(); i++) {
            JsonFields fields = JsonFields.of(nodes.get(i), "records[" + i + "]", RECORD_FIELDS);
            records.add(toRecord(fields, topic, partition, format));
        }
        return records;
    }

    private static JsonNode readRoot(InputStream body, ProduceLimits limits) {
        try {
            return LosslessJson.read(
                    new BoundedInputStream(
                            body, limits.maxRequestSize().toBytes(), "request body"));
        } catch (JacksonException e) {
            throw new RestException(RestError.ofStatus(400, LosslessJson.explain(e)));
        }
    }

    private static ProducerRecord<byte[], byte[]> toRecord(
            JsonFields fields, String topic, @Nullable Integer partition, EmbeddedFormat format) {
        Integer own = fields.integer("partition");
        Integer target = own == null ? partition : own;
        if (target != null && target < 0) {
            throw new RestException(RestError.partitionNotFound());
        }
        return new ProducerRecord<>(
                topic,
                target,
                timestamp(fields),
                encode(fields, "key", format),
                encode(fields, "value", format),
                fields.headers("headers", "key"));
    }

    private static byte @Nullable [] encode(JsonFields fields, String name, EmbeddedFormat format) {
        JsonNode data = fields.present(name);
        return data == null ? null : format.encode(data);
    }

    private static long timestamp(JsonFields fields) {
        JsonNode timestamp = fields.present("timestamp");
        if (timestamp == null) {
            return System.currentTimeMillis();
        }
        if (!timestamp.isIntegralNumber()
                || !timestamp.canConvertToLong()
                || timestamp.longValue() < 0) {
            throw new RestException(
                    RestError.badRequest(
                            "records.timestamp must be milliseconds since 1970, but is "
                                    + timestamp
                                    + "."));
        }
        return timestamp.longValue();
    }
}
