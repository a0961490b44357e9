package io.fleuve.alerts.outbox;

/**
 * A way to reach people. Implementations are thread-safe, try once, bound their waiting, and do not
 * throw.
 */
public interface NotificationChannel {

    ChannelKind kind();

    /** What may be done with a message of which nobody knows whether it went out. */
    Redelivery redelivery();

    /** Sends the notification's message once, without retries of its own. */
    DeliveryOutcome send(Notification notification);

    /**
     * Asks the provider about an earlier attempt; called only where {@link
     * Redelivery#LOOK_UP_FIRST} holds.
     */
    LookupOutcome lookUp(Notification notification);
}
