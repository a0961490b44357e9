package io.fleuve.alerts.alerts;

import io.fleuve.alerts.rules.Timing;
import java.time.Instant;
import java.util.Optional;

/**
 * What people have been told of an open alert, and when they are to be told again, by the clock.
 *
 * @param firstToldAt when they were told first
 * @param lastToldAt when they were told last
 * @param repeats how often they were told again
 * @param level 1 at first, n once the nth level was called in
 * @param isAcknowledged someone takes care: nobody is told again
 */
public record Reminders(
        Instant firstToldAt, Instant lastToldAt, int repeats, int level, boolean isAcknowledged) {

    /** What is to be told. */
    public sealed interface Due {
        /** The reminders once it is told. */
        Reminders after();

        /** The nth time that the alert is told again. */
        record Repeat(int number, Reminders after) implements Due {}

        /** The nth level is called in. */
        record Escalation(int level, Reminders after) implements Due {}
    }

    /** People have just been told for the first time. */
    public static Reminders begin(Instant now) {
        return new Reminders(now, now, 0, 1, false);
    }

    /** Someone takes care of it. */
    public Reminders acknowledge() {
        return new Reminders(firstToldAt, lastToldAt, repeats, level, true);
    }

    /** When something is to be told next, if ever. */
    public Optional<Instant> next(Timing timing) {
        Optional<Instant> repeat = nextRepeat(timing);
        Optional<Instant> escalation = nextEscalation(timing);
        if (repeat.isPresent() && escalation.isPresent()) {
            return repeat.get().isBefore(escalation.get()) ? repeat : escalation;
        }
        return repeat.isPresent() ? repeat : escalation;
    }

    /**
     * What is due at {@code now}: one thing at a time, calling in before repeating. After a pause
     * of the service one repetition makes up for all that were missed.
     */
    public Optional<Due> due(Timing timing, Instant now) {
        if (nextEscalation(timing).filter(at -> !at.isAfter(now)).isPresent()) {
            Reminders after = new Reminders(firstToldAt, now, repeats, level + 1, isAcknowledged);
            return Optional.of(new Due.Escalation(level + 1, after));
        }
        if (nextRepeat(timing).filter(at -> !at.isAfter(now)).isPresent()) {
            Reminders after = new Reminders(firstToldAt, now, repeats + 1, level, isAcknowledged);
            return Optional.of(new Due.Repeat(repeats + 1, after));
        }
        return Optional.empty();
    }

    private Optional<Instant> nextRepeat(Timing timing) {
        return isAcknowledged || timing.repeatEvery().isZero()
                ? Optional.empty()
                : Optional.of(lastToldAt.plus(timing.repeatEvery()));
    }

    private Optional<Instant> nextEscalation(Timing timing) {
        return isAcknowledged || level > timing.escalateAfter().size()
                ? Optional.empty()
                : Optional.of(firstToldAt.plus(timing.escalateAfter().get(level - 1)));
    }
}
