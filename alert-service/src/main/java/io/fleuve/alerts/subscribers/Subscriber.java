package io.fleuve.alerts.subscribers;

import io.fleuve.alerts.alerts.AlertAnnouncement;
import io.fleuve.alerts.alerts.Announcement;
import io.fleuve.alerts.outbox.Language;
import io.fleuve.alerts.rules.Severity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Someone who is told about alerts.
 *
 * @param regions empty for all
 * @param escalationLevel told once an alert has come to this level; 1 is told at once
 * @param quietHours when not to be told, if ever
 */
public record Subscriber(
        UUID id,
        String name,
        List<Contact> contacts,
        SortedSet<String> regions,
        Set<Severity> severities,
        Language language,
        @Nullable QuietHours quietHours,
        int escalationLevel) {

    /** What of the announcement concerns this subscriber. */
    public Optional<Announcement> partOf(Announcement announcement) {
        if (!severities.contains(announcement.severity())
                || announcement.escalation() < escalationLevel) {
            return Optional.empty();
        }
        List<AlertAnnouncement> alerts =
                announcement.alerts().stream()
                        .filter(a -> regions.isEmpty() || regions.contains(a.region()))
                        .toList();
        return alerts.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Announcement(
                                announcement.key(),
                                announcement.severity(),
                                announcement.repeat(),
                                announcement.escalation(),
                                alerts));
    }

    /** When a message of that severity may be sent. */
    public Timing timing(Severity severity, Instant now) {
        if (quietHours == null
                || (severity == Severity.CRITICAL && quietHours.criticalOverrides())) {
            return new Timing.At(now);
        }
        Optional<Instant> end = quietHours.endIfQuiet(now);
        if (end.isEmpty()) {
            return new Timing.At(now);
        }
        return switch (quietHours.policy()) {
            case DELAY -> new Timing.At(end.get());
            case DROP -> new Timing.Dropped("it came in the subscriber's quiet hours");
        };
    }
}
