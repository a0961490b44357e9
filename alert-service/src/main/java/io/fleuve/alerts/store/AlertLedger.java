package io.fleuve.alerts.store;

import io.fleuve.alerts.alerts.AlertEvaluator;
import io.fleuve.alerts.alerts.AlertState;
import io.fleuve.alerts.alerts.EndReason;
import io.fleuve.alerts.alerts.Evaluation;
import io.fleuve.alerts.alerts.Normals;
import io.fleuve.alerts.alerts.Observation;
import io.fleuve.alerts.alerts.RuleProgress;
import io.fleuve.alerts.alerts.SilenceWatch;
import io.fleuve.alerts.alerts.Subject;
import io.fleuve.alerts.readings.RegionAverage;
import io.fleuve.alerts.rules.Condition;
import io.fleuve.alerts.rules.Rule;
import io.fleuve.alerts.rules.RuleDefaults;
import io.fleuve.alerts.windows.WindowResult;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Evaluates windows and keeps what follows, in one transaction: how far each rule has come, the
 * alert, its history, and in the history what is to be told. Either all of it is there or nothing,
 * so nobody is told of an alert that is not kept, and no alert is kept of which nobody is told.
 *
 * <p>Evaluating the same windows again changes nothing: progress says that they are done.
 */
public final class AlertLedger {

    private final Tables tables;
    private final RuleDefaults defaults;
    private final AlertRecorder recorder;
    private final TransactionTemplate transactions;
    private final Runnable committed;
    private final InstantSource clock;
    private final Instant startedAt;

    /** What the ledger reads and writes. */
    public record Tables(
            RuleRepository rules,
            RuleProgressRepository progress,
            AlertRepository alerts,
            WindowRecords windows,
            NormalsBook normals,
            EntityManager entities) {}

