package io.fleuve.gateway.read;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.fleuve.gateway.format.Decoded;
import io.fleuve.gateway.format.EmbeddedFormat;
import io.fleuve.gateway.kafka.PartitionReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The bodies of read answers, and how records become them. */
public final class Records {

    private Records() {}

    record Page(
            @JsonProperty("records") List<FullRecord> records,
            @JsonProperty("next_offset") long nextOffset,
            @JsonProperty("begin_offset") long beginOffset,
            @JsonProperty("end_offset") long endOffset) {}

    /** A header, its value in base64. */
    public record RecordHeader(
            @JsonProperty("name") String name, @JsonProperty("value") @Nullable String value) {}

    /**
     * Why a key or value is null though the record has one.
     *
     * @param data its bytes in base64; absent when they are too many
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record FieldError(
            @JsonProperty("field") String field,
            @JsonProperty("message") String message,
            @JsonProperty("size") int size,
            @JsonProperty("data") @Nullable String data) {}

    /** A record with everything that is known of it. */
    public record FullRecord(
            @JsonProperty("topic") String topic,
            @JsonProperty("partition") int partition,
            @JsonProperty("offset") long offset,
            @JsonProperty("timestamp") @Nullable String timestamp,
            @JsonProperty("timestamp_type") String timestampType,
            @JsonProperty("key") JsonNode key,
            @JsonProperty("value") JsonNode value,
            @JsonProperty("headers") List<RecordHeader> headers,
            @JsonProperty("errors") @JsonInclude(JsonInclude.Include.NON_EMPTY)
                    List<FieldError> errors) {}

    /** A record in Redpanda's shape, with errors only where there are some. */
    record BareRecord(
            @JsonProperty("topic") String topic,
            @JsonProperty("key") JsonNode key,
            @JsonProperty("value") JsonNode value,
            @JsonProperty("partition") int partition,
            @JsonProperty("offset") long offset,
            @JsonProperty("errors") @JsonInclude(JsonInclude.Include.NON_EMPTY)
                    List<FieldError> errors) {}

    static Page toPage(PartitionReader.Page page, Formats formats, int maxBytes) {
        return new Page(
                page.records().stream().map(record -> toFull(record, formats, maxBytes)).toList(),
                page.nextOffset(),
                page.beginOffset(),
                page.endOffset());
    }

    static List<BareRecord> toBare(PartitionReader.Page page, Formats formats, int maxBytes) {
        return page.records().stream()
                .map(
                        record -> {
                            Content content = Content.of(record, formats, maxBytes);
                            return new BareRecord(
                                    record.topic(),
                                    content.key(),
                                    content.value(),
                                    record.partition(),
                                    record.offset(),
                                    content.errors());
                        })
                .toList();
    }

    /**
     * A record as answers and events show it.
     *
     * @param maxBytes beyond which a record's value is left out, and named in its errors
     */
    public static FullRecord toFull(
            ConsumerRecord<byte[], byte[]> record, Formats formats, int maxBytes) {
        Content content = Content.of(record, formats, maxBytes);
        List<RecordHeader> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(
                    new RecordHeader(
                            header.key(),
                            header.value() == null
                                    ? null
                                    : Base64.getEncoder().encodeToString(header.value())));
        }
        return new FullRecord(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp() < 0 ? null : Instant.ofEpochMilli(record.timestamp()).toString(),
                record.timestampType().toString(),
                content.key(),
                content.value(),
                headers,
                content.errors());
    }

    /** Key and value as far as they can be shown. */
    private record Content(JsonNode key, JsonNode value, List<FieldError> errors) {

        static Content of(ConsumerRecord<byte[], byte[]> record, Formats formats, int maxBytes) {
            List<FieldError> errors = new ArrayList<>();
            boolean oversized = PartitionReader.sizeOf(record) > maxBytes;
            JsonNode key = show("key", record.key(), formats.key(), oversized, maxBytes, errors);
            JsonNode value =
                    show("value", record.value(), formats.value(), oversized, maxBytes, errors);
            return new Content(key, value, errors);
        }

        private static JsonNode show(
                String field,
                byte @Nullable [] bytes,
                EmbeddedFormat format,
                boolean oversized,
                int maxBytes,
                List<FieldError> errors) {
            // Of an oversized record the key is usually small, and shows which record it is.
            if (bytes != null && oversized && (field.equals("value") || bytes.length > maxBytes)) {
                errors.add(
                        new FieldError(
                                field,
                                "the record is larger than max_bytes=%d; ask for more to see it"
                                        .formatted(maxBytes),
                                bytes.length,
                                null));
                return JsonNodeFactory.instance.nullNode();
            }
            return switch (format.decode(bytes)) {
                case Decoded.Value(JsonNode json) -> json;
                case Decoded.Undecodable(String reason, int size, String base64) -> {
                    errors.add(new FieldError(field, reason, size, base64));
                    yield JsonNodeFactory.instance.nullNode();
                }
            };
        }
    }
}
