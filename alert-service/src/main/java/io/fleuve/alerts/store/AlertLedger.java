package io.fleuve.alerts.store;

import io.fleuve.alerts.alerts.AlertAnnouncement;
import io.fleuve.alerts.alerts.AlertEvaluator;
import io.fleuve.alerts.alerts.AlertState;
import io.fleuve.alerts.alerts.AlertTransition;
import io.fleuve.alerts.alerts.EndReason;
import io.fleuve.alerts.alerts.Evaluation;
import io.fleuve.alerts.alerts.Finding;
import io.fleuve.alerts.alerts.RuleProgress;
import io.fleuve.alerts.outbox.MessageComposer;
import io.fleuve.alerts.outbox.Recipient;
import io.fleuve.alerts.readings.RegionAverage;
import io.fleuve.alerts.rules.Measure;
import io.fleuve.alerts.rules.Rule;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Evaluates averages and keeps what follows, in one transaction: how far each rule has come, the
 * alert, its transition, and a message in the outbox for everyone who is to be told. Either all of
 * it is there or nothing, so nobody is told of an alert that is not kept, and no alert is kept of
 * which nobody is told.
 *
 * <p>Evaluating the same averages again changes nothing: progress says that their windows are done.
 */
public final class AlertLedger {

    private static final int FIRST = 0;

    private final RuleRepository rules;
    private final RuleProgressRepository progress;
    private final EntityManager entities;
    private final TransactionTemplate transactions;
    private final Outbound outbound;
    private final InstantSource clock;
    private final MessageComposer composer = new MessageComposer();

    /**
     * What leaves the ledger.
     *
     * @param recipients who is told
     * @param maxAge after which a message is not worth sending
     * @param committed told, after the commit, which transitions it held; never called for none
     */
    public record Outbound(
            List<Recipient> recipients,
            Duration maxAge,
            Consumer<List<AlertTransition>> committed) {}

    public AlertLedger(
            RuleRepository rules,
            RuleProgressRepository progress,
            EntityManager entities,
            TransactionTemplate transactions,
            Outbound outbound,
            InstantSource clock) {
        this.rules = rules;
        this.progress = progress;
        this.entities = entities;
        this.transactions = transactions;
        this.outbound = outbound;
        this.clock = clock;
    }

    /**
     * Evaluates a batch, in its order, against all enabled rules. Throws, and keeps nothing, if the
     * database fails.
     */
    public void evaluate(List<RegionAverage> averages) {
        if (averages.isEmpty()) {
            return;
        }
        List<AlertTransition> written =
                transactions.execute(
                        _ -> {
                            List<AlertTransition> transitions = new ArrayList<>();
                            List<Rule> enabled =
                                    rules.findByEnabledTrue().stream()
                                            .map(RuleEntity::toRule)
                                            .toList();
                            Map<RuleProgressEntity.Key, RuleProgressEntity> rows =
                                    progressOf(averages);
                            for (RegionAverage average : averages) {
                                for (Rule rule : enabled) {
                                    if (rule.covers(average.region())) {
                                        evaluate(rule, average, rows, transitions);
                                    }
                                }
                            }
                            return transitions;
                        });
        announceCommit(written);
    }

    /** Ends an alert whose rule no longer applies; to be called inside a transaction. */
    AlertTransition withdraw(AlertEntity alert, EndReason reason) {
        if (!(alert.toState() instanceof AlertState.Firing firing)) {
            throw new IllegalArgumentException("only an alert that fires can be withdrawn");
        }
        RuleProgressEntity row =
                entities.find(
                        RuleProgressEntity.class,
                        new RuleProgressEntity.Key(alert.ruleId(), alert.region()));
        Instant through = row == null ? firing.episode().firstWindowEnd() : row.evaluatedThrough();
        AlertState.Resolved resolved = firing.withdraw(through, reason);
        alert.end(resolved, clock.instant());
        Duration window =
                Duration.between(firing.episode().startedAt(), firing.episode().firstWindowEnd());
        announce(ended(alert, resolved, through.minus(window), through));
        return AlertTransition.RESOLVED;
    }

    /** To be called after a transaction that wrote messages has been committed. */
    void announceCommit(@Nullable List<AlertTransition> transitions) {
        if (transitions != null && !transitions.isEmpty()) {
            outbound.committed().accept(transitions);
        }
    }

