package io.fleuve.alerts.outbox;

import java.time.Duration;

/**
 * How messages are delivered.
 *
 * @param pollInterval how often the outbox is looked at when nothing says that there is work
 * @param maxInFlight most messages under way at a time
 * @param lease how long a worker may hold a message; must exceed every channel's time-outs
 * @param backoffBase mean of the first wait is half of this
 * @param backoffCap bound of the wait between attempts
 * @param maxAge after which a message is not worth sending
 * @param lookupDelay how long a provider is given before it is asked about a message of unknown
 *     fate, and between questions
 */
public record OutboxSettings(
        Duration pollInterval,
        int maxInFlight,
        Duration lease,
        Duration backoffBase,
        Duration backoffCap,
        Duration maxAge,
        Duration lookupDelay) {

    public OutboxSettings {
        requirePositive("poll-interval", pollInterval);
        requirePositive("lease", lease);
        requirePositive("backoff-base", backoffBase);
        requirePositive("backoff-cap", backoffCap);
        requirePositive("max-age", maxAge);
        requirePositive("lookup-delay", lookupDelay);
        if (maxInFlight < 1) {
            throw new IllegalArgumentException(
                    "fleuve.alerts.outbox.max-in-flight must be at least 1, but is " + maxInFlight);
        }
        if (backoffCap.compareTo(backoffBase) < 0) {
            throw new IllegalArgumentException(
                    "fleuve.alerts.outbox.backoff-cap (%s) must not be below backoff-base (%s)"
                            .formatted(backoffCap, backoffBase));
        }
    }

    private static void requirePositive(String key, Duration value) {
        if (value.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "fleuve.alerts.outbox.%s must be at least 1 ms, but is %s"
                            .formatted(key, value));
        }
    }
}
