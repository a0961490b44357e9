package io.fleuve.alerts.outbox;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way to one recipient.
 *
 * @param attempts how often sending was begun
 * @param claim number of the claim that the state belongs to; a worker whose claim is not the
 *     latest has lost it
 * @param firstAttemptAt when it was first sent, if it was
 * @param expiresAt after which it is not worth sending
 */
public record Notification(
        UUID id,
        Recipient recipient,
        Message message,
        DeliveryState state,
        int attempts,
        int claim,
        @Nullable Instant firstAttemptAt,
        Instant expiresAt) {

    Notification with(DeliveryState next) {
        return new Notification(
                id, recipient, message, next, attempts, claim, firstAttemptAt, expiresAt);
    }

    Notification claimedToSend(DeliveryState.Sending next, Instant now) {
        return new Notification(
                id,
                recipient,
                message,
                next,
                attempts + 1,
                claim + 1,
                firstAttemptAt == null ? now : firstAttemptAt,
                expiresAt);
    }

    Notification claimedToLookUp(DeliveryState.Unknown next) {
        return new Notification(
                id, recipient, message, next, attempts, claim + 1, firstAttemptAt, expiresAt);
    }

    /** Settles an unknown fate: the provider has it. */
    Notification taken(@Nullable String providerId) {
        return switch (state) {
            case DeliveryState.Unknown _, DeliveryState.Sending _ ->
                    with(new DeliveryState.Sent(providerId));
            case DeliveryState.Retry _,
                    DeliveryState.Pending _,
                    DeliveryState.Sent _,
                    DeliveryState.Delivered _,
                    DeliveryState.Dead _,
                    DeliveryState.Suppressed _,
                    DeliveryState.Expired _ ->
                    this;
        };
    }

    Notification arrived(@Nullable String providerId) {
        return switch (state) {
            case DeliveryState.Sent sent -> with(sent.confirm());
            case DeliveryState.Unknown _, DeliveryState.Sending _, DeliveryState.Retry _ ->
                    with(new DeliveryState.Delivered(providerId));
            case DeliveryState.Pending _,
                    DeliveryState.Delivered _,
                    DeliveryState.Dead _,
                    DeliveryState.Suppressed _,
                    DeliveryState.Expired _ ->
                    this;
        };
    }

    Notification failed(String reason) {
        return switch (state) {
            case DeliveryState.Sent _, DeliveryState.Unknown _, DeliveryState.Sending _ ->
                    with(new DeliveryState.Dead(reason));
            case DeliveryState.Retry _,
                    DeliveryState.Pending _,
                    DeliveryState.Delivered _,
                    DeliveryState.Dead _,
                    DeliveryState.Suppressed _,
                    DeliveryState.Expired _ ->
                    this;
        };
    }
}
