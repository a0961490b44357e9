package io.fleuve.alerts.alerts;

import io.fleuve.alerts.rules.Severity;
import java.util.List;

/**
 * One thing to tell people: one transition of one rule, of all regions together that it concerns.
 * Silenced and inhibited alerts are not part of it; who is told, and when, is not decided here.
 *
 * @param key identifies the announcement for ever and is a function of what it says: writing the
 *     same one again must tell nobody twice. At most 200 characters
 * @param severity the rule's
 * @param repeat 0 when first told, n for the nth repetition
 * @param escalation 1 at first, n once the nth level has been called in
 * @param alerts at least one, all of the same rule and transition, ordered by region
 */
public record Announcement(
        String key, Severity severity, int repeat, int escalation, List<AlertAnnouncement> alerts) {

    public Announcement {
        alerts = List.copyOf(alerts);
        if (alerts.isEmpty()) {
            throw new IllegalArgumentException("an announcement needs an alert");
        }
        AlertTransition transition = alerts.getFirst().transition();
        if (alerts.stream().anyMatch(a -> a.transition() != transition)) {
            throw new IllegalArgumentException("an announcement tells of one transition only");
        }
    }

    /** The transition that all its alerts made. */
    public AlertTransition transition() {
        return alerts.getFirst().transition();
    }
}
