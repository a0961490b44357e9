package io.fleuve.alerts.store;

import io.fleuve.alerts.outbox.MessageComposer;
import io.fleuve.alerts.outbox.Recipient;
import io.fleuve.alerts.subscribers.Contact;
import io.fleuve.alerts.subscribers.Subscriber;
import io.fleuve.alerts.subscribers.SubscriberDraft;
import io.fleuve.alerts.subscribers.UnsubscribeToken;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Subscribers, as rows that keep the definition that the caller wrote. */
public final class SubscriberBook {

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transactions;
    private final Terms terms;
    private final MessageComposer composer;
    private final InstantSource clock;
    private final JsonMapper json = JsonMapper.builder().build();

    /**
     * What holds for all subscribers.
     *
     * @param max most that are kept
     * @param publicUrl where people reach this service, without a slash at its end
     * @param maxAge after which a message is not worth sending
     */
    public record Terms(int max, String publicUrl, Duration maxAge) {}

    /** A subscriber and what has become of it. */
    public record Row(
            UUID id,
            SubscriberDraft definition,
            boolean active,
            Instant createdAt,
            Instant updatedAt) {}

    /** What became of a change. */
    public sealed interface Kept {
        record Done(Row row) implements Kept {}

        record NameTaken() implements Kept {}

        record Full(int max) implements Kept {}

        record Missing() implements Kept {}
    }

    public SubscriberBook(
            JdbcTemplate jdbc,
            PlatformTransactionManager transactions,
            Terms terms,
            MessageComposer composer,
            InstantSource clock) {
        this.jdbc = jdbc;
        this.transactions = new TransactionTemplate(transactions);
        this.terms = terms;
        this.composer = composer;
        this.clock = clock;
    }

    public List<Row> all() {
        return jdbc.query("SELECT * FROM subscribers ORDER BY name", rows());
    }

    public Optional<Row> find(UUID id) {
        return jdbc.query("SELECT * FROM subscribers WHERE id = ?", rows(), id).stream()
                .findFirst();
    }

    /** Those who have not unsubscribed. */
    public List<Subscriber> active() {
        List<Subscriber> active = new ArrayList<>();
        for (Row row : jdbc.query("SELECT * FROM subscribers WHERE active ORDER BY id", rows())) {
            if (row.definition().check(row.id())
                    instanceof SubscriberDraft.Checked.Valid(Subscriber subscriber)) {
                active.add(subscriber);
            }
        }
        return active;
    }

    public Kept add(UUID id, SubscriberDraft draft) {
        Integer count = jdbc.queryForObject("SELECT count(*) FROM subscribers", Integer.class);
        if (count != null && count >= terms.max()) {
            return new Kept.Full(terms.max());
        }
        OffsetDateTime now = ChannelGates.time(clock.instant());
        try {
            jdbc.update(
                    "INSERT INTO subscribers VALUES (?, ?, ?, true, ?, ?)",
                    id,
                    nameOf(draft),
                    json.writeValueAsString(draft),
                    now,
                    now);
        } catch (DuplicateKeyException e) {
            return new Kept.NameTaken();
        }
        return find(id).<Kept>map(Kept.Done::new).orElseGet(Kept.Missing::new);
    }

    /** Replaces a definition; who had unsubscribed is subscribed again. */
    public Kept change(UUID id, SubscriberDraft draft) {
        try {
            jdbc.update(
                    "UPDATE subscribers SET name = ?, definition = ?, active = true, updated_at = ? WHERE id = ?",
                    nameOf(draft),
                    json.writeValueAsString(draft),
                    ChannelGates.time(clock.instant()),
                    id);
        } catch (DuplicateKeyException e) {
            return new Kept.NameTaken();
        }
        return find(id).<Kept>map(Kept.Done::new).orElseGet(Kept.Missing::new);
    }

    public boolean remove(UUID id) {
        return Boolean.TRUE.equals(
                transactions.execute(
                        _ -> {
                            withdrawMessages(id);
                            return jdbc.update("DELETE FROM subscribers WHERE id = ?", id) > 0;
                        }));
    }

    /** Ends a subscription for whoever holds its link; what waits is not sent any more. */
    public boolean unsubscribe(String token) {
        Optional<UUID> id = token().verify(token);
        return id.isPresent()
                && Boolean.TRUE.equals(
                        transactions.execute(
                                _ -> {
                                    withdrawMessages(id.get());
                                    return jdbc.update(
                                                    "UPDATE subscribers SET active = false, updated_at = ? WHERE id = ?",
                                                    ChannelGates.time(clock.instant()),
                                                    id.get())
                                            > 0;
                                }));
    }

    /** The link by which a subscriber leaves, or null if no public address is configured. */
    public @Nullable String unsubscribeLink(UUID id) {
        return terms.publicUrl().isEmpty()
                ? null
                : terms.publicUrl() + "/unsubscribe?token=" + token().sign(id);
    }

    /**
     * Sends a test message through each of a subscriber's channels, quiet hours or not.
     *
     * @return the ids of the notifications; empty if there is no such subscriber or it has
     *     unsubscribed
     */
    public List<UUID> test(UUID id) {
        Optional<Row> row = find(id).filter(Row::active);
        if (row.isEmpty()
                || !(row.get().definition().check(id)
                        instanceof SubscriberDraft.Checked.Valid(Subscriber subscriber))) {
            return List.of();
        }
        Instant now = clock.instant();
        String key = "test/" + UUID.randomUUID();
        OutboxInserts outbox = new OutboxInserts(jdbc, terms.maxAge());
        List<UUID> sent = new ArrayList<>();
        for (Contact contact : subscriber.contacts()) {
            Recipient to = contact.recipient();
            UUID written =
                    outbox.send(
                            new OutboxInserts.Topic(key, null, null, 0, id),
                            to,
                            composer.test(
                                    to.channel(), subscriber.language(), key, unsubscribeLink(id)),
                            now,
                            now);
            if (written != null) {
                sent.add(written);
            }
        }
        return sent;
    }

    private void withdrawMessages(UUID id) {
        jdbc.update(
                """
                UPDATE notifications SET state = 'SUPPRESSED', due_at = NULL, reason = 'the subscriber has unsubscribed',
                    updated_at = ? WHERE subscriber_id = ? AND state IN ('PENDING', 'RETRY')
                """,
                ChannelGates.time(clock.instant()),
                id);
    }

    private UnsubscribeToken token() {
        String secret =
                jdbc.queryForObject(
                        "SELECT secret FROM delivery_secrets WHERE name = 'unsubscribe'",
                        String.class);
        if (secret == null) {
            throw new IllegalStateException("the table delivery_secrets holds no secret");
        }
        return new UnsubscribeToken(secret);
    }

    private static String nameOf(SubscriberDraft draft) {
        return draft.name() == null ? "" : draft.name().strip();
    }

    private RowMapper<Row> rows() {
        return (row, _) ->
                new Row(
                        row.getObject("id", UUID.class),
                        json.readValue(row.getString("definition"), SubscriberDraft.class),
                        row.getBoolean("active"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        row.getObject("updated_at", OffsetDateTime.class).toInstant());
    }
}
