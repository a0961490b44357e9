package io.fleuve.alerts.outbox;

import io.fleuve.alerts.alerts.Announcement;
import java.time.Instant;

/**
 * Turns an announcement into messages on their way to people. Called inside the transaction that
 * decides that it is to be told.
 */
@FunctionalInterface
public interface Announcer {

    /** Writes one message a recipient and channel; announcing the same again writes nothing. */
    void announce(Announcement announcement, Instant now);
}
