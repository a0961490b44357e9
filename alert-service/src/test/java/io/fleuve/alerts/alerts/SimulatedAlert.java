package io.fleuve.alerts.alerts;

import io.fleuve.alerts.rules.Condition;
import io.fleuve.alerts.rules.Rule;
import io.fleuve.alerts.silences.Suppression;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One rule in one place with a clock, silences, an inhibiting alert and somebody who acknowledges:
 * the pure parts put together as the service does, with its invariants checked at every step in
 * words of their own.
 */
final class SimulatedAlert {

    private static final Duration GROUP_WAIT = Duration.ofMillis(500);
    private static final Duration RECHECK = Duration.ofMinutes(1);
    private static final Map<AlertStatus, Set<AlertStatus>> LEGAL =
            Map.of(
                    AlertStatus.INACTIVE,
                    Set.of(AlertStatus.PENDING, AlertStatus.FIRING, AlertStatus.NO_DATA),
                    AlertStatus.RESOLVED,
                    Set.of(AlertStatus.PENDING, AlertStatus.FIRING, AlertStatus.NO_DATA),
                    AlertStatus.PENDING,
                    Set.of(AlertStatus.INACTIVE, AlertStatus.FIRING, AlertStatus.NO_DATA),
                    AlertStatus.FIRING,
                    Set.of(AlertStatus.RECOVERING, AlertStatus.RESOLVED),
                    AlertStatus.NO_DATA,
                    Set.of(AlertStatus.RECOVERING, AlertStatus.RESOLVED),
                    AlertStatus.RECOVERING,
                    Set.of(AlertStatus.FIRING, AlertStatus.NO_DATA, AlertStatus.RESOLVED));

    private final Rule rule;
    private RuleProgress progress;
    private Instant now;
    private @Nullable Instant silencedUntil;
    private boolean isInhibited;

    private final Map<Episode, Life> lives = new HashMap<>();
    private @Nullable Episode current;
    private final Set<Episode> ended = new HashSet<>();
    private final List<Waiting> queue = new ArrayList<>();
    private final Set<String> told = new HashSet<>();
    final List<Object> log = new ArrayList<>();

    // What an independent observer of the windows knows.
    private @Nullable Instant breachedSince;
    private @Nullable Instant calmSince;
    private @Nullable Instant lastEnd;

    /** What is known of one episode besides its state. */
    private static final class Life {
        AlertStatus status = AlertStatus.INACTIVE;
        @Nullable Reminders reminders;
        boolean isAcknowledged;
        @Nullable Instant reminderDueAt;
    }

    private static final class Waiting {
        final Episode episode;
        final AlertTransition transition;
        final int number;
        Instant dueAt;
        boolean wasHeld;

        Waiting(Episode episode, AlertTransition transition, int number, Instant dueAt) {
            this.episode = episode;
            this.transition = transition;
            this.number = number;
            this.dueAt = dueAt;
        }
    }

    SimulatedAlert(Rule rule, Instant start) {
        this.rule = rule;
        this.now = start;
        this.progress = RuleProgress.none(rule.id(), Subject.region("dakar"));
        if (rule.condition() instanceof Condition.NoData) {
            progress = progress.watched(start);
        }
    }

    void window(Instant start, Instant end, double value) {
        Observation seen = new Observation(progress.subject(), start, end, value);
        boolean isNew = end.isAfter(progress.evaluatedThrough());
        if (isNew) {
            observe(start, end, value);
        }
        Evaluation evaluation =
                rule.condition() instanceof Condition.NoData
                        ? SilenceWatch.hear(rule, progress, seen, now)
                        : AlertEvaluator.evaluate(rule, progress, seen, Normals.UNKNOWN);
        switch (evaluation) {
            case Evaluation.AlreadyEvaluated() -> require(!isNew, "a new window was left out");
            case Evaluation.Advanced advanced -> {
                require(isNew, "a window was evaluated twice");
                take(advanced, end);
            }
        }
    }

    void withdraw(EndReason reason) {
        Finding latest = new Finding.Above(rule.measure(), 0, 0);
        if (AlertEvaluator.withdraw(progress, latest, reason)
                instanceof Evaluation.Advanced advanced) {
            take(advanced, null);
        }
        // Switched on again, the watch begins anew.
        if (rule.condition() instanceof Condition.NoData) {
            progress = progress.watched(now);
        }
        breachedSince = null;
    }

    void silence(Duration length) {
        silencedUntil = now.plus(length);
    }

    void expireSilence() {
        silencedUntil = null;
        queue.stream().filter(w -> w.wasHeld).forEach(w -> w.dueAt = now);
    }

    void inhibit(boolean inhibited) {
        isInhibited = inhibited;
    }

    void acknowledge() {
        Episode episode = current;
        if (episode == null) {
            return;
        }
        Life life = life(episode);
        if (!life.status.isOpen() || life.isAcknowledged) {
            return;
        }
        life.isAcknowledged = true;
        life.reminderDueAt = null;
        if (life.reminders != null) {
            life.reminders = life.reminders.acknowledge();
            if (life.reminders.level() > 1) {
                queue.add(
                        new Waiting(
                                episode, AlertTransition.ACKNOWLEDGED, 0, now.plus(GROUP_WAIT)));
            }
        }
    }

