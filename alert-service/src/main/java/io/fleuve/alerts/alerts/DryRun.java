package io.fleuve.alerts.alerts;

import io.fleuve.alerts.rules.Condition;
import io.fleuve.alerts.rules.Rule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a rule would have done about recorded windows: the same evaluation as in life, into nothing.
 * For rules about silence event time stands in for the clock.
 */
public final class DryRun {

    private final Rule rule;
    private final Normals normals;
    private final Map<Subject, RuleProgress> progress = new HashMap<>();
    private final Map<String, WouldBe> episodes = new LinkedHashMap<>();
    private int windows;

    /**
     * An alert that there would have been.
     *
     * @param firedAt end of the window at which it would have fired; null if it lapsed before
     * @param endedAt null if it would still be going on
     * @param value the latest figure, in the unit of {@code finding}
     */
    public record WouldBe(
            Episode episode,
            Subject subject,
            AlertStatus status,
            double value,
            double peak,
            Finding finding,
            @Nullable Instant firedAt,
            @Nullable Instant endedAt,
            List<StateChange> changes) {}

    public DryRun(Rule rule, Normals normals) {
        this.rule = rule;
        this.normals = normals;
    }

    /** Takes one window; those of each place in order. */
    public void take(Observation seen) {
        RuleProgress before =
                progress.getOrDefault(seen.subject(), RuleProgress.none(rule.id(), seen.subject()));
        windows++;
        if (rule.condition() instanceof Condition.NoData) {
            RuleProgress looked = lookUntil(before, seen.windowEnd());
            advance(SilenceWatch.hear(rule, looked, seen, seen.windowEnd()), seen.subject());
            return;
        }
        advance(AlertEvaluator.evaluate(rule, before, seen, normals), seen.subject());
    }

    /** Ends the run at {@code end}, which lets the clock go as far; the alerts, oldest first. */
    public List<WouldBe> finish(Instant end) {
        if (rule.condition() instanceof Condition.NoData) {
            List.copyOf(progress.values()).forEach(last -> lookUntil(last, end));
        }
        return List.copyOf(episodes.values());
    }

    /** How many windows were taken. */
    public int windows() {
        return windows;
    }

    private RuleProgress lookUntil(RuleProgress from, Instant until) {
        RuleProgress current = from;
        Optional<Instant> next = SilenceWatch.nextLook(rule, current);
        while (next.isPresent() && next.get().isBefore(until)) {
            RuleProgress looked =
                    advance(SilenceWatch.look(rule, current, next.get()), current.subject());
            Optional<Instant> after = SilenceWatch.nextLook(rule, looked);
            current = looked;
            next = after.filter(next.get()::isBefore);
        }
        return current;
    }

    private RuleProgress advance(Evaluation evaluation, Subject subject) {
        return switch (evaluation) {
            case Evaluation.AlreadyEvaluated() ->
                    progress.getOrDefault(subject, RuleProgress.none(rule.id(), subject));
            case Evaluation.Advanced(RuleProgress next, List<StateChange> changes) -> {
                progress.put(subject, next);
                changes.forEach(change -> note(subject, change));
                if (changes.isEmpty()) {
                    refresh(next.state());
                }
                yield next;
            }
        };
    }

    private void note(Subject subject, StateChange change) {
        Episode episode = episodeOf(change.to()).or(() -> episodeOf(change.from())).orElseThrow();
        WouldBe before = episodes.get(episode.id());
        List<StateChange> changes = new ArrayList<>(before == null ? List.of() : before.changes());
        changes.add(change);
        Instant firedAt = before == null ? null : before.firedAt();
        if (firedAt == null && change.to().status().isOpen()) {
            firedAt = change.windowEnd();
        }
        Instant endedAt =
                switch (change.to()) {
                    case AlertState.Resolved resolved -> resolved.endedAt();
                    case AlertState.Inactive _ -> change.windowEnd();
                    case AlertState.Pending _, AlertState.Open _ -> null;
                };
        double value = change.finding().value();
        double peak = before == null ? value : peakOf(change.to(), before.peak());
        episodes.put(
                episode.id(),
                new WouldBe(
                        episode,
                        subject,
                        change.to().status(),
                        value,
                        peak,
                        change.finding(),
                        firedAt,
                        endedAt,
                        List.copyOf(changes)));
    }

    private void refresh(AlertState state) {
        episodeOf(state)
                .map(e -> episodes.get(e.id()))
                .filter(b -> !(state instanceof AlertState.Calm))
                .ifPresent(
                        b ->
                                episodes.put(
                                        b.episode().id(),
                                        new WouldBe(
                                                b.episode(),
                                                b.subject(),
                                                b.status(),
                                                valueOf(state, b.value()),
                                                peakOf(state, b.peak()),
                                                b.finding(),
                                                b.firedAt(),
                                                b.endedAt(),
                                                b.changes())));
    }

    private static Optional<Episode> episodeOf(AlertState state) {
        return switch (state) {
            case AlertState.Inactive _ -> Optional.empty();
            case AlertState.Pending pending -> Optional.of(pending.episode());
            case AlertState.Open openState -> Optional.of(openState.episode());
            case AlertState.Resolved resolved -> Optional.of(resolved.episode());
        };
    }

    private static double valueOf(AlertState state, double otherwise) {
        return switch (state) {
            case AlertState.Pending pending -> pending.value();
            case AlertState.Open openState -> openState.value();
            case AlertState.Calm _ -> otherwise;
        };
    }

    private static double peakOf(AlertState state, double otherwise) {
        return switch (state) {
            case AlertState.Pending pending -> pending.peak();
            case AlertState.Open openState -> openState.peak();
            case AlertState.Resolved resolved -> resolved.peak();
            case AlertState.Inactive _ -> otherwise;
        };
    }
}
