package io.fleuve.gateway.v2;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fleuve.gateway.errors.ErrorCounter;
import io.fleuve.gateway.errors.KafkaErrors;
import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.format.EmbeddedFormat;
import io.fleuve.gateway.kafka.RecordProducer;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Producing in the shapes of v2; the format of keys and values is in the content type. */
@RestController
@Tag(name = "v2: records")
final class ProduceController {

    private final RecordProducer producer;
    private final ErrorCounter errors;

    ProduceController(RecordProducer producer, ErrorCounter errors) {
        this.producer = producer;
        this.errors = errors;
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
    ResponseEntity<ProduceAnswer> produceToTopic(
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
    ResponseEntity<ProduceAnswer> produceToPartition(
            @PathVariable("topic") String topic,
            @PathVariable("partition") int partition,
            @RequestHeader(HttpHeaders.CONTENT_TYPE) MediaType contentType,
            HttpServletRequest request)
            throws IOException {
        return produce(topic, partition, contentType, request);
    }

    private ResponseEntity<ProduceAnswer> produce(
            String topic,
            @Nullable Integer partition,
            MediaType contentType,
            HttpServletRequest request)
            throws IOException {
        try (RecordProducer.Admission _ = producer.admit()) {
            List<ProducerRecord<byte[], byte[]>> records =
                    RecordsRequest.read(
                            request.getInputStream(),
                            topic,
                            partition,
                            formatOf(contentType),
                            producer.limits());
            List<CompletableFuture<RecordMetadata>> sent =
                    records.stream().map(producer::send).toList();
            List<PartitionOffset> offsets = new ArrayList<>(sent.size());
            for (CompletableFuture<RecordMetadata> acknowledged : sent) {
                offsets.add(report(acknowledged));
            }
            return ResponseEntity.status(statusOf(offsets))
                    .body(new ProduceAnswer(offsets, null, null));
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

    private PartitionOffset report(CompletableFuture<RecordMetadata> acknowledged) {
        try {
            RecordMetadata metadata = producer.await(acknowledged);
            return new PartitionOffset(metadata.partition(), metadata.offset(), null, null);
        } catch (ExecutionException | RuntimeException e) {
            Throwable cause = KafkaErrors.unwrap(e);
            // A topic that does not exist fails the request, as the published API has it.
            if (cause instanceof RestException refusal) {
                throw refusal;
            }
            RestError error = KafkaErrors.toRestError(cause);
            if (error == null) {
                throw new IllegalStateException("producing failed in an unknown way", cause);
            }
            int code = codeOf(cause, error);
            errors.count("v2", code);
            return new PartitionOffset(null, null, code, error.message());
        }
    }

    // v2 tells only four kinds apart, so that a client knows whether to try the record again.
    private static int codeOf(Throwable cause, RestError error) {
        return switch (error.errorCode()) {
            case RestError.AUTHENTICATION, RestError.AUTHORIZATION -> error.errorCode();
            default ->
                    cause instanceof RetriableException
                            ? RestError.KAFKA_RETRIABLE
                            : cause instanceof KafkaException ? RestError.KAFKA : error.errorCode();
        };
    }

    private static int statusOf(List<PartitionOffset> offsets) {
        for (PartitionOffset offset : offsets) {
            Integer code = offset.errorCode();
            if (code != null && code == RestError.AUTHENTICATION) {
                return 401;
            }
            if (code != null && code == RestError.AUTHORIZATION) {
                return 403;
            }
        }
        return 200;
    }
}