    /** Lets the clock go on; what is due is done in the order of the service's own clock. */
    void pass(Duration time) {
        now = now.plus(time);
        SilenceWatch.nextLook(rule, progress)
                .filter(due -> !due.isAfter(now))
                .ifPresent(_ -> look());
        lives.forEach(this::remind);
        tell();
    }

    private void look() {
        if (SilenceWatch.look(rule, progress, now) instanceof Evaluation.Advanced advanced) {
            take(advanced, null);
        }
    }

    private void take(Evaluation.Advanced advanced, @Nullable Instant windowEnd) {
        progress = advanced.progress();
        for (StateChange change : advanced.changes()) {
            check(change, windowEnd);
            log.add(change);
        }
    }

    private void check(StateChange change, @Nullable Instant windowEnd) {
        AlertStatus from = change.from().status();
        AlertStatus to = change.to().status();
        require(
                LEGAL.getOrDefault(from, Set.of()).contains(to),
                "illegal transition " + from + " to " + to);
        if (change.from() instanceof AlertState.Calm) {
            Episode begun = episodeOf(change.to());
            require(current == null, "two episodes at a time");
            require(!ended.contains(begun), "an episode began again");
            current = begun;
            lives.put(begun, new Life());
        }
        Episode episode = known(current, "a step without an episode");
        if (!(change.to() instanceof AlertState.Calm)) {
            require(episodeOf(change.to()).equals(episode), "an episode changed its name");
        }
        checkDurations(change, episode, windowEnd);
        Life life = life(episode);
        life.status = to;
        change.told().ifPresent(t -> queue.add(new Waiting(episode, t, 0, now.plus(GROUP_WAIT))));
        if (change.to() instanceof AlertState.Resolved) {
            breachedSince = null;
        }
        if (change.to() instanceof AlertState.Calm) {
            ended.add(episode);
            life.reminderDueAt = null;
            current = null;
        }
    }

    private void checkDurations(StateChange change, Episode episode, @Nullable Instant windowEnd) {
        if (rule.condition() instanceof Condition.NoData(Duration after)) {
            Instant heardAt = progress.heardAt();
            if (change.to() instanceof AlertState.NoData && heardAt != null) {
                Duration needed =
                        change.from() instanceof AlertState.Recovering
                                ? after
                                : after.plus(rule.timing().holdFor());
                require(!heardAt.plus(needed).isAfter(now), "silence was found too early");
            }
            if (change.from() instanceof AlertState.Recovering recovering
                    && change.to() instanceof AlertState.Resolved
                    && change.reason() == TransitionReason.RECOVERED) {
                require(
                        !recovering.since().plus(rule.timing().keepFiringFor()).isAfter(now),
                        "resolved too early");
            }
            return;
        }
        if (windowEnd == null) {
            return;
        }
        if (change.to() instanceof AlertState.Firing
                && !(change.from() instanceof AlertState.Recovering)) {
            require(
                    breachedSince != null
                            && episode.startedAt().equals(breachedSince)
                            && !breachedSince.plus(rule.timing().holdFor()).isAfter(windowEnd),
                    "fired before the breach had lasted");
        }
        if (change.to() instanceof AlertState.Resolved resolved) {
            require(
                    calmSince != null
                            && resolved.endedAt().equals(calmSince)
                            && !calmSince.plus(rule.timing().keepFiringFor()).isAfter(windowEnd),
                    "resolved before the recovery had lasted");
        }
    }

    /** Since when, without a break, windows have been above the threshold, or recovered. */
    private void observe(Instant start, Instant end, double value) {
        if (!(rule.condition() instanceof Condition.Above(double threshold, double recovery))) {
            return;
        }
        boolean isGap = lastEnd != null && start.isAfter(lastEnd);
        boolean isOpen = current != null && life(current).status.isOpen();
        if (value > threshold) {
            // Once it fires, a missing window ends nothing; before, the breach begins anew.
            if (breachedSince == null || (isGap && !isOpen)) {
                breachedSince = start;
            }
        } else if (!isOpen) {
            breachedSince = null;
        }
        if (value <= recovery) {
            calmSince = calmSince == null || !isOpen || !wasCalm() ? start : calmSince;
        } else {
            calmSince = null;
        }
        lastEnd = end;
    }

    private boolean wasCalm() {
        return current != null && life(current).status == AlertStatus.RECOVERING;
    }

