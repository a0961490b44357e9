package io.fleuve.alerts.alerts;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far a rule has been evaluated in a place, and the state that this led to.
 *
 * @param evaluatedThrough end of the last window that was evaluated; {@link Instant#MIN} before the
 *     first
 * @param recent figures that later windows are compared with, oldest first
 * @param heardAt when, by the clock, the last window was evaluated, or the watch began; null for
 *     rules that do not ask
 * @param isWatchedAnew whether the watch for silence began, or began again, after the last window:
 *     a silence found then is another than the one that followed the window
 */
public record RuleProgress(
        UUID ruleId,
        Subject subject,
        Instant evaluatedThrough,
        AlertState state,
        List<RecentValue> recent,
        @Nullable Instant heardAt,
        boolean isWatchedAnew) {

    public RuleProgress {
        recent = List.copyOf(recent);
    }

    /** A rule that has seen nothing of the place. */
    public static RuleProgress none(UUID ruleId, Subject subject) {
        return new RuleProgress(
                ruleId, subject, Instant.MIN, new AlertState.Inactive(), List.of(), null, false);
    }

    RuleProgress advance(Instant through, AlertState next, List<RecentValue> values) {
        return new RuleProgress(ruleId, subject, through, next, values, heardAt, false);
    }

    RuleProgress with(AlertState next) {
        return new RuleProgress(
                ruleId, subject, evaluatedThrough, next, recent, heardAt, isWatchedAnew);
    }

    /** The same, heard of at {@code now}. */
    public RuleProgress heard(Instant now) {
        return new RuleProgress(
                ruleId, subject, evaluatedThrough, state, recent, now, isWatchedAnew);
    }

    /** The same, watched for silence from {@code now} on. */
    public RuleProgress watched(Instant now) {
        return new RuleProgress(ruleId, subject, evaluatedThrough, state, recent, now, true);
    }
}
