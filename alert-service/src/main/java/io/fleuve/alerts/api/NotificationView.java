package io.fleuve.alerts.api;

import io.fleuve.alerts.store.NotificationEntity;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message to one recipient as JSON.
 *
 * @param nextAttemptAt when it is looked at next; null once it is finished
 * @param reason why it is in this state, where that needs saying
 */
record NotificationView(
        UUID id,
        @Nullable UUID alertId,
        @Nullable String transition,
        int repeat,
        String channel,
        String recipient,
        String state,
        int attempts,
        @Nullable Instant nextAttemptAt,
        @Nullable String reason,
        @Nullable String providerId,
        Instant createdAt,
        Instant updatedAt,
        Instant expiresAt) {

    static NotificationView of(NotificationEntity row) {
        return new NotificationView(
                row.id(),
                row.alertId(),
                row.transition() == null ? null : row.transition().name(),
                row.repeatNumber(),
                row.channel().label(),
                row.recipient(),
                row.state().name(),
                row.attempts(),
                row.dueAt(),
                row.reason(),
                row.providerId(),
                row.createdAt(),
                row.updatedAt(),
                row.expiresAt());
    }
}