    private void remind(Episode episode, Life life) {
        Reminders reminders = life.reminders;
        Instant due = life.reminderDueAt;
        if (reminders == null || due == null || due.isAfter(now)) {
            return;
        }
        require(life.status.isOpen(), "a reminder of what is over");
        require(!life.isAcknowledged, "a reminder of what is acknowledged");
        switch (suppression()) {
            case Suppression.Silenced(_, Instant until) -> life.reminderDueAt = until;
            case Suppression.Inhibited _ -> life.reminderDueAt = now.plus(RECHECK);
            case Suppression.None() ->
                    reminders
                            .due(rule.timing(), now)
                            .ifPresentOrElse(
                                    something -> {
                                        Reminders after = something.after();
                                        life.reminders = after;
                                        life.reminderDueAt = after.next(rule.timing()).orElse(null);
                                        queue.add(waiting(episode, something, reminders));
                                    },
                                    () ->
                                            life.reminderDueAt =
                                                    reminders.next(rule.timing()).orElse(null));
        }
    }

    private Waiting waiting(Episode episode, Reminders.Due due, Reminders before) {
        return switch (due) {
            case Reminders.Due.Repeat(int number, _) -> {
                require(
                        !before.lastToldAt().plus(rule.timing().repeatEvery()).isAfter(now),
                        "repeated too early");
                require(number == before.repeats() + 1, "a repetition was left out");
                yield new Waiting(episode, AlertTransition.REPEATED, number, now.plus(GROUP_WAIT));
            }
            case Reminders.Due.Escalation(int level, _) -> {
                require(
                        !before.firstToldAt()
                                .plus(rule.timing().escalateAfter().get(level - 2))
                                .isAfter(now),
                        "escalated too early");
                yield new Waiting(episode, AlertTransition.ESCALATED, level, now.plus(GROUP_WAIT));
            }
        };
    }

    private void tell() {
        for (int i = 0; i < queue.size(); i++) {
            Waiting waiting = queue.get(i);
            if (waiting.dueAt.isAfter(now.plus(GROUP_WAIT))) {
                continue;
            }
            Life life = life(waiting.episode);
            Telling telling =
                    Telling.decide(
                            new Telling.Waiting(
                                    waiting.transition,
                                    waiting.wasHeld,
                                    life.status,
                                    life.reminders != null,
                                    life.isAcknowledged),
                            suppression(),
                            now,
                            RECHECK);
            switch (telling) {
                case Telling.Hold(Instant until, _) -> {
                    require(until.isAfter(now), "held for no time");
                    waiting.dueAt = until;
                    waiting.wasHeld = true;
                }
                case Telling.Drop _ -> queue.remove(i--);
                case Telling.Tell() -> {
                    queue.remove(i--);
                    tell(waiting, life);
                }
            }
        }
    }

    private void tell(Waiting waiting, Life life) {
        require(suppression() instanceof Suppression.None, "told while silenced or inhibited");
        String name = waiting.episode.startedAt() + " " + waiting.transition + waiting.number;
        require(told.add(name), "told twice: " + name);
        log.add(name);
        boolean isKnown = life.reminders != null;
        switch (waiting.transition) {
            case FIRING, NO_DATA -> require(!isKnown, "raised twice");
            case RESOLVED -> {
                require(isKnown, "the end was told to people who did not know the beginning");
                require(!life.status.isOpen(), "the end was told of what goes on");
            }
            case REPEATED, ESCALATED, ACKNOWLEDGED -> {
                require(isKnown, "a reminder of what people do not know");
                require(
                        waiting.transition == AlertTransition.ACKNOWLEDGED || !life.isAcknowledged,
                        "a reminder of what is acknowledged");
            }
        }
        if (!isKnown) {
            Reminders begun = Reminders.begin(now);
            Reminders reminders = life.isAcknowledged ? begun.acknowledge() : begun;
            life.reminders = reminders;
            life.reminderDueAt =
                    life.status.isOpen() ? reminders.next(rule.timing()).orElse(null) : null;
        }
    }

    /** At the end: everyone who knows that it fired learns that it is over, once they may. */
    void requireNothingIsForgotten() {
        lives.forEach(
                (episode, life) -> {
                    if (life.status == AlertStatus.RESOLVED && life.reminders != null) {
                        require(
                                told.contains(episode.startedAt() + " RESOLVED0"),
                                "the end was never told");
                    }
                    if (life.status == AlertStatus.FIRING || life.status == AlertStatus.NO_DATA) {
                        require(life.reminders != null, "what goes on was never told");
                    }
                });
    }

    private Suppression suppression() {
        Instant until = silencedUntil;
        if (until != null && now.isBefore(until)) {
            return new Suppression.Silenced(new UUID(0, 7), until);
        }
        return isInhibited ? new Suppression.Inhibited(new UUID(0, 8)) : new Suppression.None();
    }

    private Life life(Episode episode) {
        return known(lives.get(episode), "an episode without a life");
    }

    private static <T> T known(@Nullable T value, String otherwise) {
        if (value == null) {
            throw new AssertionError(otherwise);
        }
        return value;
    }

    private static Episode episodeOf(AlertState state) {
        return switch (state) {
            case AlertState.Pending pending -> pending.episode();
            case AlertState.Open open -> open.episode();
            case AlertState.Resolved resolved -> resolved.episode();
            case AlertState.Inactive _ -> throw new AssertionError("no episode");
        };
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
