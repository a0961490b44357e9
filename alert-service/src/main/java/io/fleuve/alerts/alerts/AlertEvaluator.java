package io.fleuve.alerts.alerts;

import io.fleuve.alerts.rules.Rule;
import io.fleuve.alerts.windows.WindowShape;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Evaluates windows against rules, in event time.
 *
 * <p>Progress is part of the input and of the result: a window at or before it changes nothing. So
 * the result of evaluating a stream is the same however often its parts are delivered, as long as
 * each place's windows first come in order.
 */
public final class AlertEvaluator {

    private AlertEvaluator() {}

    /**
     * Evaluates one window.
     *
     * @param rule enabled, covers the observation, and does not ask about silence
     */
    public static Evaluation evaluate(
            Rule rule, RuleProgress progress, Observation seen, Normals normals) {
        if (!seen.windowEnd().isAfter(progress.evaluatedThrough())) {
            return new Evaluation.AlreadyEvaluated();
        }
        Optional<Judgement> judged = ConditionJudge.judge(rule, seen, progress.recent(), normals);
        if (judged.isEmpty()) {
            return new Evaluation.Advanced(
                    progress.advance(seen.windowEnd(), progress.state(), progress.recent()),
                    List.of());
        }
        return new Step(rule, progress, seen, judged.get()).taken();
    }

    /** One window and what it says, on its way through the states. */
    private record Step(Rule rule, RuleProgress progress, Observation seen, Judgement judgement) {

        Evaluation taken() {
            return switch (progress.state()) {
                case AlertState.Calm calm -> fromCalm(calm);
                case AlertState.Pending pending -> fromPending(pending);
                case AlertState.Firing firing -> fromFiring(firing);
                case AlertState.Recovering recovering -> fromRecovering(recovering);
                // The rule asked about silence before it was changed; changing it ends the alert.
                case AlertState.NoData noData -> stay(noData);
            };
        }

        private Evaluation fromCalm(AlertState.Calm calm) {
            if (!judgement.breached()) {
                return stay(calm);
            }
            Episode episode = Episode.beginningWith(rule.id(), seen);
            return hasHeld(episode)
                    ? go(calm, calm.raise(episode, breach()), TransitionReason.BREACHED)
                    : go(calm, calm.suspect(episode, breach()), TransitionReason.BREACHED);
        }

        private Evaluation fromPending(AlertState.Pending pending) {
            if (!judgement.breached()) {
                return go(pending, pending.lapse(), TransitionReason.LAPSED);
            }
            if (isInterrupted()) {
                StateChange lapsed = change(pending, pending.lapse(), TransitionReason.INTERRUPTED);
                return switch (fromCalm(pending.lapse())) {
                    case Evaluation.AlreadyEvaluated already -> already;
                    case Evaluation.Advanced(RuleProgress next, List<StateChange> changes) ->
                            new Evaluation.Advanced(
                                    next,
                                    Stream.concat(Stream.of(lapsed), changes.stream()).toList());
                };
            }
            return hasHeld(pending.episode())
                    ? go(pending, pending.confirm(breach()), TransitionReason.HELD)
                    : stay(pending.continueWith(breach()));
        }

        private Evaluation fromFiring(AlertState.Firing firing) {
            if (!judgement.recovered()) {
                return stay(firing.continueWith(breach()));
            }
            AlertState.Recovering calmed = firing.calm(breach(), seen.windowStart());
            return hasCalmed(calmed)
                    ? recover(firing, calmed)
                    : go(firing, calmed, TransitionReason.CALMED);
        }

        private Evaluation fromRecovering(AlertState.Recovering recovering) {
            if (!judgement.recovered()) {
                return go(recovering, recovering.relapse(breach()), TransitionReason.RELAPSED);
            }
            return hasCalmed(recovering)
                    ? recover(recovering, recovering)
                    : stay(recovering.continueWith(seen.value()));
        }

        private Evaluation recover(AlertState.Open from, AlertState.Recovering calmed) {
            return go(
                    from,
                    from.end(judgement.recovery().value(), calmed.since(), EndReason.RECOVERED),
                    TransitionReason.RECOVERED);
        }

