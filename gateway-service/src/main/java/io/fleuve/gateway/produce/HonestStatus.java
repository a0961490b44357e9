package io.fleuve.gateway.produce;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.kafka.BrokerReachability;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Tells the two apart that Confluent's code 50003 lumps together: no broker can be reached, and
 * brokers that can be reached did not take a record in time. Only for who asked for it.
 */
public final class HonestStatus {

    /** The brokers are there, but the record was not acknowledged in time. */
    public static final int TIMEOUT = 50401;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Supplier<BrokerReachability.Outcome> brokers;

    /**
     * @param brokers whether a broker answers, asked when it matters
     */
    public HonestStatus(Supplier<BrokerReachability.Outcome> brokers) {
        this.brokers = brokers;
    }

    /** The failure itself, or a more exact one in its place. */
    RestException of(RestException failure) {
        return failure.error().errorCode() == RestError.KAFKA_RETRIABLE
                ? retriable(failure.error().message())
                : failure;
    }

    /** What to answer when brokers failed in a way that may pass. */
    RestException retriable(String message) {
        RestError error =
                switch (brokers.get()) {
                    case BrokerReachability.Outcome.Unreachable(String reason) ->
                            new RestError(
                                    503,
                                    RestError.BROKER_NOT_AVAILABLE,
                                    "No broker can be reached: " + reason);
                    case BrokerReachability.Outcome.Reachable _ ->
                            new RestError(504, TIMEOUT, message);
                };
        return new RestException(error, RETRY_AFTER);
    }
}
