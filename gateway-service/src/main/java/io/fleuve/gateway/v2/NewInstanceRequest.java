package io.fleuve.gateway.v2;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fleuve.gateway.consumers.Dialect;
import io.fleuve.gateway.consumers.InstanceConfig;
import io.fleuve.gateway.consumers.InstanceErrors;
import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.format.EmbeddedFormat;
import io.fleuve.gateway.format.JsonFields;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The body that creates an instance, in Confluent's spelling or in Strimzi's. A member that only
 * Strimzi's bridge has shows that its API is spoken.
 *
 * @param name the name that was given or made up
 */
record NewInstanceRequest(String name, InstanceConfig config) {

    private static final String AUTO_COMMIT = "auto.commit.enable";
    private static final String STRIMZI_AUTO_COMMIT = "enable.auto.commit";
    private static final String ISOLATION_LEVEL = "isolation.level";
    private static final String FETCH_MIN_BYTES = "fetch.min.bytes";
    private static final String REQUEST_TIMEOUT = "consumer.request.timeout.ms";
    private static final String TEXT = "TEXT";
    private static final int MAX_FETCH_MIN_BYTES = 10_000_000;
    private static final int MAX_NAME = 249;
    private static final Set<String> FIELDS =
            Set.of(
                    "id",
                    "name",
                    "format",
                    "auto.offset.reset",
                    AUTO_COMMIT,
                    STRIMZI_AUTO_COMMIT,
                    ISOLATION_LEVEL,
                    FETCH_MIN_BYTES,
                    "responseMinBytes",
                    REQUEST_TIMEOUT,
                    "requestWaitMs");

    /** The shape of the body, for the API's document alone. */
    @Schema(name = "CreateInstanceRequest")
    record Document(
            @JsonProperty("name") @Nullable String name,
            @JsonProperty("format") @Nullable String format,
            @JsonProperty("auto.offset.reset") @Nullable String autoOffsetReset,
            @JsonProperty(AUTO_COMMIT) @Nullable String autoCommitEnable,
            @JsonProperty(STRIMZI_AUTO_COMMIT) @Nullable Boolean enableAutoCommit,
            @JsonProperty(ISOLATION_LEVEL) @Nullable String isolationLevel,
            @JsonProperty(FETCH_MIN_BYTES) @Nullable Integer fetchMinBytes,
            @JsonProperty(REQUEST_TIMEOUT) @Nullable Integer consumerRequestTimeoutMs) {}

    /**
     * Reads a body.
     *
     * @param body null for none, which asks for all defaults
     * @throws RestException 400 or 422
     */
    static NewInstanceRequest read(@Nullable JsonNode body, Dialect defaultDialect) {
        if (body == null) {
            return new NewInstanceRequest(
                    madeUp(defaultDialect),
                    new InstanceConfig(
                            EmbeddedFormat.BINARY, defaultDialect, null, true, null, null, null));
        }
        JsonFields fields = JsonFields.of(body, "request", FIELDS);
        String formatName = format(fields);
        boolean strimzi =
                fields.present(STRIMZI_AUTO_COMMIT) != null
                        || fields.present(ISOLATION_LEVEL) != null
                        || formatName.equals(TEXT);
        Dialect dialect = strimzi ? Dialect.STRIMZI : defaultDialect;
        return new NewInstanceRequest(
                name(fields, dialect),
                new InstanceConfig(
                        formatOf(formatName),
                        dialect,
                        scalar(fields, "auto.offset.reset"),
                        autoCommit(fields),
                        fetchMinBytes(fields),
                        requestTimeout(fields),
                        scalar(fields, ISOLATION_LEVEL)));
    }

    private static String format(JsonFields fields) {
        String format = fields.string("format");
        return format == null ? "BINARY" : format.toUpperCase(Locale.ROOT);
    }

    private static EmbeddedFormat formatOf(String name) {
        return switch (name) {
            case "BINARY" -> EmbeddedFormat.BINARY;
            case "JSON" -> EmbeddedFormat.JSON;
            case TEXT -> EmbeddedFormat.STRING;
            // As Confluent's proxy words it when it has no registry.
            case "AVRO", "JSONSCHEMA", "PROTOBUF" ->
                    throw InstanceErrors.invalidConfig(
                            "Missing required configuration \"schema.registry.url\" which has no"
                                    + " default value.");
            default -> throw new RestException(RestError.ofStatus(422, "Invalid format type."));
        };
    }

    private static String name(JsonFields fields, Dialect dialect) {
        String id = fields.string("id");
        String name = id == null ? fields.string("name") : id;
        if (name == null) {
            return madeUp(dialect);
        }
        boolean usable =
                !name.isBlank()
                        && name.length() <= MAX_NAME
                        && name.chars()
                                .noneMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c));
        if (!usable) {
            throw InstanceErrors.invalidConfig(
                    "name must have 1 to %d characters without slashes and control characters, so that it can stand in a path."
                            .formatted(MAX_NAME));
        }
        return name;
    }

    private static String madeUp(Dialect dialect) {
        return switch (dialect) {
                    case CONFLUENT -> "rest-consumer-";
                    case STRIMZI -> "kafka-bridge-consumer-";
                }
                + UUID.randomUUID();
    }

    private static boolean autoCommit(JsonFields fields) {
        String name = fields.present(AUTO_COMMIT) == null ? STRIMZI_AUTO_COMMIT : AUTO_COMMIT;
        String value = scalar(fields, name);
        if (value == null) {
            return true;
        }
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw InstanceErrors.invalidConfig(
                            "Invalid value %s for configuration enable.auto.commit: Expected value to be either true or false"
                                    .formatted(value));
        };
    }

    private static @Nullable Integer fetchMinBytes(JsonFields fields) {
        Integer value = integer(fields, FETCH_MIN_BYTES, "responseMinBytes");
        if (value != null && (value < -1 || value > MAX_FETCH_MIN_BYTES)) {
            throw new RestException(
                    new RestError(
                            422,
                            40001,
                            "Invalid consumer configuration. It does not abide by the constraints: Invalid value %d for configuration fetch.min.bytes: Value must be %s"
                                    .formatted(
                                            value,
                                            value < -1
                                                    ? "at least -1"
                                                    : "no more than " + MAX_FETCH_MIN_BYTES)));
        }
        return value;
    }

    private static @Nullable Integer requestTimeout(JsonFields fields) {
        Integer value = integer(fields, REQUEST_TIMEOUT, "requestWaitMs");
        if (value != null && value < 0) {
            throw InstanceErrors.invalidConfig(
                    "Invalid value %d for configuration %s: Value must be at least 0"
                            .formatted(value, REQUEST_TIMEOUT));
        }
        return value;
    }

    private static @Nullable Integer integer(JsonFields fields, String name, String alias) {
        String used = fields.present(name) == null ? alias : name;
        String text = scalar(fields, used);
        if (text == null) {
            return null;
        }
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException e) {
            throw new RestException(
                    RestError.badRequest(
                            "request.%s must be a 32-bit integer, but is %s."
                                    .formatted(used, text)));
        }
    }

    // Both proxies take numbers and truth values with quotes or without.
    private static @Nullable String scalar(JsonFields fields, String name) {
        JsonNode value = fields.present(name);
        return value == null || value.isString() || value.isContainer()
                ? fields.string(name)
                : value.toString();
    }
}
