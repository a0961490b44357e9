package io.fleuve.gateway.read;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.kafka.Isolation;
import org.jspecify.annotations.Nullable;

/** Query parameters as numbers and choices, with refusals that name the parameter. */
public final class Parameters {

    private Parameters() {}

    /**
     * A number within bounds; {@code otherwise} if none was given.
     *
     * @throws RestException 400
     */
    public static long bounded(
            String name, @Nullable String value, long otherwise, long min, long max) {
        if (value == null) {
            return otherwise;
        }
        String expected = "a number from %d to %d".formatted(min, max);
        long number = number(name, expected, value);
        if (number < min || number > max) {
            throw bad(name, expected, value);
        }
        return number;
    }

    static long number(String name, String expected, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw bad(name, expected, value);
        }
    }

    /**
     * What a reader wants to see of transactions.
     *
     * @throws RestException 400
     */
    public static Isolation isolation(@Nullable String value, Isolation otherwise) {
        if (value == null) {
            return otherwise;
        }
        return switch (value) {
            case "read_committed" -> Isolation.READ_COMMITTED;
            case "read_uncommitted" -> Isolation.READ_UNCOMMITTED;
            default -> throw bad("isolation", "read_committed or read_uncommitted", value);
        };
    }

    static RestException bad(String name, String expected, String value) {
        return new RestException(
                RestError.badRequest(
                        "parameter %s must be %s, but is '%s'.".formatted(name, expected, value)));
    }
}