        private boolean hasHeld(Episode episode) {
            return hasPassed(episode.startedAt(), rule.timing().holdFor());
        }

        private boolean hasCalmed(AlertState.Recovering calmed) {
            return hasPassed(calmed.since(), rule.timing().keepFiringFor());
        }

        /**
         * Whole days are days of the calendar by which the windows are cut: the two days of a rule
         * over daily windows are two windows, also where one of them has 23 hours.
         */
        private boolean hasPassed(Instant since, Duration time) {
            Instant at =
                    since.atZone(zone())
                            .plusDays(time.toDays())
                            .toInstant()
                            .plus(time.minusDays(time.toDays()));
            return !at.isAfter(seen.windowEnd());
        }

        private ZoneId zone() {
            return switch (rule.aggregation().shape()) {
                case WindowShape.Tumbling(Duration _, ZoneId zone) -> zone;
                case WindowShape.Hopping _, WindowShape.Session _ -> ZoneOffset.UTC;
            };
        }

        /** Between sessions there is always a gap; elsewhere one means that data are missing. */
        private boolean isInterrupted() {
            return switch (rule.aggregation().shape()) {
                case WindowShape.Session _ -> false;
                case WindowShape.Tumbling _, WindowShape.Hopping _ ->
                        seen.windowStart().isAfter(progress.evaluatedThrough());
            };
        }

        private Evaluation stay(AlertState state) {
            return new Evaluation.Advanced(advanced(state), List.of());
        }

        private Evaluation go(AlertState from, AlertState to, TransitionReason reason) {
            return new Evaluation.Advanced(advanced(to), List.of(change(from, to, reason)));
        }

        private StateChange change(AlertState from, AlertState to, TransitionReason reason) {
            return new StateChange(
                    from,
                    to,
                    reason,
                    to instanceof AlertState.Resolved ? judgement.recovery() : breach(),
                    seen.windowStart(),
                    seen.windowEnd());
        }

        private RuleProgress advanced(AlertState state) {
            return progress.advance(seen.windowEnd(), state, judgement.recent());
        }

        private Finding breach() {
            return judgement.breach();
        }
    }

    /** Ends what is going on because of what someone did to the rule. */
    public static Evaluation withdraw(RuleProgress progress, Finding latest, EndReason why) {
        AlertState state = progress.state();
        return switch (state) {
            case AlertState.Calm _ -> new Evaluation.Advanced(progress, List.of());
            case AlertState.Pending pending -> withdrawn(progress, pending.lapse(), latest, why);
            case AlertState.Open open ->
                    withdrawn(
                            progress,
                            open.end(open.value(), endOf(progress, open), why),
                            latest,
                            why);
        };
    }

    private static Instant endOf(RuleProgress progress, AlertState.Open open) {
        Instant through = progress.evaluatedThrough();
        return through.isBefore(open.episode().firstWindowEnd())
                ? open.episode().firstWindowEnd()
                : through;
    }

    private static Evaluation withdrawn(
            RuleProgress progress, AlertState next, Finding latest, EndReason why) {
        Instant through =
                switch (progress.state()) {
                    case AlertState.Open open -> endOf(progress, open);
                    case AlertState.Pending pending -> pending.episode().firstWindowEnd();
                    case AlertState.Calm _ -> progress.evaluatedThrough();
                };
        return new Evaluation.Advanced(
                progress.with(next),
                List.of(
                        new StateChange(
                                progress.state(),
                                next,
                                TransitionReason.of(why),
                                latest,
                                windowStart(progress, through),
                                through)));
    }

    /** The window that ended at {@code through}, taken to be as long as the episode's first. */
    private static Instant windowStart(RuleProgress progress, Instant through) {
        Episode episode =
                switch (progress.state()) {
                    case AlertState.Open open -> open.episode();
                    case AlertState.Pending pending -> pending.episode();
                    case AlertState.Calm _ -> null;
                };
        return episode == null
                ? through
                : through.minus(Duration.between(episode.startedAt(), episode.firstWindowEnd()));
    }
}
