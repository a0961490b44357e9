package io.fleuve.gateway.read;

import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.format.EmbeddedFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How keys and how values are shown. */
public record Formats(EmbeddedFormat key, EmbeddedFormat value) {

    /** One format for both. */
    static Formats both(EmbeddedFormat format) {
        return new Formats(format, format);
    }

    /**
     * The formats of the parameters {@code key_format} and {@code format}: values are JSON and keys
     * strings, unless it was said otherwise.
     *
     * @throws RestException 400
     */
    public static Formats of(@Nullable String keyFormat, @Nullable String format) {
        return new Formats(
                parse("key_format", keyFormat, EmbeddedFormat.STRING),
                parse("format", format, EmbeddedFormat.JSON));
    }

    private static EmbeddedFormat parse(
            String name, @Nullable String given, EmbeddedFormat otherwise) {
        if (given == null) {
            return otherwise;
        }
        return switch (given.toLowerCase(Locale.ROOT)) {
            case "json" -> EmbeddedFormat.JSON;
            case "string" -> EmbeddedFormat.STRING;
            case "binary", "base64" -> EmbeddedFormat.BINARY;
            default -> throw Parameters.bad(name, "json, string or base64", given);
        };
    }
}
