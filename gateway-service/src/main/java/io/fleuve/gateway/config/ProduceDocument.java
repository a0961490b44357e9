package io.fleuve.gateway.config;

import io.fleuve.gateway.idempotency.IdempotencyErrors;
import io.fleuve.gateway.idempotency.IdempotencyKey;
import io.fleuve.gateway.idempotency.IdempotencySettings;
import io.fleuve.gateway.produce.FiniteProduce;
import io.fleuve.gateway.produce.HonestStatus;
import io.fleuve.gateway.produce.Preferences;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.Map;
import java.util.regex.Pattern;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the API's document says of all ways to produce alike. */
@Configuration(proxyBeanMethods = false)
class ProduceDocument {

    private static final Pattern PRODUCES =
            Pattern.compile(
                    "/v3/clusters/\\{[^/]+}/topics/\\{[^/]+}/records(:batch)?"
                            + "|/topics/\\{[^/]+}(/partitions/\\{[^/]+})?");

    @Bean
    OpenApiCustomizer produceOpenApi(GatewayProperties properties) {
        return document ->
                document.getPaths()
                        .forEach(
                                (path, item) -> {
                                    if (PRODUCES.matcher(path).matches()
                                            && item.getPost() != null) {
                                        complete(item.getPost(), properties.idempotency());
                                    }
                                });
    }

    private static void complete(Operation operation, IdempotencySettings settings) {
        operation.addParametersItem(
                new HeaderParameter()
                        .name(IdempotencyKey.HEADER)
                        .description(
                                """
                                Makes repeating the request safe \
                                (draft-ietf-httpapi-idempotency-key-header-07): within %d seconds the same \
                                request with the same key gets the first answer, with `%s: true`, through any \
                                gateway. A request that wrote nothing is not remembered."""
                                        .formatted(
                                                settings.expiry().toSeconds(),
                                                FiniteProduce.REPLAYED_HEADER))
                        .schema(new StringSchema())
                        .example("\"8e03978e-40d5-43dd-bc93-6894a57f9324\""));
        operation.addParametersItem(
                new HeaderParameter()
                        .name("Prefer")
                        .description(
                                "`"
                                        + Preferences.STRICT
                                        + "`: the failure of a lone record is the status of the answer.")
                        .schema(new StringSchema()));
        operation.addParametersItem(
                new HeaderParameter()
                        .name("traceparent")
                        .description(
                                "W3C trace context; with `tracestate` it becomes a header of each record that"
                                        + " has none.")
                        .schema(new StringSchema()));
        operation
                .getResponses()
                .addApiResponse(
                        "409",
                        new ApiResponse()
                                .description(
                                        "A request with this key is under way; `Retry-After` says when to come"
                                                + " back.")
                                .content(
                                        error(
                                                "Conflict",
                                                IdempotencyErrors.IN_FLIGHT,
                                                "A request with this Idempotency-Key is being processed. Try again"
                                                        + " later.")));
        operation
                .getResponses()
                .addApiResponse(
                        "504",
                        new ApiResponse()
                                .description(
                                        "With `"
                                                + Preferences.STRICT
                                                + "` or `\"atomic\": true`: the brokers can be reached, but did"
                                                + " not acknowledge in time. (503 is the answer then if none can be"
                                                + " reached.)")
                                .content(
                                        error(
                                                "Gateway Timeout",
                                                HonestStatus.TIMEOUT,
                                                "Expiring 1 record(s) for temperature-data-0:15000 ms has passed since"
                                                        + " batch creation")));
        operation
                .getResponses()
                .forEach(
                        (status, response) -> {
                            if (status.startsWith("2")) {
                                addHeaders(response);
                            }
                        });
    }

    private static void addHeaders(ApiResponse response) {
        response.addHeaderObject(
                FiniteProduce.REPLAYED_HEADER,
                new Header()
                        .description("true if this is the answer of an earlier request")
                        .schema(new StringSchema()));
        response.addHeaderObject(
                FiniteProduce.EXPIRY_HEADER,
                new Header()
                        .description("seconds that the key is remembered, at least")
                        .schema(new IntegerSchema()));
        response.addHeaderObject(
                Preferences.APPLIED_HEADER,
                new Header()
                        .description("the preference that was applied")
                        .schema(new StringSchema()));
    }

    private static Content error(String title, int code, String message) {
        return new Content()
                .addMediaType(
                        "application/json",
                        media("Error", Map.of("error_code", code, "message", message)))
                .addMediaType(
                        "application/problem+json",
                        media(
                                "Problem",
                                Map.of(
                                        "type",
                                        "about:blank",
                                        "title",
                                        title,
                                        "status",
                                        code / 100,
                                        "detail",
                                        message,
                                        "error_code",
                                        code)));
    }

    private static MediaType media(String schema, Map<String, Object> example) {
        return new MediaType()
                .schema(new Schema<>().$ref("#/components/schemas/" + schema))
                .addExamples("error", new Example().value(example));
    }
}
