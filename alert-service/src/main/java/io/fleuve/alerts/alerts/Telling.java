package io.fleuve.alerts.alerts;

import io.fleuve.alerts.silences.Suppression;
import java.time.Duration;
import java.time.Instant;

/** What becomes of a transition that is waiting to be told. */
public sealed interface Telling {

    /** It is told. */
    record Tell() implements Telling {}

    /**
     * It waits on, until the suppression may be over.
     *
     * @param why in words
     */
    record Hold(Instant until, String why) implements Telling {}

    /**
     * It is never told.
     *
     * @param why in words
     */
    record Drop(String why) implements Telling {}

    /**
     * What is waiting.
     *
     * @param wasHeld whether it was held before
     * @param status the alert's, now
     * @param isKnown whether people were told that the alert fires
     * @param isAcknowledged whether someone takes care of the alert
     */
    record Waiting(
            AlertTransition transition,
            boolean wasHeld,
            AlertStatus status,
            boolean isKnown,
            boolean isAcknowledged) {}

    /**
     * Decides.
     *
     * <ul>
     *   <li>Nothing is told while it is suppressed. What a person must learn in the end (it fires,
     *       it is over) is held until then; what only reminds is dropped.
     *   <li>Whoever was told that it fires is told that it is over, and nobody else.
     *   <li>What was held and is over when the suppression ends was never worth telling.
     * </ul>
     *
     * @param recheck how long what has no known end is held before it is looked at again
     */
    static Telling decide(Waiting waiting, Suppression suppression, Instant now, Duration recheck) {
        return switch (waiting.transition()) {
            case FIRING, NO_DATA -> raised(waiting, suppression, now, recheck);
            case RESOLVED ->
                    waiting.isKnown()
                            ? unlessSuppressed(suppression, now, recheck)
                            : new Drop("nobody was told that it fired");
            case REPEATED, ESCALATED -> reminder(waiting, suppression, now, recheck);
            case ACKNOWLEDGED ->
                    switch (unlessSuppressed(suppression, now, recheck)) {
                        case Hold(_, String why) -> new Drop(why);
                        case Tell tell -> tell;
                        case Drop drop -> drop;
                    };
        };
    }

    private static Telling raised(
            Waiting waiting, Suppression suppression, Instant now, Duration recheck) {
        Telling telling = unlessSuppressed(suppression, now, recheck);
        boolean isOver = !waiting.status().isOpen();
        return isOver && (waiting.wasHeld() || telling instanceof Hold)
                ? new Drop("over before it could be told")
                : telling;
    }

    private static Telling reminder(
            Waiting waiting, Suppression suppression, Instant now, Duration recheck) {
        if (!waiting.status().isOpen()) {
            return new Drop("over before it could be told");
        }
        if (waiting.isAcknowledged()) {
            return new Drop("acknowledged before it could be told");
        }
        return switch (unlessSuppressed(suppression, now, recheck)) {
            case Hold(_, String why) -> new Drop(why);
            case Tell tell -> tell;
            case Drop drop -> drop;
        };
    }

    private static Telling unlessSuppressed(
            Suppression suppression, Instant now, Duration recheck) {
        return switch (suppression) {
            case Suppression.None() -> new Tell();
            case Suppression.Silenced(var id, Instant until) ->
                    new Hold(until, "silenced by " + id);
            case Suppression.Inhibited(var alert) ->
                    new Hold(now.plus(recheck), "inhibited by alert " + alert);
        };
    }
}
