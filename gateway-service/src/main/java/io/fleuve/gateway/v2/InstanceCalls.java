package io.fleuve.gateway.v2;

import io.fleuve.gateway.consumers.ConsumerInstance;
import io.fleuve.gateway.consumers.ConsumerInstances;
import io.fleuve.gateway.consumers.ConsumerLimits;
import io.fleuve.gateway.consumers.HopAnswer;
import io.fleuve.gateway.consumers.HopRequest;
import io.fleuve.gateway.consumers.InstanceConfig;
import io.fleuve.gateway.consumers.InstanceId;
import io.fleuve.gateway.consumers.InstanceRouter;
import io.fleuve.gateway.consumers.InstanceRouter.Served;
import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.format.BoundedInputStream;
import io.fleuve.gateway.format.LosslessJson;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;
import org.springframework.web.util.UriUtils;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What all operations on consumer instances have in common: the body is read whole, so that it can
 * be sent on, and the answer comes from here or from another gateway.
 */
public final class InstanceCalls {

    private static final List<String> FORWARDED_HEADERS =
            List.of(
                    HttpHeaders.ACCEPT,
                    HttpHeaders.CONTENT_TYPE,
                    HttpHeaders.AUTHORIZATION,
                    "traceparent",
                    "tracestate");

    private final InstanceRouter router;
    private final ConsumerLimits limits;
    private final @Nullable String advertisedUrl;
    private final Counter records;

    /** Links begin with {@code advertisedUrl}, or with what the client called if it is null. */
    public InstanceCalls(
            InstanceRouter router,
            ConsumerLimits limits,
            @Nullable String advertisedUrl,
            MeterRegistry registry) {
        this.router = router;
        this.limits = limits;
        this.advertisedUrl = advertisedUrl;
        this.records =
                Counter.builder("fleuve.gateway.consumers.records")
                        .description("Records given to clients of consumer instances")
                        .register(registry);
    }

    ConsumerLimits limits() {
        return limits;
    }

    ConsumerInstances instances() {
        return router.instances();
    }

    void countRecords(int count) {
        records.increment(count);
    }

    /** The work on an instance, with the body of the request. */
    @FunctionalInterface
    interface Operation {
        ResponseEntity<Object> apply(ConsumerInstance instance, Body body);
    }

    /** A request's body, parsed when it is asked for. */
    record Body(@SuppressWarnings("ArrayRecordComponent") byte[] bytes) { // never compared

        /** Null if there is no body, or if it is the JSON null. */
        @Nullable JsonNode json() {
            try {
                JsonNode root = bytes.length == 0 ? null : LosslessJson.read(bytes);
                return root == null || root.isNull() || root.isMissingNode() ? null : root;
            } catch (JacksonException e) {
                throw new RestException(RestError.badRequest(LosslessJson.explain(e) + "."));
            }
        }

        JsonNode required() {
            JsonNode root = json();
            if (root == null) {
                throw new RestException(
                        RestError.ofStatus(422, "The request body must not be empty"));
            }
            return root;
        }
    }

    /** An operation that does not wait for records. */
    ResponseEntity<Object> call(InstanceId id, HttpServletRequest request, Operation operation)
            throws IOException {
        return call(id, request, _ -> Duration.ZERO, operation);
    }

    ResponseEntity<Object> call(
            InstanceId id,
            HttpServletRequest request,
            Function<InstanceConfig, Duration> waits,
            Operation operation)
            throws IOException {
        Body body = readBody(request);
        Served<ResponseEntity<Object>> served =
                router.call(
                        id,
                        toHop(request, body),
                        waits,
                        instance -> operation.apply(instance, body));
        return switch (served) {
            case Served.Here<ResponseEntity<Object>>(ResponseEntity<Object> answer) -> answer;
            case Served.Elsewhere<ResponseEntity<Object>>(HopAnswer answer) -> toEntity(answer);
        };
    }

    Body readBody(HttpServletRequest request) throws IOException {
        byte[] bytes =
                new BoundedInputStream(
                                request.getInputStream(),
                                limits.maxRequestSize().toBytes(),
                                "request body")
                        .readAllBytes();
        if (bytes.length > 0 && !isKafkaJson(request.getContentType())) {
            throw new RestException(RestError.ofStatus(415, "HTTP 415 Unsupported Media Type"));
        }
        return new Body(bytes);
    }

    private static boolean isKafkaJson(@Nullable String contentType) {
        if (contentType == null) {
            return true;
        }
        try {
            MediaType type = MediaType.parseMediaType(contentType);
            return MediaTypes.isKafkaJson(type);
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }

    private static HopRequest toHop(HttpServletRequest request, Body body) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name : FORWARDED_HEADERS) {
            String value = request.getHeader(name);
            if (value != null) {
                headers.put(name, value);
            }
        }
        String query = request.getQueryString();
        return new HopRequest(
                request.getMethod(),
                request.getRequestURI() + (query == null ? "" : "?" + query),
                headers,
                body.bytes(),
                request.getHeader(HopRequest.HEADER) != null);
    }

    private static ResponseEntity<Object> toEntity(HopAnswer answer) {
        HttpHeaders headers = new HttpHeaders();
        answer.headers().forEach(headers::set);
        ResponseEntity.BodyBuilder builder =
                ResponseEntity.status(answer.status()).headers(headers);
        return answer.body().length == 0 ? builder.build() : builder.body(answer.body());
    }

    /** Where the client finds the instance. */
    String baseUri(HttpServletRequest request, InstanceId id) {
        String base =
                advertisedUrl != null
                        ? advertisedUrl
                        : ServletUriComponentsBuilder.fromContextPath(request)
                                .build()
                                .toUriString();
        return base
                + "/consumers/"
                + UriUtils.encodePathSegment(id.group(), StandardCharsets.UTF_8)
                + "/instances/"
                + UriUtils.encodePathSegment(id.name(), StandardCharsets.UTF_8);
    }
}
