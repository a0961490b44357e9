package io.fleuve.alerts.outbox;

import io.fleuve.alerts.outbox.DeliveryState.Dead;
import io.fleuve.alerts.outbox.DeliveryState.Delivered;
import io.fleuve.alerts.outbox.DeliveryState.Expired;
import io.fleuve.alerts.outbox.DeliveryState.Pending;
import io.fleuve.alerts.outbox.DeliveryState.Retry;
import io.fleuve.alerts.outbox.DeliveryState.Sending;
import io.fleuve.alerts.outbox.DeliveryState.Sent;
import io.fleuve.alerts.outbox.DeliveryState.Suppressed;
import io.fleuve.alerts.outbox.DeliveryState.Unknown;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides what happens to a message next: a function of its state, what became of the attempt, and
 * the time.
 *
 * <p>The wait before another attempt is drawn evenly from zero to a bound that doubles with each
 * attempt ("full jitter"), so that messages which failed together do not come back together. A
 * provider that says how long to wait is obeyed to the letter.
 */
public final class DeliveryPolicy {

    /** How the reason of a notification begins that expired without its fate being known. */
    public static final String FATE_UNKNOWN = "nobody knows whether it was sent: ";

    private static final Duration MAX_RETRY_AFTER = Duration.ofDays(30);

    private final OutboxSettings settings;
    private final Map<ChannelKind, Redelivery> channels;
    private final RandomGenerator random;

    /**
     * @param channels the channels that are configured, and what each allows
     */
    public DeliveryPolicy(
            OutboxSettings settings,
            Map<ChannelKind, Redelivery> channels,
            RandomGenerator random) {
        this.settings = settings;
        this.channels = Map.copyOf(channels);
        this.random = random;
    }

    /**
     * What to do with a notification whose time has come. A result in {@link Sending} or {@link
     * Unknown} is work.
     */
    public Notification onDue(Notification notification, Instant now) {
        boolean expired = !now.isBefore(notification.expiresAt());
        Redelivery redelivery = channels.get(notification.recipient().channel());
        String unconfigured =
                "channel %s is not configured"
                        .formatted(notification.recipient().channel().label());
        Instant leaseUntil = now.plus(settings.lease());
        return switch (notification.state()) {
            case Pending pending when redelivery == null ->
                    notification.with(pending.suppress(unconfigured));
            case Pending pending when expired ->
                    notification.with(pending.expire("not sent before it was too old"));
            case Pending pending -> notification.claimedToSend(pending.claim(leaseUntil), now);
            case Retry retry when redelivery == null ->
                    notification.with(retry.suppress(unconfigured));
            case Retry retry when expired ->
                    notification.with(retry.expire("gave up, last reason: " + retry.reason()));
            case Retry retry -> notification.claimedToSend(retry.claim(leaseUntil), now);
            case Sending sending -> notification.with(abandon(sending, redelivery, now));
            case Unknown unknown when expired || redelivery == null ->
                    notification.with(unknown.expire(FATE_UNKNOWN + unknown.reason()));
            case Unknown unknown -> notification.claimedToLookUp(unknown.hold(leaseUntil));
            case Sent _, Delivered _, Dead _, Suppressed _, Expired _ -> notification;
        };
    }

    /** Records what an attempt to send came to. */
    public Notification onOutcome(Notification notification, DeliveryOutcome outcome, Instant now) {
        if (!(notification.state() instanceof Sending sending)) {
            throw new IllegalArgumentException(
                    "an outcome belongs to a notification that is being sent");
        }
        DeliveryState next =
                switch (outcome) {
                    case DeliveryOutcome.Accepted(var providerId) -> sending.accept(providerId);
                    case DeliveryOutcome.Rejected(var reason) -> sending.reject(reason);
                    case DeliveryOutcome.Deferred(var reason, var retryAfter) ->
                            sending.defer(
                                    now.plus(
                                            retryAfter == null
                                                    ? backoff(notification.attempts())
                                                    : bounded(retryAfter)),
                                    reason);
                    case DeliveryOutcome.Uncertain(var reason) ->
                            sending.doubt(now.plus(settings.lookupDelay()), reason);
                };
        return notification.with(next);
    }

    /** Records what the provider said about a notification of unknown fate. */
    public Notification onLookup(Notification notification, LookupOutcome outcome, Instant now) {
        if (!(notification.state() instanceof Unknown unknown)) {
            throw new IllegalArgumentException(
                    "a look-up belongs to a notification of unknown fate");
        }
        DeliveryState next =
                switch (outcome) {
                    case LookupOutcome.Found(var providerId) -> unknown.found(providerId);
                    case LookupOutcome.FoundFailed(_, var reason) -> unknown.foundFailed(reason);
                    case LookupOutcome.Absent() ->
                            unknown.absent(now.plus(backoff(notification.attempts())));
                    case LookupOutcome.Unanswered(var reason) ->
                            unknown.ask(now.plus(settings.lookupDelay()), reason);
                };
        return notification.with(next);
    }

    private DeliveryState abandon(Sending sending, @Nullable Redelivery redelivery, Instant now) {
        String reason = "the worker that sent it disappeared";
        return redelivery == Redelivery.REPEATABLE
                ? sending.defer(now, reason)
                : sending.doubt(now, reason);
    }

    /** A wait beyond all use must not leave the range of times. */
    private static Duration bounded(Duration retryAfter) {
        return retryAfter.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : retryAfter;
    }

    private Duration backoff(int attempts) {
        int doublings = Math.clamp(attempts - 1, 0, 30);
        long boundMs =
                Math.min(
                        settings.backoffCap().toMillis(),
                        settings.backoffBase().toMillis() << doublings);
        return Duration.ofMillis(random.nextLong(boundMs + 1));
    }
}
