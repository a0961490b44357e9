package io.fleuve.alerts.outbox;

import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/** Where notifications are kept; shared by all instances of the service. */
public interface OutboxStore {

    /**
     * Takes up to {@code limit} notifications whose time has come and that no other worker is
     * taking, applies {@code step} to each, and keeps the results, all in one transaction.
     *
     * @return the results
     */
    List<Notification> advanceDue(Instant now, int limit, UnaryOperator<Notification> step);

    /**
     * Keeps the new state of a notification.
     *
     * @return false if a later claim has been made on it, in which case nothing is kept
     */
    boolean save(Notification notification);

    /**
     * Takes note of what an attempt says about its channel, so that all instances heed it. Called
     * before the notification's new state is kept.
     */
    void observe(ChannelKind channel, DeliveryOutcome outcome, Instant now);

    /** How much is waiting. */
    OutboxDepth depth();
}
