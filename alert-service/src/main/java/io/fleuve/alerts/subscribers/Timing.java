package io.fleuve.alerts.subscribers;

import java.time.Instant;

/** When a subscriber is told. */
public sealed interface Timing {

    /** At once, or when quiet hours are over. */
    record At(Instant dueAt) implements Timing {}

    /** Not at all. */
    record Dropped(String reason) implements Timing {}
}
