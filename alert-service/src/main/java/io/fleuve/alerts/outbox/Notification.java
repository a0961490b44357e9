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
}
