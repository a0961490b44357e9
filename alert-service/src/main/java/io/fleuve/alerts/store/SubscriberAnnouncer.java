package io.fleuve.alerts.store;

import io.fleuve.alerts.alerts.AlertAnnouncement;
import io.fleuve.alerts.alerts.Announcement;
import io.fleuve.alerts.outbox.Announcer;
import io.fleuve.alerts.outbox.ChannelKind;
import io.fleuve.alerts.outbox.Language;
import io.fleuve.alerts.outbox.Message;
import io.fleuve.alerts.outbox.MessageComposer;
import io.fleuve.alerts.outbox.Recipient;
import io.fleuve.alerts.subscribers.Contact;
import io.fleuve.alerts.subscribers.Subscriber;
import io.fleuve.alerts.subscribers.Timing;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Tells the configured recipients everything, and subscribers what concerns them. A recipient that
 * several of them name is told once.
 */
public final class SubscriberAnnouncer implements Announcer {

    private final EntityManager entities;
    private final OutboxInserts outbox;
    private final List<Recipient> builtIn;
    private final SubscriberBook subscribers;
    private final MessageComposer composer;

    public SubscriberAnnouncer(
            EntityManager entities,
            JdbcTemplate jdbc,
            List<Recipient> builtIn,
            SubscriberBook subscribers,
            MessageComposer composer,
            Duration maxAge) {
        this.entities = entities;
        this.outbox = new OutboxInserts(jdbc, maxAge);
        this.builtIn = List.copyOf(builtIn);
        this.subscribers = subscribers;
        this.composer = composer;
    }

    @Override
    public void announce(Announcement announcement, Instant now) {
        // Messages name alerts, which this transaction may have written a moment ago.
        entities.flush();
        // An address that the operator has named as well is told once, in its subscriber's language
        // if
        // that tells as much and as soon.
        Map<Subscriber, Announcement> others = new LinkedHashMap<>();
        for (Subscriber subscriber : subscribers.active()) {
            Announcement part = subscriber.partOf(announcement).orElse(null);
            if (part == null) {
                continue;
            }
            boolean isNow = subscriber.timing(part.severity(), now).equals(new Timing.At(now));
            if (isNow && part.alerts().size() == announcement.alerts().size()) {
                tell(subscriber, part, now);
            } else {
                others.put(subscriber, part);
            }
        }
        for (Recipient recipient : builtIn) {
            for (Announcement part : parts(recipient.channel(), announcement)) {
                outbox.send(
                        topic(part, null),
                        recipient,
                        composer.compose(recipient.channel(), part, Language.ENGLISH, null),
                        now,
                        now);
            }
        }
        others.forEach((subscriber, part) -> tell(subscriber, part, now));
    }

    private void tell(Subscriber subscriber, Announcement announcement, Instant now) {
        Timing timing = subscriber.timing(announcement.severity(), now);
        for (Contact contact : subscriber.contacts()) {
            for (Announcement part : parts(contact.recipient().channel(), announcement)) {
                tell(subscriber, contact, part, timing, now);
            }
        }
    }

    private void tell(
            Subscriber subscriber, Contact contact, Announcement part, Timing timing, Instant now) {
        OutboxInserts.Topic topic = topic(part, subscriber.id());
        Message message = worded(subscriber, contact.recipient(), part);
        switch (timing) {
            case Timing.Dropped(String reason) ->
                    outbox.suppress(topic, contact.recipient(), message, reason, now);
            case Timing.At(Instant dueAt) -> {
                UUID first = outbox.send(topic, contact.recipient(), message, dueAt, now);
                Recipient fallback = contact.fallback();
                if (first != null && fallback != null) {
                    outbox.standBy(topic, fallback, worded(subscriber, fallback, part), first, now);
                }
            }
        }
    }

    private Message worded(Subscriber subscriber, Recipient to, Announcement part) {
        return composer.compose(
                to.channel(),
                part,
                subscriber.language(),
                subscribers.unsubscribeLink(subscriber.id()));
    }

    private static OutboxInserts.Topic topic(Announcement part, @Nullable UUID subscriber) {
        return new OutboxInserts.Topic(
                part.key(),
                part.alerts().getFirst().alertId(),
                part.transition(),
                part.repeat(),
                subscriber);
    }

    /** PagerDuty keeps an incident an episode, so that a group becomes an event for each. */
    private static List<Announcement> parts(ChannelKind channel, Announcement announcement) {
        if (channel != ChannelKind.PAGERDUTY || announcement.alerts().size() == 1) {
            return List.of(announcement);
        }
        return announcement.alerts().stream().map(a -> only(announcement, a)).toList();
    }

    private static Announcement only(Announcement announcement, AlertAnnouncement alert) {
        return new Announcement(
                announcement.key() + "/" + alert.episode().id(),
                announcement.severity(),
                announcement.repeat(),
                announcement.escalation(),
                List.of(alert));
    }
}
