package io.fleuve.alerts.outbox;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * What instances share about a channel: a token bucket, a circuit breaker, the time that the
 * provider asked for, and what the day has cost. Requests pass only with its leave.
 *
 * @param tokens requests that may be made at once, at {@code refilledAt}
 * @param tokensDueAt when there is a token or a budget again, if there was none
 * @param retryAfterUntil the provider's word: no request before
 * @param openUntil the breaker's: no request before
 * @param failures in a row
 * @param spent messages of {@code budgetDay}
 */
public record ChannelGate(
        double tokens,
        Instant refilledAt,
        @Nullable Instant tokensDueAt,
        @Nullable Instant retryAfterUntil,
        @Nullable Instant openUntil,
        int failures,
        @Nullable LocalDate budgetDay,
        int spent) {

    private static final Duration MAX_RETRY_AFTER = Duration.ofDays(30);

    /** What was asked for and given. */
    public record Grant(int granted, ChannelGate gate) {}

    /** A gate that nobody has used. */
    public static ChannelGate fresh(ChannelLimits limits, Instant now) {
        return new ChannelGate(limits.burst(), now, null, null, null, 0, null, 0);
    }

    /** Takes leave for up to {@code wanted} requests. */
    public Grant take(int wanted, ChannelLimits limits, Instant now) {
        if (isAfter(retryAfterUntil, now) || isAfter(openUntil, now)) {
            return new Grant(0, this);
        }
        long elapsedMs = Math.max(0, Duration.between(refilledAt, now).toMillis());
        double filled = Math.min(limits.burst(), tokens + elapsedMs / 1000.0 * limits.perSecond());
        LocalDate today = now.atZone(ZoneOffset.UTC).toLocalDate();
        int spentToday = today.equals(budgetDay) ? spent : 0;
        int left =
                limits.dailyBudget() == 0
                        ? Integer.MAX_VALUE
                        : Math.max(0, limits.dailyBudget() - spentToday);
        // A channel that failed again and again is tried with one message first.
        boolean probing = failures >= limits.failuresToOpen();
        int granted =
                Math.min(Math.min(wanted, left), Math.min((int) filled, probing ? 1 : wanted));
        Instant due = null;
        if (left == 0) {
            due = today.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        } else if (filled - granted < 1) {
            double missing = 1 - (filled - granted);
            due = now.plusMillis((long) Math.ceil(missing / limits.perSecond() * 1000));
        }
        return new Grant(
                granted,
                new ChannelGate(
                        filled - granted,
                        now,
                        due,
                        retryAfterUntil,
                        probing && granted > 0 ? now.plus(limits.openFor()) : openUntil,
                        failures,
                        today,
                        spentToday + granted));
    }

    /** Takes note of what an attempt came to. */
    public ChannelGate observe(DeliveryOutcome outcome, ChannelLimits limits, Instant now) {
        return switch (outcome) {
            // An answer about one message says that the channel itself works.
            case DeliveryOutcome.Accepted _, DeliveryOutcome.Rejected _ ->
                    with(retryAfterUntil, null, 0);
            case DeliveryOutcome.Deferred(_, Duration wait) when wait != null -> {
                Instant until =
                        now.plus(wait.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : wait);
                yield with(isAfter(retryAfterUntil, until) ? retryAfterUntil : until, openUntil, 0);
            }
            case DeliveryOutcome.Deferred _, DeliveryOutcome.Uncertain _ ->
                    with(
                            retryAfterUntil,
                            failures + 1 >= limits.failuresToOpen()
                                    ? now.plus(limits.openFor())
                                    : openUntil,
                            failures + 1);
        };
    }

    /** Whether an accepted message would change nothing. */
    public boolean isSound() {
        return failures == 0 && openUntil == null;
    }

    private ChannelGate with(
            @Nullable Instant retryAfter, @Nullable Instant open, int failuresNow) {
        return new ChannelGate(
                tokens, refilledAt, tokensDueAt, retryAfter, open, failuresNow, budgetDay, spent);
    }

    private static boolean isAfter(@Nullable Instant time, Instant now) {
        return time != null && time.isAfter(now);
    }
}
