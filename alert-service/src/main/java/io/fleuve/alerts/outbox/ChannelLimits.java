package io.fleuve.alerts.outbox;

import java.time.Duration;

/**
 * What all instances together may ask of a channel.
 *
 * @param perSecond requests a second, on average
 * @param burst most requests at once after a quiet time
 * @param failuresToOpen failures in a row after which the channel is left alone
 * @param openFor for how long
 * @param dailyBudget most messages a day (UTC); 0 for no bound
 */
public record ChannelLimits(
        double perSecond, int burst, int failuresToOpen, Duration openFor, int dailyBudget) {

    public ChannelLimits {
        require(perSecond > 0, "per-second", "above 0", perSecond);
        require(burst >= 1, "burst", "at least 1", burst);
        require(failuresToOpen >= 1, "failures-to-open", "at least 1", failuresToOpen);
        require(openFor.toMillis() >= 1, "open-for", "at least 1 ms", openFor);
        require(dailyBudget >= 0, "daily-budget", "at least 0", dailyBudget);
    }

    private static void require(boolean holds, String key, String bound, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "fleuve.alerts.delivery limits: %s must be %s, but is %s"
                            .formatted(key, bound, value));
        }
    }
}
