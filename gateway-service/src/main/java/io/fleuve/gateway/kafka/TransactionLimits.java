package io.fleuve.gateway.kafka;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The bounds of transactions, all below {@code fleuve.gateway.transactions}.
 *
 * @param lanes producers of transactions; each has one transaction at a time
 * @param timeout after which the brokers abort a transaction that nobody ends
 * @param maxRequestsPerTransaction requests that may share one transaction when many wait
 * @param maxQueuedRequests requests that may wait for a lane; more are told to come back
 * @param idPrefix what transactional ids begin with; the rest is random, for each producer anew
 */
public record TransactionLimits(
        @DefaultValue("2") int lanes,
        @DefaultValue("10s") Duration timeout,
        @DefaultValue("64") int maxRequestsPerTransaction,
        @DefaultValue("256") int maxQueuedRequests,
        @DefaultValue("fleuve-gateway-") String idPrefix) {

    private static final String PREFIX = "fleuve.gateway.transactions.";

    public TransactionLimits {
        Bounds.positive(PREFIX + "lanes", lanes);
        Bounds.positive(PREFIX + "timeout", timeout);
        Bounds.positive(PREFIX + "max-requests-per-transaction", maxRequestsPerTransaction);
        Bounds.positive(PREFIX + "max-queued-requests", maxQueuedRequests);
        Bounds.check(!idPrefix.isBlank(), PREFIX + "id-prefix", "some text", "empty");
    }
}
