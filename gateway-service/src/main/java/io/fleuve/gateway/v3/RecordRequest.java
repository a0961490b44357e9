package io.fleuve.gateway.v3;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.format.EmbeddedFormat;
import io.fleuve.gateway.format.JsonFields;
import io.fleuve.gateway.v3.Resources.ProducedData;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A record as a v3 client asks for it.
 *
 * <p>{@code {"partition_id"?, "headers"?: [{"name", "value": base64|null}], "key"?: {"type",
 * "data"}, "value"?: {"type", "data"}, "timestamp"?: RFC 3339}}. JSON null as data, or no value at
 * all, makes a tombstone.
 *
 * @param keyFormat null if there is no key member
 * @param valueFormat null if there is no value member
 */
record RecordRequest(
        ProducerRecord<byte[], byte[]> record,
        @Nullable EmbeddedFormat keyFormat,
        @Nullable EmbeddedFormat valueFormat) {

    private static final Set<String> FIELDS =
            Set.of("partition_id", "headers", "key", "value", "timestamp");
    private static final Set<String> ENTRY_FIELDS = with(FIELDS, "id");
    private static final Set<String> ATOMIC_ENTRY_FIELDS = with(ENTRY_FIELDS, "topic_name");
    private static final List<String> SCHEMA_FIELDS =
            List.of("subject_name_strategy", "subject", "schema_id", "schema_version", "schema");
    private static final Set<String> DATA_FIELDS = with(Set.copyOf(SCHEMA_FIELDS), "type", "data");
    private static final Set<String> SCHEMA_TYPES = Set.of("AVRO", "JSONSCHEMA", "PROTOBUF");

    /** The shape of a record, for the API's document alone. */
    @Schema(name = "ProduceRequest")
    record Document(
            @JsonProperty("partition_id") @Nullable Integer partitionId,
            @JsonProperty("headers") @Nullable List<HeaderDocument> headers,
            @JsonProperty("key") @Nullable DataDocument key,
            @JsonProperty("value") @Nullable DataDocument value,
            @JsonProperty("timestamp") @Nullable String timestamp) {}

    @Schema(name = "ProduceRequestHeader")
    record HeaderDocument(
            @JsonProperty("name") String name, @JsonProperty("value") @Nullable String value) {}

    @Schema(name = "ProduceRequestData")
    record DataDocument(
            @JsonProperty("type") EmbeddedFormat type,
            @JsonProperty("data") @Nullable Object data) {}

    /** The shape of a batch, for the API's document alone. */
    @Schema(name = "ProduceBatchRequest")
    record BatchDocument(
            @JsonProperty("entries") List<EntryDocument> entries,
            @JsonProperty("atomic") @Nullable Boolean atomic) {}

    @Schema(name = "ProduceBatchRequestEntry")
    record EntryDocument(
            @JsonProperty("id") String id,
            @JsonProperty("topic_name") @Nullable String topicName,
            @JsonProperty("partition_id") @Nullable Integer partitionId,
            @JsonProperty("headers") @Nullable List<HeaderDocument> headers,
            @JsonProperty("key") @Nullable DataDocument key,
            @JsonProperty("value") @Nullable DataDocument value,
            @JsonProperty("timestamp") @Nullable String timestamp) {}

    /** A key or a value: how it was written, and what it is. */
    private static final class Data {
        private final @Nullable EmbeddedFormat format;
        private final byte @Nullable [] bytes;

        Data(@Nullable EmbeddedFormat format, byte @Nullable [] bytes) {
            this.format = format;
            this.bytes = bytes;
        }
    }

    /**
     * Reads a record of a stream.
     *
     * @throws RestException if it cannot be sent as it is: 400, 40402 or 42206
     */
    static RecordRequest parse(String topic, JsonNode node) {
        return parse(topic, JsonFields.of(node, "record", FIELDS));
    }

    /** Reads an entry of a batch, whose id has been checked. */
    static RecordRequest parseEntry(String topic, JsonNode node) {
        return parse(topic, JsonFields.of(node, "entry", ENTRY_FIELDS));
    }

    /** Reads an entry of an atomic batch, which may name a topic of its own. */
    static RecordRequest parseAtomicEntry(String topic, JsonNode node) {
        JsonFields fields = JsonFields.of(node, "entry", ATOMIC_ENTRY_FIELDS);
        String own = fields.string("topic_name");
        if (own != null && own.isEmpty()) {
            throw new RestException(RestError.badRequest("entry.topic_name must not be empty."));
        }
        return parse(own == null ? topic : own, fields);
    }

    private static RecordRequest parse(String topic, JsonFields fields) {
        Integer partition = fields.integer("partition_id");
        if (partition != null && partition < 0) {
            throw new RestException(RestError.partitionNotFound());
        }
        List<Header> headers = fields.headers("headers", "name");
        Long timestamp = fields.timestamp("timestamp");
        Data key = data(fields, "key");
        Data value = data(fields, "value");
        return new RecordRequest(
                new ProducerRecord<>(
                        topic,
                        partition,
                        timestamp == null ? System.currentTimeMillis() : timestamp,
                        key.bytes,
                        value.bytes,
                        headers),
                key.format,
                value.format);
    }

    private static Data data(JsonFields fields, String name) {
        JsonNode node = fields.present(name);
        if (node == null) {
            return new Data(null, null);
        }
        JsonFields data = JsonFields.of(node, name, DATA_FIELDS);
        String type = data.string("type");
        if (type == null || SCHEMA_TYPES.contains(type)) {
            throw new RestException(
                    RestError.invalidPayload(
                            "Schema Registry must be configured when using schemas."));
        }
        EmbeddedFormat format = format(name, type);
        for (String field : SCHEMA_FIELDS) {
            if (data.present(field) != null) {
                throw new RestException(
                        RestError.badRequest(
                                "'type=%s' cannot be used with '%s'.".formatted(format, field)));
            }
        }
        JsonNode content = data.raw("data");
        if (content == null) {
            throw new RestException(
                    RestError.badRequest(name + ".data is required; null makes it empty."));
        }
        return new Data(format, format.encode(content));
    }

    private static EmbeddedFormat format(String name, String type) {
        for (EmbeddedFormat format : EmbeddedFormat.values()) {
            if (format.name().equals(type)) {
                return format;
            }
        }
        throw new RestException(
                RestError.badRequest(
                        "%s.type must be one of BINARY, JSON, STRING, but is %s."
                                .formatted(name, type)));
    }

    /** How the receipt describes the key, if there was one; Kafka counts null as size -1. */
    @Nullable ProducedData producedKey(int size) {
        return keyFormat == null ? null : new ProducedData(keyFormat.name(), size);
    }

    /** How the receipt describes the value, if there was one; Kafka counts null as size -1. */
    @Nullable ProducedData producedValue(int size) {
        return valueFormat == null ? null : new ProducedData(valueFormat.name(), size);
    }

    private static Set<String> with(Set<String> set, String... more) {
        Set<String> all = new HashSet<>(set);
        all.addAll(List.of(more));
        return Set.copyOf(all);
    }
}
