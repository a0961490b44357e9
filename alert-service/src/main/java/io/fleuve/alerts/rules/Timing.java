package io.fleuve.alerts.rules;

import java.time.Duration;
import java.util.List;

/**
 * When a breach becomes an alert, when an alert is over, and when people are reminded.
 *
 * @param holdFor event time that a breach must last, from the start of its first window, before the
 *     alert fires; zero for at once
 * @param keepFiringFor event time that a recovery must last before the alert is over
 * @param repeatEvery after which people are told again, by the clock; zero for never
 * @param escalateAfter how long after they were first told, by the clock, an alert that nobody has
 *     acknowledged calls in the second level, the third and so on; ascending
 */
public record Timing(
        Duration holdFor,
        Duration keepFiringFor,
        Duration repeatEvery,
        List<Duration> escalateAfter) {

    /** At once, and never again. */
    public static final Timing IMMEDIATE =
            new Timing(Duration.ZERO, Duration.ZERO, Duration.ZERO, List.of());

    public Timing {
        escalateAfter = List.copyOf(escalateAfter);
    }
}
