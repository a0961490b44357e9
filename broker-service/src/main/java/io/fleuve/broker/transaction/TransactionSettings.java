package io.fleuve.broker.transaction;

import java.time.Duration;

/**
 * Bounds of transactions.
 *
 * @param maxTimeout how long a producer may keep a transaction open at most ({@code
 *     transaction.max.timeout.ms})
 * @param idExpiration for how long an unused transactional id is remembered ({@code
 *     transactional.id.expiration.ms})
 * @param checkInterval how often open transactions are looked through for those whose time is over
 */
public record TransactionSettings(
        Duration maxTimeout, Duration idExpiration, Duration checkInterval) {

    public TransactionSettings {
        check("max-timeout", maxTimeout);
        check("id-expiration", idExpiration);
        check("check-interval", checkInterval);
    }

    private static void check(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(
                    "fleuve.broker.transactions.%s must be more than zero, not %s"
                            .formatted(name, value));
        }
    }
}
