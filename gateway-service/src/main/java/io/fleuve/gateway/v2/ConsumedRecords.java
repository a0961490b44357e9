package io.fleuve.gateway.v2;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.fleuve.gateway.consumers.InstanceConfig;
import io.fleuve.gateway.format.Decoded;
import io.fleuve.gateway.format.EmbeddedFormat;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The bodies of answers with records. */
final class ConsumedRecords {

    private ConsumedRecords() {}

    /**
     * Why a key or value is null though the record has one; {@code data} is its bytes in base64.
     */
    @Schema(name = "ConsumedFieldError")
    record FieldError(
            @JsonProperty("field") String field,
            @JsonProperty("message") String message,
            @JsonProperty("size") int size,
            @JsonProperty("data") String data) {}

    /** Confluent's shape, with errors only where there are some. */
    record Bare(
            @JsonProperty("topic") String topic,
            @JsonProperty("key") JsonNode key,
            @JsonProperty("value") JsonNode value,
            @JsonProperty("partition") int partition,
            @JsonProperty("offset") long offset,
            @JsonProperty("errors") @JsonInclude(JsonInclude.Include.NON_EMPTY)
                    List<FieldError> errors) {}

    @Schema(name = "ConsumedHeader")
    record RecordHeader(
            @JsonProperty("key") String key, @JsonProperty("value") @Nullable String value) {}

    /** Strimzi's shape: milliseconds since 1970, and headers where there are some. */
    record Full(
            @JsonProperty("topic") String topic,
            @JsonProperty("key") JsonNode key,
            @JsonProperty("value") JsonNode value,
            @JsonProperty("partition") int partition,
            @JsonProperty("offset") long offset,
            @JsonProperty("timestamp") long timestamp,
            @JsonProperty("headers") @JsonInclude(JsonInclude.Include.NON_EMPTY)
                    List<RecordHeader> headers,
            @JsonProperty("errors") @JsonInclude(JsonInclude.Include.NON_EMPTY)
                    List<FieldError> errors) {}

    static List<?> show(List<ConsumerRecord<byte[], byte[]>> records, InstanceConfig config) {
        EmbeddedFormat format = config.format();
        return switch (config.dialect()) {
            case CONFLUENT -> records.stream().map(record -> bare(record, format)).toList();
            case STRIMZI -> records.stream().map(record -> full(record, format)).toList();
        };
    }

    private static Bare bare(ConsumerRecord<byte[], byte[]> record, EmbeddedFormat format) {
        List<FieldError> errors = new ArrayList<>();
        return new Bare(
                record.topic(),
                show("key", record.key(), format, errors),
                show("value", record.value(), format, errors),
                record.partition(),
                record.offset(),
                errors);
    }

    private static Full full(ConsumerRecord<byte[], byte[]> record, EmbeddedFormat format) {
        List<FieldError> errors = new ArrayList<>();
        List<RecordHeader> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(
                    new RecordHeader(
                            header.key(),
                            header.value() == null
                                    ? null
                                    : Base64.getEncoder().encodeToString(header.value())));
        }
        return new Full(
                record.topic(),
                show("key", record.key(), format, errors),
                show("value", record.value(), format, errors),
                record.partition(),
                record.offset(),
                record.timestamp(),
                headers,
                errors);
    }

    private static JsonNode show(
            String field, byte @Nullable [] bytes, EmbeddedFormat format, List<FieldError> errors) {
        return switch (format.decode(bytes)) {
            case Decoded.Value(JsonNode json) -> json;
            case Decoded.Undecodable(String reason, int size, String base64) -> {
                errors.add(new FieldError(field, reason, size, base64));
                yield JsonNodeFactory.instance.nullNode();
            }
        };
    }
}
