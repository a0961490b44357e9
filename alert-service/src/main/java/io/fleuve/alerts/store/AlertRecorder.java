package io.fleuve.alerts.store;

import io.fleuve.alerts.alerts.AlertState;
import io.fleuve.alerts.alerts.Episode;
import io.fleuve.alerts.alerts.Evaluation;
import io.fleuve.alerts.alerts.RuleProgress;
import io.fleuve.alerts.alerts.SilenceWatch;
import io.fleuve.alerts.alerts.StateChange;
import io.fleuve.alerts.rules.Rule;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Writes what an evaluation came to: progress, alerts, their history, and in the history what is to
 * be told. To be called inside a transaction that holds the rows.
 */
final class AlertRecorder {

    private final EntityManager entities;
    private final Duration groupWait;

    AlertRecorder(EntityManager entities, Duration groupWait) {
        this.entities = entities;
        this.groupWait = groupWait;
    }

    /** A row of progress that is not yet there. */
    RuleProgressEntity begin(RuleProgressEntity.Key key) {
        RuleProgressEntity row = new RuleProgressEntity(key);
        entities.persist(row);
        return row;
    }

    /**
     * Writes.
     *
     * @param windowStart start of the window that was evaluated; null where the clock came
     * @return how many transitions are to be told
     */
    int record(
            Rule rule,
            RuleProgressEntity row,
            Evaluation.Advanced advanced,
            @Nullable Instant windowStart,
            Instant now) {
        RuleProgress next = advanced.progress();
        AlertEntity alert = row.alert();
        if (advanced.changes().isEmpty()) {
            if (alert != null && !(next.state() instanceof AlertState.Calm)) {
                alert.takeFigures(next.state(), now);
                if (windowStart != null) {
                    alert.saw(windowStart, next.evaluatedThrough());
                }
            }
            row.take(next, SilenceWatch.nextLook(rule, next).orElse(null));
            return 0;
        }
        int toTell = 0;
        for (StateChange change : advanced.changes()) {
            alert = apply(rule, row, alert, change, now);
            if (alert == null) {
                // The episode is on record and over: whoever was to be told has been.
                row.take(
                        next,
                        SilenceWatch.nextLook(rule, next)
                                .map(_ -> now.plus(Duration.ofMinutes(1)))
                                .orElse(null));
                return toTell;
            }
            row.point(alert);
            TransitionEntity entry = new TransitionEntity(alert, kindOf(change), change, now);
            if (change.told().isPresent()) {
                entry.toBeToldAt(now.plus(groupWait));
                toTell++;
            }
            entities.persist(entry);
        }
        row.take(next, SilenceWatch.nextLook(rule, next).orElse(null));
        return toTell;
    }

    /** Writes that a rule does not apply any more; the clock has nothing to find then. */
    int recordEnd(
            RuleProgressEntity row, AlertEntity alert, Evaluation.Advanced advanced, Instant now) {
        int toTell = 0;
        for (StateChange change : advanced.changes()) {
            alert.saw(change.windowStart(), change.windowEnd());
            alert.take(change.to(), change.finding(), now);
            TransitionEntity entry = new TransitionEntity(alert, kindOf(change), change, now);
            if (change.told().isPresent()) {
                entry.toBeToldAt(now.plus(groupWait));
                toTell++;
            }
            entities.persist(entry);
        }
        row.take(advanced.progress(), null);
        return toTell;
    }

    private @Nullable AlertEntity apply(
            Rule rule,
            RuleProgressEntity row,
            @Nullable AlertEntity alert,
            StateChange change,
            Instant now) {
        if (!(change.from() instanceof AlertState.Calm)) {
            AlertEntity existing = existing(alert);
            existing.saw(change.windowStart(), change.windowEnd());
            existing.take(change.to(), change.finding(), now);
            return existing;
        }
        Episode episode = episodeOf(change.to());
        // What ended before must be written before: one episode at a time is a constraint.
        entities.flush();
        if (entities.find(AlertEntity.class, episode.alertId()) != null) {
            return null;
        }
        AlertEntity raised = new AlertEntity(rule, row.key().subject(), episode, change, now);
        entities.persist(raised);
        return raised;
    }

    private static Episode episodeOf(AlertState state) {
        return switch (state) {
            case AlertState.Pending pending -> pending.episode();
            case AlertState.Open open -> open.episode();
            case AlertState.Calm _ ->
                    throw new IllegalStateException("a calm state begins no episode");
        };
    }

    private static AlertEntity existing(@Nullable AlertEntity alert) {
        if (alert == null) {
            throw new IllegalStateException("a rule is breached, but its progress names no alert");
        }
        return alert;
    }

    private static HistoryKind kindOf(StateChange change) {
        return switch (change.to()) {
            case AlertState.Inactive _ -> HistoryKind.LAPSED;
            case AlertState.Pending _ -> HistoryKind.PENDING;
            case AlertState.Recovering _ -> HistoryKind.RECOVERING;
            case AlertState.Resolved _ -> HistoryKind.RESOLVED;
            case AlertState.Firing _ ->
                    change.told().isPresent() ? HistoryKind.FIRING : HistoryKind.RELAPSED;
            case AlertState.NoData _ ->
                    change.told().isPresent() ? HistoryKind.NO_DATA : HistoryKind.RELAPSED;
        };
    }
}