    private Map<RuleProgressEntity.Key, RuleProgressEntity> progressOf(
            List<RegionAverage> averages) {
        Set<String> regions =
                averages.stream().map(RegionAverage::region).collect(Collectors.toSet());
        Map<RuleProgressEntity.Key, RuleProgressEntity> rows = new HashMap<>();
        progress.findByRegions(regions).forEach(row -> rows.put(row.key(), row));
        return rows;
    }

    private void evaluate(
            Rule rule,
            RegionAverage average,
            Map<RuleProgressEntity.Key, RuleProgressEntity> rows,
            List<AlertTransition> transitions) {
        RuleProgressEntity.Key key = new RuleProgressEntity.Key(rule.id(), average.region());
        RuleProgressEntity row = rows.get(key);
        RuleProgress before =
                row == null ? RuleProgress.none(rule.id(), average.region()) : row.toProgress();
        Evaluation evaluation = AlertEvaluator.evaluate(rule, before, average);
        if (evaluation instanceof Evaluation.AlreadyEvaluated) {
            return;
        }
        if (row == null) {
            row = new RuleProgressEntity(key, average.windowEnd());
            entities.persist(row);
            rows.put(key, row);
        }
        keep(rule, average, row, evaluation, transitions);
    }

    private void keep(
            Rule rule,
            RegionAverage average,
            RuleProgressEntity row,
            Evaluation evaluation,
            List<AlertTransition> transitions) {
        Instant now = clock.instant();
        AlertEntity alert = row.alert();
        switch (evaluation) {
            case Evaluation.AlreadyEvaluated() -> {}
            case Evaluation.Quiet _ -> row.advance(average.windowEnd(), alert);
            case Evaluation.StillFiring(_, AlertState.Firing firing) -> {
                existing(alert).update(firing, now);
                row.advance(average.windowEnd(), alert);
            }
            case Evaluation.Raised(_, AlertState.Firing firing) -> {
                AlertEntity raised = new AlertEntity(rule, average.region(), firing, now);
                entities.persist(raised);
                row.advance(average.windowEnd(), raised);
                announce(raised(raised, rule, firing, average));
                transitions.add(AlertTransition.FIRING);
            }
            case Evaluation.Ended(_, AlertState.Resolved resolved) -> {
                AlertEntity over = existing(alert);
                over.end(resolved, now);
                row.advance(average.windowEnd(), over);
                announce(ended(over, resolved, average.windowStart(), average.windowEnd()));
                transitions.add(AlertTransition.RESOLVED);
            }
        }
    }

    private void announce(AlertAnnouncement announcement) {
        Instant now = clock.instant();
        entities.persist(new TransitionEntity(announcement, now));
        for (Recipient recipient : outbound.recipients()) {
            entities.persist(
                    new NotificationEntity(
                            announcement,
                            FIRST,
                            recipient,
                            composer.compose(recipient.channel(), announcement),
                            now,
                            now.plus(outbound.maxAge())));
        }
    }

    private static AlertEntity existing(@Nullable AlertEntity alert) {
        if (alert == null) {
            throw new IllegalStateException("a rule fires, but its progress names no alert");
        }
        return alert;
    }

    private static AlertAnnouncement raised(
            AlertEntity alert, Rule rule, AlertState.Firing firing, RegionAverage average) {
        return new AlertAnnouncement(
                alert.id(),
                firing.episode(),
                AlertTransition.FIRING,
                rule.name(),
                rule.severity(),
                average.region(),
                null,
                Collections.emptySortedMap(),
                new Finding.Above(Measure.AVERAGE, average.average(), rule.threshold()),
                average.windowStart(),
                average.windowEnd(),
                EndReason.RECOVERED);
    }

    private static AlertAnnouncement ended(
            AlertEntity alert, AlertState.Resolved resolved, Instant start, Instant end) {
        return new AlertAnnouncement(
                alert.id(),
                resolved.episode(),
                AlertTransition.RESOLVED,
                alert.ruleName(),
                alert.severity(),
                alert.region(),
                null,
                Collections.emptySortedMap(),
                new Finding.Above(Measure.AVERAGE, resolved.value(), alert.recoveryThreshold()),
                start,
                end,
                resolved.reason());
    }
}