    /**
     * @param committed told, after a commit, that something is to be told
     */
    public AlertLedger(
            Tables tables,
            RuleDefaults defaults,
            AlertingSettings settings,
            TransactionTemplate transactions,
            Runnable committed,
            InstantSource clock) {
        this.tables = tables;
        this.defaults = defaults;
        this.recorder = new AlertRecorder(tables.entities(), settings.groupWait());
        this.transactions = transactions;
        this.committed = committed;
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    /** Evaluates averages of the service's own windows; see {@link #evaluateWindows}. */
    public void evaluate(List<RegionAverage> averages) {
        evaluateWindows(averages.stream().map(RuleFigures::of).toList());
    }

    /**
     * Evaluates a batch, in its order, against all enabled rules, and records the windows. Throws,
     * and keeps nothing, if the database fails.
     */
    public void evaluateWindows(List<WindowResult> results) {
        if (results.isEmpty()) {
            return;
        }
        Integer toTell = transactions.execute(_ -> evaluated(results));
        wake(toTell);
    }

    private int evaluated(List<WindowResult> results) {
        List<Rule> enabled =
                tables.rules().findByEnabledTrue().stream()
                        .flatMap(row -> row.toRule(defaults).stream())
                        .toList();
        Set<String> regions =
                results.stream().map(WindowResult::region).collect(Collectors.toSet());
        Map<RuleProgressEntity.Key, RuleProgressEntity> rows = held(regions);
        Normals normals =
                enabled.stream().anyMatch(r -> r.condition() instanceof Condition.Deviation)
                        ? tables.normals().of(regions)
                        : Normals.UNKNOWN;
        tables.windows().record(results);
        int toTell = 0;
        Map<String, List<Rule>> byWindows =
                enabled.stream()
                        .collect(
                                Collectors.groupingBy(
                                        rule -> RuleFigures.aggregationOf(rule, defaults)));
        for (WindowResult result : results) {
            for (Rule rule : byWindows.getOrDefault(result.aggregation(), List.of())) {
                if (rule.covers(result.region(), result.sensor())) {
                    toTell += evaluate(rule, result, rows, normals);
                }
            }
        }
        return toTell;
    }

    /** Progress and alerts of these regions, held until the evaluation is kept. */
    private Map<RuleProgressEntity.Key, RuleProgressEntity> held(Set<String> regions) {
        Map<RuleProgressEntity.Key, RuleProgressEntity> rows = new HashMap<>();
        List<RuleProgressEntity> progress = tables.progress().lockByRegions(regions);
        lockAlerts(progress);
        progress.forEach(row -> rows.put(row.key(), row));
        return rows;
    }

    private void lockAlerts(List<RuleProgressEntity> progress) {
        List<UUID> ids =
                progress.stream()
                        .map(RuleProgressEntity::alertId)
                        .filter(Objects::nonNull)
                        .toList();
        if (!ids.isEmpty()) {
            tables.alerts().lock(ids);
        }
    }

    private int evaluate(
            Rule rule,
            WindowResult result,
            Map<RuleProgressEntity.Key, RuleProgressEntity> rows,
            Normals normals) {
        OptionalDouble value = RuleFigures.of(rule.measure(), result);
        if (value.isEmpty()) {
            return 0;
        }
        Subject subject = new Subject(result.region(), result.sensor());
        Observation seen =
                new Observation(
                        subject, result.windowStart(), result.windowEnd(), value.getAsDouble());
        RuleProgressEntity.Key key = RuleProgressEntity.Key.of(rule.id(), subject);
        RuleProgressEntity row = rows.get(key);
        RuleProgress before =
                row == null ? RuleProgress.none(rule.id(), subject) : row.toProgress();
        Instant now = clock.instant();
        Evaluation evaluation =
                rule.condition() instanceof Condition.NoData
                        ? SilenceWatch.hear(rule, before, seen, now)
                        : AlertEvaluator.evaluate(rule, before, seen, normals);
        return switch (evaluation) {
            case Evaluation.AlreadyEvaluated() -> 0;
            case Evaluation.Advanced advanced -> {
                if (row == null) {
                    row = recorder.begin(key);
                    rows.put(key, row);
                }
                yield recorder.record(rule, row, advanced, seen.windowStart(), now);
            }
        };
    }

    /**
     * Looks for silence where the clock says that there may be some.
     *
     * @return how many places were looked at
     */
    public int lookForSilence(int limit) {
        Instant now = clock.instant();
        Looked looked =
                transactions.execute(
                        _ -> {
                            Map<UUID, Rule> enabled =
                                    tables.rules().findByEnabledTrue().stream()
                                            .flatMap(row -> row.toRule(defaults).stream())
                                            .collect(Collectors.toMap(Rule::id, r -> r));
                            List<RuleProgressEntity> due =
                                    tables.progress().lockWithLookDue(now, limit);
                            lockAlerts(due);
                            int toTell = 0;
                            for (RuleProgressEntity row : due) {
                                toTell += look(enabled.get(row.key().ruleId()), row, now);
                            }
                            return new Looked(due.size(), toTell);
                        });
        if (looked == null) {
            return 0;
        }
        wake(looked.toTell());
        return looked.places();
    }

    private record Looked(int places, int toTell) {}

    private int look(@Nullable Rule rule, RuleProgressEntity row, Instant now) {
        if (rule == null || !(rule.condition() instanceof Condition.NoData)) {
            row.lookAt(null);
            return 0;
        }
        RuleProgress progress = row.toProgress();
        Instant heardAt = progress.heardAt();
        // What was said while this service was not there to hear it still has to be read.
        if (heardAt != null
                && heardAt.isBefore(startedAt)
                && !(progress.state() instanceof AlertState.Open)) {
            progress = progress.heard(startedAt);
        }
        return switch (SilenceWatch.look(rule, progress, now)) {
            case Evaluation.AlreadyEvaluated() -> 0;
            case Evaluation.Advanced advanced -> recorder.record(rule, row, advanced, null, now);
        };
    }

    /** The places of a rule, held with their alerts; to be called inside a transaction. */
    List<RuleProgressEntity> hold(UUID rule) {
        List<RuleProgressEntity> places = tables.progress().lockByRule(rule);
        lockAlerts(places);
        return places;
    }

    /** Ends whatever a rule has going on in a place that is held. */
    int withdraw(RuleProgressEntity row, EndReason why) {
        AlertEntity alert = row.alert();
        if (alert == null) {
            return 0;
        }
        return switch (AlertEvaluator.withdraw(row.toProgress(), alert.finding(), why)) {
            case Evaluation.AlreadyEvaluated() -> 0;
            case Evaluation.Advanced advanced when advanced.changes().isEmpty() -> 0;
            case Evaluation.Advanced advanced ->
                    recorder.recordEnd(row, alert, advanced, clock.instant());
        };
    }

    /** Watches places for silence that have not been heard of; to be called in a transaction. */
    void watch(Rule rule) {
        if (!rule.enabled() || !(rule.condition() instanceof Condition.NoData(var after))) {
            return;
        }
        Instant now = clock.instant();
        Map<RuleProgressEntity.Key, RuleProgressEntity> rows = new HashMap<>();
        tables.progress().lockByRule(rule.id()).forEach(row -> rows.put(row.key(), row));
        if (rule.scope().sensors().isEmpty()) {
            for (String region : rule.scope().regions()) {
                rows.computeIfAbsent(
                        RuleProgressEntity.Key.of(rule.id(), Subject.region(region)),
                        recorder::begin);
            }
        }
        for (RuleProgressEntity row : rows.values()) {
            RuleProgress progress = row.toProgress().watched(now);
            row.take(progress, SilenceWatch.nextLook(rule, progress).orElse(now.plus(after)));
        }
    }

    /** To be called after a transaction that left something to be told has been committed. */
    void wake(@Nullable Integer toTell) {
        if (toTell != null && toTell > 0) {
            committed.run();
        }
    }
}
