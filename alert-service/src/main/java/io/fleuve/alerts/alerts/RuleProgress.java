package io.fleuve.alerts.alerts;

import java.time.Instant;
import java.util.UUID;

/**
 * How far a rule has been evaluated in a region, and the state that this led to.
 *
 * @param evaluatedThrough end of the last window that was evaluated; {@link Instant#MIN} before the
 *     first
 */
public record RuleProgress(UUID ruleId, String region, Instant evaluatedThrough, AlertState state) {

    /** A rule that has seen nothing of the region. */
    public static RuleProgress none(UUID ruleId, String region) {
        return new RuleProgress(ruleId, region, Instant.MIN, new AlertState.Inactive());
    }

    RuleProgress advance(Instant through, AlertState next) {
        return new RuleProgress(ruleId, region, through, next);
    }
}
