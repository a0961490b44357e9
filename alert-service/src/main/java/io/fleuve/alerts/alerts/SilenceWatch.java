package io.fleuve.alerts.alerts;

import io.fleuve.alerts.rules.Condition;
import io.fleuve.alerts.rules.Rule;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Evaluates rules about silence: the clock finds it, a window ends it. A silence is one episode,
 * named after the last window that was heard, or the time at which the watch began, whoever finds
 * it and however often.
 *
 * <p>Here {@code for} is silence beyond what the condition asks, and times are the clock's.
 */
public final class SilenceWatch {

    private SilenceWatch() {}

    /** A window came. */
    public static Evaluation hear(Rule rule, RuleProgress progress, Observation seen, Instant now) {
        if (!seen.windowEnd().isAfter(progress.evaluatedThrough())) {
            return new Evaluation.AlreadyEvaluated();
        }
        RuleProgress heard =
                progress.advance(seen.windowEnd(), progress.state(), List.of()).heard(now);
        return switch (progress.state()) {
            case AlertState.Calm _, AlertState.Recovering _, AlertState.Firing _ ->
                    new Evaluation.Advanced(heard, List.of());
            case AlertState.Pending pending ->
                    go(
                            heard,
                            pending,
                            pending.lapse(),
                            TransitionReason.LAPSED,
                            finding(rule, progress, now),
                            now);
            case AlertState.NoData noData ->
                    rule.timing().keepFiringFor().isZero()
                            ? go(
                                    heard,
                                    noData,
                                    noData.end(noData.value(), now, EndReason.RECOVERED),
                                    TransitionReason.RECOVERED,
                                    finding(rule, progress, now),
                                    now)
                            : go(
                                    heard,
                                    noData,
                                    noData.hear(now),
                                    TransitionReason.HEARD,
                                    finding(rule, progress, now),
                                    now);
        };
    }

    /** Time has passed; {@code progress.heardAt()} says since when the place is silent. */
    public static Evaluation look(Rule rule, RuleProgress progress, Instant now) {
        Finding.Silent finding = finding(rule, progress, now);
        boolean isSilent = isSilent(rule, progress, now);
        Duration needed = after(rule).plus(rule.timing().holdFor());
        boolean hasHeld = silence(progress, now).compareTo(needed) >= 0;
        return switch (progress.state()) {
            case AlertState.Calm calm -> {
                Instant began = beginning(progress, now);
                Episode episode = Episode.of(rule.id(), progress.subject(), began, began);
                yield hasHeld
                        ? go(
                                progress,
                                calm,
                                calm.miss(episode, finding),
                                TransitionReason.SILENT,
                                finding,
                                now)
                        : isSilent
                                ? go(
                                        progress,
                                        calm,
                                        calm.suspect(episode, finding),
                                        TransitionReason.SILENT,
                                        finding,
                                        now)
                                : stay(progress);
            }
            case AlertState.Pending pending ->
                    hasHeld
                            ? go(
                                    progress,
                                    pending,
                                    pending.confirmSilence(finding),
                                    TransitionReason.HELD,
                                    finding,
                                    now)
                            : stay(progress);
            case AlertState.Recovering recovering ->
                    fromRecovering(rule, progress, recovering, finding, now);
            case AlertState.NoData _, AlertState.Firing _ -> stay(progress);
        };
    }

    /** When to look next; nothing if only a window can change anything. */
    public static Optional<Instant> nextLook(Rule rule, RuleProgress progress) {
        Instant heardAt = progress.heardAt();
        if (heardAt == null || !(rule.condition() instanceof Condition.NoData(Duration after))) {
            return Optional.empty();
        }
        return switch (progress.state()) {
            case AlertState.Calm _ -> Optional.of(heardAt.plus(after));
            case AlertState.Pending _ ->
                    Optional.of(heardAt.plus(after).plus(rule.timing().holdFor()));
            case AlertState.Recovering recovering -> {
                Instant over = recovering.since().plus(rule.timing().keepFiringFor());
                Instant silent = heardAt.plus(after);
                yield Optional.of(over.isBefore(silent) ? over : silent);
            }
            case AlertState.NoData _, AlertState.Firing _ -> Optional.empty();
        };
    }

    private static Evaluation fromRecovering(
            Rule rule,
            RuleProgress progress,
            AlertState.Recovering recovering,
            Finding.Silent finding,
            Instant now) {
        Instant over = recovering.since().plus(rule.timing().keepFiringFor());
        Instant silentAt = now.minus(silence(progress, now)).plus(after(rule));
        if (!now.isBefore(over) && !silentAt.isBefore(over)) {
            return go(
                    progress,
                    recovering,
                    recovering.end(recovering.value(), recovering.since(), EndReason.RECOVERED),
                    TransitionReason.RECOVERED,
                    finding,
                    now);
        }
        return isSilent(rule, progress, now)
                ? go(
                        progress,
                        recovering,
                        recovering.relapseIntoSilence(finding),
                        TransitionReason.RELAPSED,
                        finding,
                        now)
                : stay(progress);
    }

    private static Finding.Silent finding(Rule rule, RuleProgress progress, Instant now) {
        return new Finding.Silent(
                minutes(silence(progress, now)), minutes(after(rule)), lastHeard(progress, now));
    }

    private static boolean isSilent(Rule rule, RuleProgress progress, Instant now) {
        return silence(progress, now).compareTo(after(rule)) >= 0;
    }

    private static Duration silence(RuleProgress progress, Instant now) {
        Instant heardAt = progress.heardAt();
        return heardAt == null || heardAt.isAfter(now)
                ? Duration.ZERO
                : Duration.between(heardAt, now);
    }

    private static Duration after(Rule rule) {
        return switch (rule.condition()) {
            case Condition.NoData(Duration after) -> after;
            case Condition.Above _, Condition.Below _, Condition.Change _, Condition.Deviation _ ->
                    throw new IllegalArgumentException("the rule does not ask about silence");
        };
    }

    private static Instant lastHeard(RuleProgress progress, Instant now) {
        return isAfterAWindow(progress) ? progress.evaluatedThrough() : watchedSince(progress, now);
    }

    /**
     * The instant that names the silence. Windows end on whole milliseconds, and time may run on
     * from a window to the very instant at which a watch began: the latter is put off that grid, so
     * that no two silences share a name.
     */
    private static Instant beginning(RuleProgress progress, Instant now) {
        return isAfterAWindow(progress)
                ? progress.evaluatedThrough()
                : watchedSince(progress, now)
                        .truncatedTo(ChronoUnit.MILLIS)
                        .plus(1, ChronoUnit.MICROS);
    }

    private static boolean isAfterAWindow(RuleProgress progress) {
        return progress.evaluatedThrough().isAfter(Instant.MIN) && !progress.isWatchedAnew();
    }

    private static Instant watchedSince(RuleProgress progress, Instant now) {
        Instant since = progress.heardAt();
        return since == null ? now : since;
    }

    private static double minutes(Duration duration) {
        return duration.toMillis() / 60_000.0;
    }

    private static Evaluation stay(RuleProgress progress) {
        return new Evaluation.Advanced(progress, List.of());
    }

    private static Evaluation go(
            RuleProgress progress,
            AlertState from,
            AlertState to,
            TransitionReason reason,
            Finding finding,
            Instant now) {
        return new Evaluation.Advanced(
                progress.with(to), List.of(new StateChange(from, to, reason, finding, now, now)));
    }
}
