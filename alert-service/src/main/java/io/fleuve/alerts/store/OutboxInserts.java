package io.fleuve.alerts.store;

import io.fleuve.alerts.alerts.AlertTransition;
import io.fleuve.alerts.outbox.Message;
import io.fleuve.alerts.outbox.Recipient;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Writes rows of the outbox; what is there already stays as it is. */
final class OutboxInserts {

    /** Why a row waits that only stands in for another. */
    static final String STAND_BY = "only sent if the first way fails";

    private final JdbcTemplate jdbc;
    private final Duration maxAge;

    OutboxInserts(JdbcTemplate jdbc, Duration maxAge) {
        this.jdbc = jdbc;
        this.maxAge = maxAge;
    }

    /**
     * What a row is about.
     *
     * @param key with transition, repeat, recipient and channel unique for ever
     */
    record Topic(
            String key,
            @Nullable UUID alert,
            @Nullable AlertTransition transition,
            int repeat,
            @Nullable UUID subscriber) {}

    /** Keeps a message to be sent; says its id, or null if it was kept before. */
    @Nullable UUID send(Topic topic, Recipient to, Message message, Instant dueAt, Instant now) {
        return insert(topic, to, message, dueAt, null, null, now);
    }

    /** Keeps a message that is deliberately not sent, and why. */
    void suppress(Topic topic, Recipient to, Message message, String reason, Instant now) {
        insert(topic, to, message, null, reason, null, now);
    }

    /** Keeps a message that is sent if {@code first} fails. */
    void standBy(Topic topic, Recipient to, Message message, UUID first, Instant now) {
        insert(topic, to, message, null, STAND_BY, first, now);
    }

    private @Nullable UUID insert(
            Topic topic,
            Recipient to,
            Message message,
            @Nullable Instant dueAt,
            @Nullable String reason,
            @Nullable UUID fallbackOf,
            Instant now) {
        UUID id = UUID.randomUUID();
        int written =
                jdbc.update(
                        """
                        INSERT INTO notifications (id, alert_id, episode_id, transition, repeat_number, channel,
                            recipient, subject, body, state, due_at, reason, attempts, claim, created_at, updated_at,
                            expires_at, subscriber_id, fallback_of)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                        """,
                        id,
                        topic.alert(),
                        topic.key(),
                        topic.transition() == null ? null : topic.transition().name(),
                        topic.repeat(),
                        to.channel().name(),
                        to.address(),
                        message.subject(),
                        message.body(),
                        dueAt == null ? "SUPPRESSED" : "PENDING",
                        ChannelGates.time(dueAt),
                        reason,
                        ChannelGates.time(now),
                        ChannelGates.time(now),
                        ChannelGates.time((dueAt == null ? now : dueAt).plus(maxAge)),
                        topic.subscriber(),
                        fallbackOf);
        return written == 0 ? null : id;
    }
}
