package io.fleuve.alerts.store;

import io.fleuve.alerts.alerts.AlertAnnouncement;
import io.fleuve.alerts.alerts.Announcement;
import io.fleuve.alerts.outbox.Announcer;
import io.fleuve.alerts.outbox.MessageComposer;
import io.fleuve.alerts.outbox.Recipient;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Tells the configured recipients, all of them everything. */
public final class RecipientsAnnouncer implements Announcer {

    private final EntityManager entities;
    private final List<Recipient> recipients;
    private final Duration maxAge;
    private final MessageComposer composer = new MessageComposer();

    /**
     * @param maxAge after which a message is not worth sending
     */
    public RecipientsAnnouncer(
            EntityManager entities, List<Recipient> recipients, Duration maxAge) {
        this.entities = entities;
        this.recipients = List.copyOf(recipients);
        this.maxAge = maxAge;
    }

    @Override
    public void announce(Announcement announcement, Instant now) {
        AlertAnnouncement first = announcement.alerts().getFirst();
        for (Recipient recipient : recipients) {
            entities.persist(
                    new NotificationEntity(
                            first.alertId(),
                            announcement,
                            recipient,
                            composer.compose(recipient.channel(), announcement),
                            now,
                            now.plus(maxAge)));
        }
    }
}
