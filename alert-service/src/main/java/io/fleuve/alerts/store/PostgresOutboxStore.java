package io.fleuve.alerts.store;

import io.fleuve.alerts.outbox.ChannelKind;
import io.fleuve.alerts.outbox.DeliveryOutcome;
import io.fleuve.alerts.outbox.DeliveryPolicy;
import io.fleuve.alerts.outbox.DeliveryState;
import io.fleuve.alerts.outbox.Notification;
import io.fleuve.alerts.outbox.OutboxDepth;
import io.fleuve.alerts.outbox.OutboxStore;
import io.fleuve.alerts.outbox.Receipt;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The outbox as a table: rows are claimed with {@code FOR UPDATE SKIP LOCKED}, so that workers
 * never wait for each other.
 */
public final class PostgresOutboxStore implements OutboxStore {

    private final NotificationRepository notifications;
    private final TransactionTemplate transactions;
    private final ChannelGates gates;
    private final JdbcTemplate jdbc;
    private final InstantSource clock;

    public PostgresOutboxStore(
            NotificationRepository notifications,
            PlatformTransactionManager transactions,
            ChannelGates gates,
            JdbcTemplate jdbc,
            InstantSource clock) {
        this.notifications = notifications;
        this.transactions = new TransactionTemplate(transactions);
        this.gates = gates;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @Override
    public List<Notification> advanceDue(Instant now, int limit, UnaryOperator<Notification> step) {
        return transactions.execute(
                _ -> {
                    List<Notification> advanced = new ArrayList<>();
                    Map<ChannelKind, List<NotificationEntity>> due =
                            new EnumMap<>(ChannelKind.class);
                    notifications
                            .lockDue(now, limit)
                            .forEach(
                                    row ->
                                            due.computeIfAbsent(
                                                            row.channel(), _ -> new ArrayList<>())
                                                    .add(row));
                    // In the order of the enum, so that instances never wait for each other's
                    // gates.
                    due.forEach(
                            (channel, rows) -> {
                                int granted = gates.take(channel, rows.size(), now);
                                for (NotificationEntity row : rows.subList(0, granted)) {
                                    Notification next = step.apply(row.toNotification());
                                    row.update(next, now);
                                    startFallback(next, now);
                                    advanced.add(next);
                                }
                            });
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
                                                    Instant now = clock.instant();
                                                    row.update(notification, now);
                                                    startFallback(notification, now);
                                                    return true;
                                                })
                                        .orElse(false)));
    }

    @Override
    public void observe(ChannelKind channel, DeliveryOutcome outcome, Instant now) {
        gates.observe(channel, outcome, now);
    }

    /**
     * Lets the message go out that stands in for one that has failed for good. One whose fate is
     * unknown has not failed, so that nobody is told twice.
     */
    private void startFallback(Notification notification, Instant now) {
        boolean failed =
                switch (notification.state()) {
                    case DeliveryState.Dead _ -> true;
                    case DeliveryState.Expired(String reason) ->
                            !reason.startsWith(DeliveryPolicy.FATE_UNKNOWN);
                    case DeliveryState.Suppressed _,
                            DeliveryState.Pending _,
                            DeliveryState.Sending _,
                            DeliveryState.Sent _,
                            DeliveryState.Delivered _,
                            DeliveryState.Retry _,
                            DeliveryState.Unknown _ ->
                            false;
                };
        if (failed) {
            startFallbackOf(notification.id(), now);
        }
    }

    private void startFallbackOf(UUID id, Instant now) {
        jdbc.update(
                """
                UPDATE notifications SET state = 'PENDING', due_at = ?, reason = NULL, updated_at = ?,
                    expires_at = ?::timestamptz + (expires_at - created_at)
                WHERE fallback_of = ? AND state = 'SUPPRESSED' AND reason = ?
                """,
                ChannelGates.time(now),
                ChannelGates.time(now),
                ChannelGates.time(now),
                id,
                OutboxInserts.STAND_BY);
    }

    /**
     * Takes what a provider reports about a message that it took, or may have taken.
     *
     * @param event the provider's name for the report; one that comes again changes nothing
     * @return whether it was new and about a message of ours
     */
    public boolean receive(String provider, String event, Receipt receipt) {
        return Boolean.TRUE.equals(
                transactions.execute(
                        _ -> {
                            Instant now = clock.instant();
                            int fresh =
                                    jdbc.update(
                                            "INSERT INTO delivery_receipts VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                                            provider,
                                            event,
                                            ChannelGates.time(now));
                            if (fresh == 0) {
                                return false;
                            }
                            Optional<NotificationEntity> row =
                                    notifications.findForChange(receipt.notification());
                            row.ifPresent(
                                    found -> {
                                        Notification next = receipt.applyTo(found.toNotification());
                                        found.update(next, now);
                                        startFallback(next, now);
                                    });
                            return row.isPresent();
                        }));
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
