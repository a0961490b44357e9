package io.fleuve.gateway.format;

import java.io.InputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON in and out without loss: numbers keep their digits and objects the order of their members,
 * so that what is stored in a record is what the client wrote, less the white space.
 */
public final class LosslessJson {

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private static final JsonMapper STREAM_MAPPER =
            MAPPER.rebuild().disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private LosslessJson() {}

    /** Reads exactly one value. */
    public static JsonNode read(byte[] json) {
        return MAPPER.readTree(json);
    }

    /** Reads exactly one value; a missing node if there is nothing but white space. */
    public static JsonNode read(InputStream json) {
        return MAPPER.readTree(json);
    }

    /** Reads values that follow one another, with or without white space between them. */
    public static MappingIterator<JsonNode> readAll(InputStream json) {
        return STREAM_MAPPER.readerFor(JsonNode.class).readValues(json);
    }

    /** The compact text of a value, in UTF-8. */
    public static byte[] write(JsonNode value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /** What is wrong with a text, without the name of the source that it came from. */
    public static String explain(JacksonException e) {
        if (e instanceof JacksonIOException io && io.getCause() != null) {
            String message = io.getCause().getMessage();
            return message == null ? "the connection failed" : message;
        }
        String message = e.getOriginalMessage();
        return message == null ? "malformed JSON" : message.split("\\n", 2)[0].strip();
    }
}
