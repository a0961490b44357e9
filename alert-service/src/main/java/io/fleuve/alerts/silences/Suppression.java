package io.fleuve.alerts.silences;

import java.time.Instant;
import java.util.UUID;

/** Whether something keeps an alert from being told, and what. */
public sealed interface Suppression {

    /** Nothing does. */
    record None() implements Suppression {}

    /** Someone has silenced it. */
    record Silenced(UUID silence, Instant until) implements Suppression {}

    /** A worse alert is open. */
    record Inhibited(UUID alert) implements Suppression {}
}
