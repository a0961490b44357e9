package io.fleuve.gateway.idempotency;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How repeated requests are recognised, all below {@code fleuve.gateway.idempotency}. All gateways
 * of a cluster must have the same topics and expiry.
 *
 * @param expiry how long a key is remembered, at least
 * @param takeOverAfter how long a request may go without an outcome before a repetition may take
 *     its place; longer than {@code fleuve.gateway.transactions.timeout}
 * @param requestTimeout how long a request may take, its take-over included
 * @param maxKeys keys that are remembered at once; at the bound, new ones are told to come back
 * @param claimsTopic made when first needed
 * @param outcomesTopic made when first needed, with as many partitions
 * @param partitions of each of the two, when they are made; must not change later
 * @param replicationFactor of each of the two, when they are made; -1 for the brokers' default
 */
public record IdempotencySettings(
        @DefaultValue("1h") Duration expiry,
        @DefaultValue("15s") Duration takeOverAfter,
        @DefaultValue("30s") Duration requestTimeout,
        @DefaultValue("500000") int maxKeys,
        @DefaultValue("__fleuve-gateway-claims") String claimsTopic,
        @DefaultValue("__fleuve-gateway-outcomes") String outcomesTopic,
        @DefaultValue("8") int partitions,
        @DefaultValue("-1") short replicationFactor) {

    private static final String PREFIX = "fleuve.gateway.idempotency.";

    public IdempotencySettings {
        require(isPositive(takeOverAfter), "take-over-after", "longer than zero", takeOverAfter);
        require(
                expiry.compareTo(takeOverAfter) > 0,
                "expiry",
                "longer than take-over-after (" + takeOverAfter + ")",
                expiry);
        require(isPositive(requestTimeout), "request-timeout", "longer than zero", requestTimeout);
        require(maxKeys > 0, "max-keys", "at least 1", maxKeys);
        require(partitions > 0, "partitions", "at least 1", partitions);
        require(
                replicationFactor == -1 || replicationFactor > 0,
                "replication-factor",
                "at least 1, or -1 for the brokers' default",
                replicationFactor);
        require(!claimsTopic.isBlank(), "claims-topic", "the name of a topic", claimsTopic);
        require(
                !outcomesTopic.isBlank() && !outcomesTopic.equals(claimsTopic),
                "outcomes-topic",
                "the name of another topic than claims-topic",
                outcomesTopic);
    }

    /**
     * How much older than the newest claim one is when it is forgotten. Longer than the expiry, so
     * that no clock has to be exact.
     */
    long forgetAfterMs() {
        return expiry.plusMinutes(10).toMillis();
    }

    /** How long the brokers keep claims and outcomes: longer than any gateway remembers them. */
    long retentionMs() {
        return expiry.multipliedBy(2).plusHours(1).toMillis();
    }

    private static boolean isPositive(Duration value) {
        return !value.isNegative() && !value.isZero();
    }

    private static void require(boolean holds, String key, String expected, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "%s%s must be %s, but is %s".formatted(PREFIX, key, expected, value));
        }
    }
}
