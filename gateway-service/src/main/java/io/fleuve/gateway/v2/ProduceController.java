package io.fleuve.gateway.v2;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fleuve.gateway.errors.ErrorCounter;
import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.format.EmbeddedFormat;
import io.fleuve.gateway.kafka.RecordProducer;
import io.fleuve.gateway.produce.FiniteBody;
import io.fleuve.gateway.produce.FiniteProduce;
import io.fleuve.gateway.produce.Preferences;
import io.fleuve.gateway.produce.TraceHeaders;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Producing in the shapes of v2; the format of keys and values is in the content type. */
@RestController
@Tag(name = "v2: records")
final class ProduceController {

    private final RecordProducer producer;
    private final FiniteProduce finite;
    private final ErrorCounter errors;
    private final JsonMapper mapper;

    ProduceController(
            RecordProducer producer, FiniteProduce finite, ErrorCounter errors, JsonMapper mapper) {
        this.producer = producer;
        this.finite = finite;
        this.errors = errors;
        this.mapper = mapper;
    }

    /** Where a record went, or why it did not; every member is always written. */
    record PartitionOffset(
            @JsonProperty("partition") @Nullable Integer partition,
            @JsonProperty("offset") @Nullable Long offset,
            @JsonProperty("error_code") @Nullable Integer errorCode,
            @JsonProperty("error") @Nullable String error) {}

    record ProduceAnswer(
            @JsonProperty("offsets") List<PartitionOffset> offsets,
            @JsonProperty("key_schema_id") @Nullable Integer keySchemaId,
            @JsonProperty("value_schema_id") @Nullable Integer valueSchemaId) {}

    @PostMapping(
            path = "/topics/{topic}",
            consumes = {
                MediaTypes.BINARY_RECORDS,
                MediaTypes.JSON_RECORDS,
                MediaTypes.TEXT_RECORDS
            },
            produces = {MediaTypes.JSON, MediaType.APPLICATION_JSON_VALUE})
    @Operation(
            summary = "Produce records to a topic",
            description =
                    """
                    Each record may name its partition; otherwise its key decides. The content type says how \
                    keys and values are written: base64, any JSON value, or text. Records may fail one by one: \
                    look at `error_code` of each.""",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            schema =
                                                    @Schema(
                                                            implementation =
                                                                    RecordsRequest.Document
                                                                            .class))))
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = ProduceAnswer.class)))
    ResponseEntity<byte[]> produceToTopic(
            @PathVariable("topic") String topic,
            @RequestHeader(HttpHeaders.CONTENT_TYPE) MediaType contentType,
            HttpServletRequest request)
            throws IOException {
        return produce(topic, null, contentType, request);
    }

    @PostMapping(
            path = "/topics/{topic}/partitions/{partition}",
            consumes = {
                MediaTypes.BINARY_RECORDS,
                MediaTypes.JSON_RECORDS,
                MediaTypes.TEXT_RECORDS
            },
            produces = {MediaTypes.JSON, MediaType.APPLICATION_JSON_VALUE})
    @Operation(
            summary = "Produce records to a partition",
            description = "The same for one partition; a record may still name another.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            schema =
                                                    @Schema(
                                                            implementation =
                                                                    RecordsRequest.Document
                                                                            .class))))
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = ProduceAnswer.class)))
    ResponseEntity<byte[]> produceToPartition(
            @PathVariable("topic") String topic,
            @PathVariable("partition") int partition,
            @RequestHeader(HttpHeaders.CONTENT_TYPE) MediaType contentType,
            HttpServletRequest request)
            throws IOException {
        return produce(topic, partition, contentType, request);
    }

    private ResponseEntity<byte[]> produce(
            String topic,
            @Nullable Integer partition,
            MediaType contentType,
            HttpServletRequest request)
            throws IOException {
        try (RecordProducer.Admission _ = producer.admit()) {
            byte[] body = FiniteBody.read(request, producer.limits());
            List<ProducerRecord<byte[], byte[]>> records =
                    RecordsRequest.read(
                            new ByteArrayInputStream(body),
                            topic,
                            partition,
                            formatOf(contentType),
                            producer.limits());
            records.forEach(TraceHeaders.of(request)::addTo);
            RecordsWork work = new RecordsWork(records, Preferences.strict(request), mapper);
            ResponseEntity<byte[]> answer = finite.carryOut(request, body, work);
            work.told().forEach(code -> errors.count("v2", code));
            return answer;
        }
    }

    private static EmbeddedFormat formatOf(MediaType contentType) {
        String type = contentType.getType() + "/" + contentType.getSubtype();
        return switch (type) {
            case MediaTypes.BINARY_RECORDS -> EmbeddedFormat.BINARY;
            case MediaTypes.JSON_RECORDS -> EmbeddedFormat.JSON;
            case MediaTypes.TEXT_RECORDS -> EmbeddedFormat.STRING;
            default ->
                    throw new RestException(
                            RestError.ofStatus(415, "HTTP 415 Unsupported Media Type"));
        };
    }
}
