package io.fleuve.gateway.idempotency;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import java.time.Duration;

/** What a request with an Idempotency-Key can be refused with, besides what any can be. */
public final class IdempotencyErrors {

    public static final int MALFORMED_KEY = 40010;
    public static final int IN_FLIGHT = 40910;
    public static final int KEY_REUSED = 42210;
    public static final int TOO_MANY_KEYS = 50310;
    public static final int UNDECIDED = 50311;

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration LATER = Duration.ofSeconds(30);

    private IdempotencyErrors() {}

    static RestException malformed(String detail) {
        return new RestException(
                new RestError(400, MALFORMED_KEY, "Idempotency-Key is malformed: " + detail));
    }

    static RestException inFlight() {
        return new RestException(
                new RestError(
                        409,
                        IN_FLIGHT,
                        "A request with this Idempotency-Key is being processed. Try again later."),
                SOON);
    }

    static RestException reused() {
        return new RestException(
                new RestError(
                        422,
                        KEY_REUSED,
                        "This Idempotency-Key was used for a request with another body or path."));
    }

    static RestException tooManyKeys(int maxKeys) {
        return new RestException(
                new RestError(
                        503,
                        TOO_MANY_KEYS,
                        "%d keys are remembered, which are all that may be. Try again later."
                                .formatted(maxKeys)),
                LATER);
    }

    static RestException undecided() {
        return new RestException(
                new RestError(
                        503,
                        UNDECIDED,
                        "What became of the request is not known yet. Repeat it with the same Idempotency-Key."),
                SOON);
    }
}
