package io.fleuve.gateway.config;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The API's document. Summaries and shapes come from the controllers; examples are in {@code
 * examples.json} beside this class, and what every operation may fail with is added here.
 */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

    private static final String ERROR_SCHEMA = "Error";
    private static final String PROBLEM_SCHEMA = "Problem";
    private static final String ALIAS_PREFIX = "/kafka/v3";

    @Bean
    RecordSchemas recordSchemas() {
        return new RecordSchemas();
    }

    @Bean
    OpenApiCustomizer gatewayOpenApi(JsonMapper mapper, RecordSchemas schemas) {
        JsonNode examples = readExamples(mapper);
        return document -> {
            schemas.check();
            document.setInfo(
                    new Info()
                            .title("Fleuve gateway")
                            .version("0.1.0")
                            .description(
                                    """
                                    Kafka over HTTP: Confluent's REST API v3 and v2, stateless reads, server-sent events and requests that can be repeated. \
                                    Topic creation and health checks are where Strimzi's bridge has them, too. \
                                    Everything below `/v3` is served below `/kafka/v3` as well. Failures are \
                                    `{"error_code","message"}`, or RFC 9457 problems for clients that accept \
                                    `application/problem+json`.""")
                            .license(new License().name("Apache-2.0").identifier("Apache-2.0")));
            addErrorSchemas(document);
            document.getPaths().keySet().removeIf(path -> path.startsWith(ALIAS_PREFIX));
            document.getPaths().forEach((path, item) -> complete(path, item, examples));
        };
    }

    private static JsonNode readExamples(JsonMapper mapper) {
        try (InputStream in = OpenApiConfiguration.class.getResourceAsStream("examples.json")) {
            if (in == null) {
                throw new IllegalStateException("examples.json is missing from the jar");
            }
            return mapper.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void addErrorSchemas(OpenAPI document) {
        document.getComponents()
                .addSchemas(
                        ERROR_SCHEMA,
                        new ObjectSchema()
                                .addProperty("error_code", new IntegerSchema())
                                .addProperty("message", new StringSchema()))
                .addSchemas(
                        PROBLEM_SCHEMA,
                        new ObjectSchema()
                                .addProperty("type", new StringSchema())
                                .addProperty("title", new StringSchema())
                                .addProperty("status", new IntegerSchema())
                                .addProperty("detail", new StringSchema())
                                .addProperty("instance", new StringSchema())
                                .addProperty("error_code", new IntegerSchema()));
    }

    private static void complete(String path, PathItem item, JsonNode examples) {
        for (Map.Entry<HttpMethod, Operation> entry : item.readOperationsMap().entrySet()) {
            Operation operation = entry.getValue();
            JsonNode example = examples.path(entry.getKey() + " " + path);
            operation.setOperationId(operationId(operation));
            addExamples(operation, example);
            for (Map.Entry<String, ApiResponse> error : errorsOf(path, entry.getKey()).entrySet()) {
                operation.getResponses().putIfAbsent(error.getKey(), error.getValue());
            }
        }
    }

    /** The method's name, told apart from v3's where it is v2's: generated clients are named so. */
    private static String operationId(Operation operation) {
        String method = operation.getOperationId().replaceFirst("_\\d+$", "");
        boolean v2 = operation.getTags().stream().anyMatch(tag -> tag.startsWith("v2"));
        return v2
                ? "v2" + method.substring(0, 1).toUpperCase(Locale.ROOT) + method.substring(1)
                : method;
    }

    private static void addExamples(Operation operation, JsonNode example) {
        if (example.has("request") && operation.getRequestBody() != null) {
            operation
                    .getRequestBody()
                    .getContent()
                    .values()
                    .forEach(media -> media.setExample(toValue(example.get("request"))));
        }
        example.path("requests")
                .forEachEntry(
                        (mediaType, value) -> {
                            MediaType media =
                                    operation.getRequestBody().getContent().get(mediaType);
                            if (media != null) {
                                media.setExample(toValue(value));
                            }
                        });
        if (example.has("response")) {
            successOf(operation.getResponses())
                    .getContent()
                    .values()
                    .forEach(media -> media.setExample(toValue(example.get("response"))));
        }
    }

    private static ApiResponse successOf(ApiResponses responses) {
        return responses.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("2"))
                .map(Map.Entry::getValue)
                .filter(response -> response.getContent() != null)
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException("an operation has no success with a body"));
    }

    // Swagger's own model is written by the other generation of Jackson: hand it plain Java values.
    private static Object toValue(JsonNode node) {
        return new JsonMapper().convertValue(node, Object.class);
    }

    private static Map<String, ApiResponse> errorsOf(String path, HttpMethod method) {
        Map<String, ApiResponse> errors = new LinkedHashMap<>();
        if (path.equals("/")) {
            errors.put("406", error("No acceptable media type.", 406, "HTTP 406 Not Acceptable"));
            return errors;
        }
        if (path.equals("/healthy") || path.equals("/ready")) {
            return errors;
        }
        boolean records = path.contains("/records") || path.endsWith("/events");
        boolean body =
                method == HttpMethod.POST || method == HttpMethod.PUT || method == HttpMethod.PATCH;
        errors.put("406", error("No acceptable media type.", 406, "HTTP 406 Not Acceptable"));
        if (path.contains("{consumer_group_id}")
                && (method == HttpMethod.DELETE || path.endsWith(":reset"))) {
            errors.put(
                    "409",
                    error(
                            "The group has live members.",
                            40904,
                            "Consumer Group alerts has live members. Stop them first, then try again."));
        }
        if (body || path.contains("{") || path.startsWith("/v3/")) {
            errors.put(
                    "400",
                    error(
                            "The request is malformed.",
                            400,
                            "Bad Request: record must be an object, but is an array."));
        }
        if (path.contains("{")) {
            errors.put(
                    "404",
                    error(
                            "Something that the path names does not exist.",
                            40401,
                            "Topic not found."));
        }
        if (body) {
            errors.put(
                    "413",
                    error(
                            "The body or a record is too large.",
                            413,
                            "The request body is larger than the allowed 33554432 bytes."));
            errors.put(
                    "415",
                    error(
                            "The content type is not one of this operation.",
                            415,
                            "HTTP 415 Unsupported Media Type"));
            errors.put(
                    "422",
                    error(
                            "The body is well formed but cannot be used.",
                            42206,
                            "Payload error. Request body is empty. Data is required."));
        }
        if (method == HttpMethod.POST && (records || path.startsWith("/topics/"))) {
            errors.put(
                    "429",
                    error(
                            "Too many requests are producing; `Retry-After` says when to come back.",
                            42901,
                            "Too many requests are producing at this moment. Try again later."));
        }
        if (path.startsWith("/consumers")) {
            errors.putAll(errorsOfConsumers(path));
        }
        if (method == HttpMethod.GET && records && !path.startsWith("/consumers")) {
            errors.put(
                    "416",
                    error(
                            "The partition does not hold this offset.",
                            41601,
                            "Offset 7 is out of range: the partition holds offsets from 0 (inclusive) to 5 (exclusive)."));
        }
        errors.putIfAbsent(
                "429",
                error(
                        "This client sends more requests than it may; `Retry-After` says when to come back.",
                        429,
                        "This client sends more than the allowed 50 requests a second. Try again in 1 s."));
        errors.put(
                "500",
                error(
                        "The brokers failed: 50003 may be tried again, 50002 may not.",
                        50003,
                        "The brokers did not answer within 10000 ms."));
        errors.put(
                "503",
                error(
                        "No broker can be reached, or all consumers are in use; `Retry-After` says when to come back.",
                        50302,
                        "No resolvable bootstrap urls given in bootstrap.servers"));
        return errors;
    }

    private static Map<String, ApiResponse> errorsOfConsumers(String path) {
        Map<String, ApiResponse> errors = new LinkedHashMap<>();
        boolean instance = path.contains("{instance}");
        errors.put(
                "400",
                error(
                        "The request is malformed.",
                        400,
                        "Bad Request: request must be an object, but is an array."));
        if (instance) {
            errors.put(
                    "404",
                    error(
                            "There is no such consumer instance, or no such topic or partition.",
                            40403,
                            "Consumer instance not found."));
        }
        errors.put(
                "406",
                error(
                        "No acceptable media type, or not the format of the instance.",
                        40601,
                        "The requested embedded data format does not match the deserializer for this"
                                + " consumer instance"));
        errors.put(
                "409",
                instance
                        ? error(
                                "The state of the instance does not allow this.",
                                40903,
                                "Illegal state: Consumer is not subscribed to any topics or assigned"
                                        + " any partitions")
                        : error(
                                "There is an instance of this name.",
                                40902,
                                "Consumer with specified consumer ID already exists in the specified"
                                        + " consumer group."));
        errors.put(
                "429",
                error(
                        "There are as many instances as there may be.",
                        42901,
                        "This gateway runs the 100 consumer instances that it may. Delete one, or try"
                                + " again later."));
        return errors;
    }

    private static ApiResponse error(String description, int code, String message) {
        int status = code > 999 ? code / 100 : code;
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("type", "about:blank");
        problem.put("title", "Error");
        problem.put("status", status);
        problem.put("detail", message);
        problem.put("error_code", code);
        return new ApiResponse()
                .description(description)
                .content(
                        new Content()
                                .addMediaType(
                                        "application/json",
                                        media(
                                                ERROR_SCHEMA,
                                                Map.of("error_code", code, "message", message)))
                                .addMediaType(
                                        "application/problem+json",
                                        media(PROBLEM_SCHEMA, problem)));
    }

    private static MediaType media(String schema, Object value) {
        return new MediaType()
                .schema(new Schema<>().$ref("#/components/schemas/" + schema))
                .addExamples("error", new Example().value(value));
    }
}
