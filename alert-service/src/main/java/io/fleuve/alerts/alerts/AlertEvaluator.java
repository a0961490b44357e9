package io.fleuve.alerts.alerts;

import io.fleuve.alerts.readings.RegionAverage;
import io.fleuve.alerts.rules.Rule;

/**
 * Evaluates averages against rules, window by window.
 *
 * <p>Progress is part of the input and of the result: a window at or before it changes nothing. So
 * the result of evaluating a stream is the same however often its parts are delivered, as long as
 * each region's windows first come in order.
 */
public final class AlertEvaluator {

    private AlertEvaluator() {}

    /** Evaluates one average; {@code rule} is enabled and covers the average's region. */
    public static Evaluation evaluate(Rule rule, RuleProgress progress, RegionAverage average) {
        if (!average.windowEnd().isAfter(progress.evaluatedThrough())) {
            return new Evaluation.AlreadyEvaluated();
        }
        return switch (progress.state()) {
            case AlertState.Inactive inactive ->
                    rule.isBreachedBy(average.average())
                            ? raised(
                                    progress,
                                    average,
                                    inactive.raise(episode(rule, average), average))
                            : quiet(progress, average);
            case AlertState.Resolved resolved ->
                    rule.isBreachedBy(average.average())
                            ? raised(
                                    progress,
                                    average,
                                    resolved.raise(episode(rule, average), average))
                            : quiet(progress, average);
            case AlertState.Firing firing ->
                    rule.isRecoveredBy(average.average())
                            ? ended(progress, average, firing.recover(average))
                            : stillFiring(progress, average, firing.continueWith(average));
        };
    }

    private static Episode episode(Rule rule, RegionAverage average) {
        return Episode.beginningWith(rule.id(), average);
    }

    private static Evaluation quiet(RuleProgress progress, RegionAverage average) {
        return new Evaluation.Quiet(progress.advance(average.windowEnd(), progress.state()));
    }

    private static Evaluation raised(
            RuleProgress progress, RegionAverage average, AlertState.Firing next) {
        return new Evaluation.Raised(progress.advance(average.windowEnd(), next), next);
    }

    private static Evaluation stillFiring(
            RuleProgress progress, RegionAverage average, AlertState.Firing next) {
        return new Evaluation.StillFiring(progress.advance(average.windowEnd(), next), next);
    }

    private static Evaluation ended(
            RuleProgress progress, RegionAverage average, AlertState.Resolved next) {
        return new Evaluation.Ended(progress.advance(average.windowEnd(), next), next);
    }
}
