package io.fleuve.alerts.store;

import io.fleuve.alerts.alerts.AlertTransition;
import io.fleuve.alerts.outbox.ChannelKind;
import io.fleuve.alerts.outbox.DeliveryState;
import io.fleuve.alerts.outbox.Message;
import io.fleuve.alerts.outbox.Notification;
import io.fleuve.alerts.outbox.Recipient;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of {@code notifications}, the outbox. */
@Entity
@Table(name = "notifications")
public class NotificationEntity {

    @Id private UUID id;
    private @Nullable UUID alertId;

    @Column(columnDefinition = "text")
    private String episodeId;

    @Enumerated(EnumType.STRING)
    @Column(columnDefinition = "text")
    private @Nullable AlertTransition transition;

    private int repeatNumber;

    @Enumerated(EnumType.STRING)
    @Column(columnDefinition = "text")
    private ChannelKind channel;

    @Column(columnDefinition = "text")
    private String recipient;

    @Column(columnDefinition = "text")
    private String subject;

    @Column(columnDefinition = "text")
    private String body;

    @Enumerated(EnumType.STRING)
    @Column(columnDefinition = "text")
    private DeliveryStatus state;

    private @Nullable Instant dueAt;

    @Column(columnDefinition = "text")
    private @Nullable String reason;

    @Column(columnDefinition = "text")
    private @Nullable String providerId;

    private int attempts;
    private int claim;
    private @Nullable Instant firstAttemptAt;
    private Instant createdAt;
    private Instant updatedAt;
    private Instant expiresAt;

    /** Given by the database, read by queries. */
    @Column(insertable = false, updatable = false)
    private long sequence;

    /** For JPA. */
    protected NotificationEntity() {}

    /** Takes the mutable part of {@code notification} over. */
    void update(Notification notification, Instant now) {
        attempts = notification.attempts();
        claim = notification.claim();
        firstAttemptAt = notification.firstAttemptAt();
        take(notification.state(), now);
    }

    /** Gives a dead notification another life of the length {@code expiresAt} allows. */
    void revive(DeliveryState.Pending pending, Instant now, Instant newExpiresAt) {
        expiresAt = newExpiresAt;
        take(pending, now);
    }

    private void take(DeliveryState next, Instant now) {
        updatedAt = now;
        switch (next) {
            case DeliveryState.Pending(Instant due) -> set(DeliveryStatus.PENDING, due, null);
            case DeliveryState.Sending(Instant lease) -> set(DeliveryStatus.SENDING, lease, null);
            case DeliveryState.Retry(Instant due, String why) ->
                    set(DeliveryStatus.RETRY, due, why);
            case DeliveryState.Unknown(Instant due, String why) ->
                    set(DeliveryStatus.UNKNOWN, due, why);
            case DeliveryState.Sent(String sid) -> {
                set(DeliveryStatus.SENT, null, null);
                providerId = sid;
            }
            case DeliveryState.Delivered(String sid) -> {
                set(DeliveryStatus.DELIVERED, null, null);
                providerId = sid;
            }
            case DeliveryState.Dead(String why) -> set(DeliveryStatus.DEAD, null, why);
            case DeliveryState.Suppressed(String why) -> set(DeliveryStatus.SUPPRESSED, null, why);
            case DeliveryState.Expired(String why) -> set(DeliveryStatus.EXPIRED, null, why);
        }
    }

    private void set(DeliveryStatus status, @Nullable Instant due, @Nullable String why) {
        state = status;
        dueAt = due;
        reason = why;
    }

    DeliveryState toState() {
        String why = reason == null ? "" : reason;
        return switch (state) {
            case PENDING -> new DeliveryState.Pending(dueAt);
            case SENDING -> new DeliveryState.Sending(dueAt);
            case SENT -> new DeliveryState.Sent(providerId);
            case DELIVERED -> new DeliveryState.Delivered(providerId);
            case RETRY -> new DeliveryState.Retry(dueAt, why);
            case UNKNOWN -> new DeliveryState.Unknown(dueAt, why);
            case DEAD -> new DeliveryState.Dead(why);
            case SUPPRESSED -> new DeliveryState.Suppressed(why);
            case EXPIRED -> new DeliveryState.Expired(why);
        };
    }

    Notification toNotification() {
        return new Notification(
                id,
                new Recipient(channel, recipient),
                new Message(subject, body),
                toState(),
                attempts,
                claim,
                firstAttemptAt,
                expiresAt);
    }

    public UUID id() {
        return id;
    }

    /** Null for a test message. */
    public @Nullable UUID alertId() {
        return alertId;
    }

    /** Null for a test message. */
    public @Nullable AlertTransition transition() {
        return transition;
    }

    /** 0 for the first message about a transition. */
    public int repeatNumber() {
        return repeatNumber;
    }

    public ChannelKind channel() {
        return channel;
    }

    public String recipient() {
        return recipient;
    }

    public DeliveryStatus state() {
        return state;
    }

    public @Nullable Instant dueAt() {
        return dueAt;
    }

    public @Nullable String reason() {
        return reason;
    }

    public @Nullable String providerId() {
        return providerId;
    }

    public int attempts() {
        return attempts;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public Instant updatedAt() {
        return updatedAt;
    }

    public Instant expiresAt() {
        return expiresAt;
    }
}
