package io.fleuve.gateway.format;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** How the bytes of a key or value appear inside a JSON document. */
public enum EmbeddedFormat {
    /** Base64 in a JSON string. */
    BINARY {
        @Override
        byte[] encodePresent(JsonNode data) {
            if (!data.isString()) {
                throw bad("data=%s is not a base64 string.", data);
            }
            try {
                return Base64.getDecoder().decode(data.stringValue());
            } catch (IllegalArgumentException e) {
                throw bad("data=%s is not a valid base64 string.", data);
            }
        }

        @Override
        Decoded decodePresent(byte[] bytes) {
            return new Decoded.Value(
                    JsonNodeFactory.instance.stringNode(Base64.getEncoder().encodeToString(bytes)));
        }
    },
    /** Any JSON value, stored as its compact UTF-8 text. */
    JSON {
        @Override
        byte[] encodePresent(JsonNode data) {
            return LosslessJson.write(data);
        }

        @Override
        Decoded decodePresent(byte[] bytes) {
            try {
                JsonNode value = LosslessJson.read(bytes);
                return value.isMissingNode()
                        ? Decoded.Undecodable.of("not JSON: it is empty", bytes)
                        : new Decoded.Value(value);
            } catch (JacksonException e) {
                return Decoded.Undecodable.of("not JSON: " + LosslessJson.explain(e), bytes);
            }
        }
    },
    /** A JSON string, stored as UTF-8. */
    STRING {
        @Override
        byte[] encodePresent(JsonNode data) {
            if (!data.isString()) {
                throw bad("data=%s is not a string.", data);
            }
            return data.stringValue().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        Decoded decodePresent(byte[] bytes) {
            try {
                return new Decoded.Value(
                        JsonNodeFactory.instance.stringNode(
                                StandardCharsets.UTF_8
                                        .newDecoder()
                                        .decode(ByteBuffer.wrap(bytes))
                                        .toString()));
            } catch (CharacterCodingException e) {
                return Decoded.Undecodable.of("not UTF-8 text", bytes);
            }
        }
    };

    private static final int MAX_ECHO = 200;

    /**
     * The bytes that {@code data} stands for; null for JSON null, which is a tombstone.
     *
     * @throws RestException 400 if the data is not of this format
     */
    public byte @Nullable [] encode(JsonNode data) {
        return data.isNull() ? null : encodePresent(data);
    }

    /** The JSON that shows {@code bytes}; JSON null for null. Never fails: see {@link Decoded}. */
    public Decoded decode(byte @Nullable [] bytes) {
        return bytes == null
                ? new Decoded.Value(JsonNodeFactory.instance.nullNode())
                : decodePresent(bytes);
    }

    abstract byte[] encodePresent(JsonNode data);

    abstract Decoded decodePresent(byte[] bytes);

    private static RestException bad(String message, JsonNode data) {
        String echo = data.toString();
        return new RestException(
                RestError.badRequest(
                        message.formatted(
                                echo.length() > MAX_ECHO
                                        ? echo.substring(0, MAX_ECHO) + "…"
                                        : echo)));
    }
}
