package io.fleuve.gateway.idempotency;

import io.fleuve.gateway.errors.RestException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads the value of an {@code Idempotency-Key} field: a string of RFC 8941 as
 * draft-ietf-httpapi-idempotency-key-header-07 has it, or, as many clients send it, the same
 * without quotes.
 */
public final class IdempotencyKey {

    /** The name of the field. */
    public static final String HEADER = "Idempotency-Key";

    private static final int MAX_LENGTH = 255;
    private static final Pattern QUOTED =
            Pattern.compile("\"((?:[\\x20\\x21\\x23-\\x5B\\x5D-\\x7E]|\\\\[\"\\\\])*)\"");
    private static final Pattern BARE = Pattern.compile("[A-Za-z0-9._:/+=~-]+");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(.)");

    private IdempotencyKey() {}

    /**
     * The key that a request's fields of this name hold.
     *
     * @throws RestException 400 if it is not one key of 1 to 255 characters
     */
    public static String parse(List<String> values) {
        if (values.size() != 1) {
            throw IdempotencyErrors.malformed("it must be given once.");
        }
        String value = values.getFirst().strip();
        var quoted = QUOTED.matcher(value);
        String key;
        if (quoted.matches()) {
            key = ESCAPE.matcher(quoted.group(1)).replaceAll("$1");
        } else if (BARE.matcher(value).matches()) {
            key = value;
        } else {
            throw IdempotencyErrors.malformed(
                    "it must be a string such as \"8e03978e-40d5-43dd-bc93-6894a57f9324\".");
        }
        if (key.isEmpty() || key.length() > MAX_LENGTH) {
            throw IdempotencyErrors.malformed("it must have 1 to 255 characters.");
        }
        return key;
    }
}
