package io.fleuve.gateway.format;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Strict access to the members of a request object: each refusal names the member at fault. */
public final class JsonFields {

    private static final String ARTICLE = "%s must be %s, but is %s.";

    private final JsonNode object;
    private final String where;

    private JsonFields(JsonNode object, String where) {
        this.object = object;
        this.where = where;
    }

    /**
     * A view on {@code node}, which must be an object with no members but {@code known}.
     *
     * @param where how messages name the node, such as {@code record} or {@code records[3]}
     */
    public static JsonFields of(JsonNode node, String where, Set<String> known) {
        if (!node.isObject()) {
            throw bad(ARTICLE.formatted(where, "an object", kindOf(node)));
        }
        for (String name : node.propertyNames()) {
            if (!known.contains(name)) {
                throw bad("Unrecognized field \"%s\" in %s.".formatted(name, where));
            }
        }
        return new JsonFields(node, where);
    }

    /** The member, or null if it is absent or JSON null. */
    public @Nullable JsonNode present(String name) {
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    /** The member, which may be JSON null, or null if it is absent. */
    public @Nullable JsonNode raw(String name) {
        return object.get(name);
    }

    public @Nullable String string(String name) {
        JsonNode value = present(name);
        if (value == null) {
            return null;
        }
        if (!value.isString()) {
            throw wrong(name, "a string", value);
        }
        return value.stringValue();
    }

    public @Nullable Integer integer(String name) {
        JsonNode value = present(name);
        if (value == null) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw wrong(name, "a 32-bit integer", value);
        }
        return value.intValue();
    }

    public @Nullable Boolean bool(String name) {
        JsonNode value = present(name);
        if (value == null) {
            return null;
        }
        if (!value.isBoolean()) {
            throw wrong(name, "true or false", value);
        }
        return value.booleanValue();
    }

    /** The elements of an array; none if the member is absent or null. */
    public List<JsonNode> array(String name) {
        JsonNode value = present(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw wrong(name, "an array", value);
        }
        return value.valueStream().toList();
    }

    /** Milliseconds since the epoch of an RFC 3339 time, or null. */
    public @Nullable Long timestamp(String name) {
        String text = string(name);
        if (text == null) {
            return null;
        }
        try {
            Instant instant = OffsetDateTime.parse(text).toInstant();
            if (instant.toEpochMilli() < 0) {
                throw bad("%s.%s is before 1970: %s.".formatted(where, name, text));
            }
            return instant.toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw bad(
                    "%s.%s is not an RFC 3339 time such as 2024-05-01T13:00:00Z: %s."
                            .formatted(where, name, text));
        }
    }

    /**
     * Record headers, in order.
     *
     * @param nameField the member that names a header: {@code name} in v3, {@code key} in Strimzi's
     *     v2
     */
    public List<Header> headers(String name, String nameField) {
        Stream<Header> headers =
                array(name).stream()
                        .map(
                                node -> {
                                    JsonFields header =
                                            of(
                                                    node,
                                                    where + "." + name,
                                                    Set.of(nameField, "value"));
                                    String headerName = header.string(nameField);
                                    if (headerName == null) {
                                        throw bad(
                                                "%s.%s has a header without \"%s\"."
                                                        .formatted(where, name, nameField));
                                    }
                                    return new RecordHeader(headerName, header.base64("value"));
                                });
        return headers.toList();
    }

    private byte @Nullable [] base64(String name) {
        String text = string(name);
        if (text == null) {
            return null;
        }
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw bad("%s.%s is not a valid base64 string.".formatted(where, name));
        }
    }

    private RestException wrong(String name, String expected, JsonNode value) {
        return bad(ARTICLE.formatted(where + "." + name, expected, kindOf(value)));
    }

    private static String kindOf(JsonNode node) {
        return switch (node.getNodeType()) {
            case NULL, MISSING -> "null";
            case NUMBER -> "the number " + node;
            case STRING -> "a string";
            case BOOLEAN -> "a boolean";
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            case BINARY, POJO -> "something else";
        };
    }

    private static RestException bad(String detail) {
        return new RestException(RestError.badRequest(detail));
    }
}
