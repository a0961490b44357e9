package io.fleuve.alerts.store;

import io.fleuve.alerts.outbox.DeliveryState;
import io.fleuve.alerts.outbox.Notification;
import io.fleuve.alerts.outbox.OutboxDepth;
import io.fleuve.alerts.outbox.OutboxStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The outbox as a table: rows are claimed with {@code FOR UPDATE SKIP LOCKED}, so that workers
 * never wait for each other.
 */
public final class PostgresOutboxStore implements OutboxStore {

    private final NotificationRepository notifications;
    private final TransactionTemplate transactions;
    private final InstantSource clock;

    public PostgresOutboxStore(
            NotificationRepository notifications,
            PlatformTransactionManager transactions,
            InstantSource clock) {
        this.notifications = notifications;
        this.transactions = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    @Override
    public List<Notification> advanceDue(Instant now, int limit, UnaryOperator<Notification> step) {
        return transactions.execute(
                _ -> {
                    List<Notification> advanced = new ArrayList<>();
                    for (NotificationEntity row : notifications.lockDue(now, limit)) {
                        Notification next = step.apply(row.toNotification());
                        row.update(next, now);
                        advanced.add(next);
                    }
                    return advanced;
                });
    }

    @Override
    public boolean save(Notification notification) {
        return Boolean.TRUE.equals(
                transactions.execute(
                        _ ->
                                notifications
                                        .findForChange(notification.id())
                                        .filter(row -> isStillOurs(row, notification))
                                        .map(
                                                row -> {
                                                    row.update(notification, clock.instant());
                                                    return true;
                                                })
                                        .orElse(false)));
    }

    @Override
    public OutboxDepth depth() {
        return new OutboxDepth(notifications.countUnfinished(), notifications.oldestUnfinished());
    }

    /**
     * Tries a dead notification once more, on a person's word.
     *
     * @param life how long it may take
     * @return the notification's row, or nothing if there is none or it is not dead
     */
    public Optional<NotificationEntity> revive(UUID id, Duration life) {
        return transactions.execute(
                _ ->
                        notifications
                                .findForChange(id)
                                .filter(row -> row.toState() instanceof DeliveryState.Dead)
                                .map(row -> revived(row, life)));
    }

    private NotificationEntity revived(NotificationEntity row, Duration life) {
        Instant now = clock.instant();
        if (row.toState() instanceof DeliveryState.Dead dead) {
            row.revive(dead.revive(now), now, now.plus(life));
        }
        return row;
    }

    /**
     * Whether the row is as the worker's claim left it. A worker that overran its lease may still
     * report, as long as nobody has claimed the row since: what it knows is better than not
     * knowing.
     */
    private static boolean isStillOurs(NotificationEntity row, Notification notification) {
        return row.toNotification().claim() == notification.claim()
                && switch (row.state()) {
                    case SENDING, UNKNOWN, RETRY -> true;
                    case PENDING, SENT, DELIVERED, DEAD, SUPPRESSED, EXPIRED -> false;
                };
    }
}
