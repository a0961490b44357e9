package io.fleuve.gateway.v2;

import io.fleuve.gateway.consumers.ConsumerInstance;
import io.fleuve.gateway.consumers.ConsumerLimits;
import io.fleuve.gateway.consumers.Dialect;
import io.fleuve.gateway.consumers.InstanceConfig;
import io.fleuve.gateway.consumers.InstanceId;
import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Records of a consumer instance. */
@RestController
@Tag(name = "v2: consumers")
final class ConsumerRecordController {

    // As long as Strimzi's bridge waits for a request that does not say.
    private static final Duration STRIMZI_TIMEOUT = Duration.ofMillis(100);
    private static final MediaType V2_JSON = MediaType.parseMediaType(MediaTypes.JSON);

    private final InstanceCalls calls;

    ConsumerRecordController(InstanceCalls calls) {
        this.calls = calls;
    }

    @GetMapping("/consumers/{group}/instances/{instance}/records")
    @Operation(
            summary = "Fetch records",
            description =
                    """
                    The next records of what the instance reads. Asking again says that the records before \
                    have arrived: with automatic commits they are committed then. The answer waits for \
                    `fetch.min.bytes`, or for its whole time if the instance has no such number. A tombstone's \
                    value is null. A key or value that is not of the instance's format is null and explained in \
                    the record's `errors`, with its bytes in base64. `Accept` names the format of the instance, \
                    or any.""")
    @ApiResponse(
            responseCode = "200",
            description = "The records, in order within each partition; none if the time was over.",
            content = {
                @Content(
                        mediaType = MediaTypes.BINARY_RECORDS,
                        array =
                                @ArraySchema(
                                        schema =
                                                @Schema(
                                                        implementation =
                                                                ConsumedRecords.Bare.class))),
                @Content(
                        mediaType = MediaTypes.JSON_RECORDS,
                        array =
                                @ArraySchema(
                                        schema =
                                                @Schema(
                                                        implementation =
                                                                ConsumedRecords.Bare.class))),
                @Content(
                        mediaType = MediaTypes.TEXT_RECORDS,
                        array =
                                @ArraySchema(
                                        schema =
                                                @Schema(
                                                        implementation =
                                                                ConsumedRecords.Full.class)))
            })
    ResponseEntity<Object> records(
            @PathVariable("group") String group,
            @PathVariable("instance") String name,
            @Parameter(
                            description =
                                    "The longest to wait, in milliseconds; no longer than the instance's"
                                            + " `consumer.request.timeout.ms`.",
                            example = "3000")
                    @RequestParam(name = "timeout", required = false)
                    @Nullable Long timeout,
            @Parameter(
                            description =
                                    "The most bytes of keys and values; one record is always given.",
                            example = "300000")
                    @RequestParam(name = "max_bytes", required = false)
                    @Nullable Long maxBytes,
            HttpServletRequest request)
            throws IOException {
        return calls.call(
                new InstanceId(group, name),
                request,
                config -> timeout(timeout, config),
                (instance, _) -> {
                    MediaType type = negotiate(request, instance.config());
                    return ResponseEntity.ok()
                            .contentType(type)
                            .body(read(instance, timeout, maxBytes));
                });
    }

    private List<?> read(
            ConsumerInstance instance, @Nullable Long timeout, @Nullable Long maxBytes) {
        InstanceConfig config = instance.config();
        ConsumerLimits limits = calls.limits();
        long most = limits.maxResponseSize().toBytes();
        List<ConsumerRecord<byte[], byte[]>> records =
                instance.read(
                        timeout(timeout, config),
                        maxBytes == null || maxBytes <= 0 ? most : Math.min(maxBytes, most),
                        minBytes(config));
        calls.countRecords(records.size());
        return ConsumedRecords.show(records, config);
    }

    private int minBytes(InstanceConfig config) {
        if (config.fetchMinBytes() != null) {
            return config.fetchMinBytes();
        }
        return switch (config.dialect()) {
            case CONFLUENT -> calls.limits().fetchMinBytes();
            case STRIMZI -> 1;
        };
    }

    private Duration timeout(@Nullable Long requested, InstanceConfig config) {
        ConsumerLimits limits = calls.limits();
        Duration timeout =
                switch (config.dialect()) {
                    case CONFLUENT -> {
                        Duration own =
                                config.requestTimeoutMs() == null
                                        ? limits.requestTimeout()
                                        : Duration.ofMillis(config.requestTimeoutMs());
                        yield requested == null || requested <= 0
                                ? own
                                : shorter(Duration.ofMillis(requested), own);
                    }
                    // There consumer.request.timeout.ms is about brokers, not about the answer.
                    case STRIMZI ->
                            requested == null
                                    ? STRIMZI_TIMEOUT
                                    : Duration.ofMillis(Math.max(0, requested));
                };
        return shorter(timeout, limits.maxRequestTimeout());
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static MediaType negotiate(HttpServletRequest request, InstanceConfig config) {
        MediaType own = MediaTypes.ofRecords(config.format());
        List<MediaType> accepted = accepted(request);
        if (accepted.isEmpty() || accepted.stream().anyMatch(type -> type.includes(own))) {
            return own;
        }
        for (MediaType general : List.of(V2_JSON, MediaType.APPLICATION_JSON)) {
            if (accepted.stream().anyMatch(type -> type.equalsTypeAndSubtype(general))) {
                return general;
            }
        }
        if (accepted.stream().noneMatch(MediaTypes::isKafkaJson)) {
            throw new RestException(RestError.ofStatus(406, "HTTP 406 Not Acceptable"));
        }
        throw new RestException(
                config.dialect() == Dialect.STRIMZI
                        ? RestError.ofStatus(
                                406,
                                "Consumer format does not match the embedded format requested by the Accept header.")
                        : new RestError(
                                406,
                                40601,
                                "The requested embedded data format does not match the deserializer for this consumer instance"));
    }

    private static List<MediaType> accepted(HttpServletRequest request) {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        try {
            return accept == null ? List.of() : MediaType.parseMediaTypes(accept);
        } catch (InvalidMediaTypeException e) {
            throw new RestException(RestError.ofStatus(406, "HTTP 406 Not Acceptable"));
        }
    }
}
