package io.fleuve.gateway.consumers;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What can go wrong with an instance, in the codes and words of Confluent's proxy. */
public final class InstanceErrors {

    public static final int ILLEGAL_STATE = 40903;
    static final int MISDIRECTED = 42101;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private InstanceErrors() {}

    static RestException notFound() {
        return new RestException(new RestError(404, 40403, "Consumer instance not found."));
    }

    static RestException alreadyExists() {
        return new RestException(
                new RestError(
                        409,
                        40902,
                        "Consumer with specified consumer ID already exists in the specified"
                                + " consumer group."));
    }

    /** An operation that the instance's state forbids, in the words of Kafka's client. */
    public static RestException illegalState(@Nullable String message) {
        return new RestException(new RestError(409, ILLEGAL_STATE, "Illegal state: " + message));
    }

    /** A setting that no consumer can be made with. */
    public static RestException invalidConfig(@Nullable String message) {
        return new RestException(
                new RestError(422, 42204, "Invalid consumer configuration: " + message));
    }

    static RestException tooManyHere(int limit) {
        return new RestException(
                new RestError(
                        429,
                        RestError.TOO_MANY_REQUESTS,
                        "This gateway runs the %d consumer instances that it may. Delete one, or try again later."
                                .formatted(limit)),
                RETRY_AFTER);
    }

    static RestException tooManyKnown(int limit) {
        return new RestException(
                new RestError(
                        429,
                        RestError.TOO_MANY_REQUESTS,
                        "There are the %d consumer instances that there may be. Delete one, or try again later."
                                .formatted(limit)),
                RETRY_AFTER);
    }

    static RestException busy() {
        return illegalState("other requests use this consumer instance. Try again later.");
    }

    static RestException misdirected() {
        return new RestException(
                new RestError(421, MISDIRECTED, "This gateway does not own the instance."));
    }

    static RestException rebalancing() {
        return new RestException(
                new RestError(
                        500,
                        RestError.KAFKA_RETRIABLE,
                        "The group rebalances: what was delivered cannot be committed yet. Try again later."),
                RETRY_AFTER);
    }

    static RestException unsettled() {
        return new RestException(
                new RestError(
                        503,
                        RestError.NO_CONSUMER_AVAILABLE,
                        "The consumer instance is changing hands. Try again later."),
                RETRY_AFTER);
    }
}
