package io.fleuve.alerts.store;

import io.fleuve.alerts.outbox.ChannelGate;
import io.fleuve.alerts.outbox.ChannelKind;
import io.fleuve.alerts.outbox.ChannelLimits;
import io.fleuve.alerts.outbox.DeliveryOutcome;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The gates of channels, one row each, locked while they are changed. */
public final class ChannelGates {

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transactions;
    private final Map<ChannelKind, ChannelLimits> limits;

    public ChannelGates(
            JdbcTemplate jdbc,
            PlatformTransactionManager transactions,
            Map<ChannelKind, ChannelLimits> limits) {
        this.jdbc = jdbc;
        this.transactions = new TransactionTemplate(transactions);
        this.limits = new EnumMap<>(limits);
    }

    /** Takes leave for that many requests; to be called inside a transaction. */
    int take(ChannelKind channel, int wanted, Instant now) {
        ChannelLimits bound = limits.get(channel);
        if (bound == null) {
            return wanted;
        }
        ChannelGate.Grant grant = locked(channel, bound, now).take(wanted, bound, now);
        save(channel, grant.gate());
        return grant.granted();
    }

    /** Takes note of what an attempt came to, in a transaction of its own. */
    void observe(ChannelKind channel, DeliveryOutcome outcome, Instant now) {
        ChannelLimits bound = limits.get(channel);
        if (bound == null) {
            return;
        }
        if (outcome instanceof DeliveryOutcome.Accepted
                && find(channel, false).map(ChannelGate::isSound).orElse(true)) {
            return;
        }
        transactions.executeWithoutResult(
                _ -> save(channel, locked(channel, bound, now).observe(outcome, bound, now)));
    }

    /** How a channel stands, if it has been used. */
    public Optional<ChannelGate> find(ChannelKind channel) {
        return find(channel, false);
    }

    private ChannelGate locked(ChannelKind channel, ChannelLimits bound, Instant now) {
        ChannelGate fresh = ChannelGate.fresh(bound, now);
        jdbc.update(
                "INSERT INTO channel_gates (channel, tokens, refilled_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                channel.name(),
                fresh.tokens(),
                time(now));
        return find(channel, true).orElse(fresh);
    }

    private Optional<ChannelGate> find(ChannelKind channel, boolean lock) {
        return jdbc
                .query(
                        "SELECT * FROM channel_gates WHERE channel = ?"
                                + (lock ? " FOR UPDATE" : ""),
                        (row, _) ->
                                new ChannelGate(
                                        row.getDouble("tokens"),
                                        row.getObject("refilled_at", OffsetDateTime.class)
                                                .toInstant(),
                                        instant(
                                                row.getObject(
                                                        "tokens_due_at", OffsetDateTime.class)),
                                        instant(
                                                row.getObject(
                                                        "retry_after_until", OffsetDateTime.class)),
                                        instant(row.getObject("open_until", OffsetDateTime.class)),
                                        row.getInt("failures"),
                                        row.getObject("budget_day", LocalDate.class),
                                        row.getInt("spent")),
                        channel.name())
                .stream()
                .findFirst();
    }

    private void save(ChannelKind channel, ChannelGate gate) {
        jdbc.update(
                """
                UPDATE channel_gates SET tokens = ?, refilled_at = ?, tokens_due_at = ?, retry_after_until = ?,
                    open_until = ?, failures = ?, budget_day = ?, spent = ? WHERE channel = ?
                """,
                gate.tokens(),
                time(gate.refilledAt()),
                time(gate.tokensDueAt()),
                time(gate.retryAfterUntil()),
                time(gate.openUntil()),
                gate.failures(),
                gate.budgetDay(),
                gate.spent(),
                channel.name());
    }

    static @Nullable OffsetDateTime time(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
