package io.fleuve.alerts.store;

import io.fleuve.alerts.alerts.AlertTransition;
import io.fleuve.alerts.alerts.EndReason;
import io.fleuve.alerts.rules.Rule;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Keeps the rules. An alert that fires for a rule or region that is no longer watched is ended in
 * the same transaction, and those who were told that it fires are told that it ended.
 */
public final class RuleBook {

    /** What became of a rule that was to be kept. */
    public sealed interface Kept {
        /** It was. */
        record Done(RuleEntity rule) implements Kept {}

        /** Another rule has that name. */
        record NameTaken() implements Kept {}

        /** There are as many rules as there may be. */
        record Full(int max) implements Kept {}

        /** There is no such rule. */
        record Missing() implements Kept {}
    }

    private final RuleRepository rules;
    private final RuleProgressRepository progress;
    private final AlertRepository alerts;
    private final AlertLedger ledger;
    private final TransactionTemplate transactions;
    private final int maxRules;
    private final InstantSource clock;

    /**
     * @param maxRules most rules that are kept: each is evaluated for each average
     */
    public RuleBook(
            RuleRepository rules,
            RuleProgressRepository progress,
            AlertRepository alerts,
            AlertLedger ledger,
            TransactionTemplate transactions,
            int maxRules,
            InstantSource clock) {
        this.rules = rules;
        this.progress = progress;
        this.alerts = alerts;
        this.ledger = ledger;
        this.transactions = transactions;
        this.maxRules = maxRules;
        this.clock = clock;
    }

    public List<RuleEntity> all() {
        return rules.findAllByOrderByName();
    }

    public Optional<RuleEntity> find(UUID id) {
        return rules.findById(id);
    }

    /** Keeps a new rule. */
    public Kept add(Rule rule) {
        return kept(
                () -> {
                    if (rules.existsByNameAndIdNot(rule.name(), rule.id())) {
                        return new Kept.NameTaken();
                    }
                    if (rules.count() >= maxRules) {
                        return new Kept.Full(maxRules);
                    }
                    RuleEntity row = new RuleEntity(rule, clock.instant());
                    return new Kept.Done(rules.saveAndFlush(row));
                });
    }

    /** Replaces the rule with the same id. */
    public Kept change(Rule rule) {
        List<AlertTransition> ended = new ArrayList<>();
        Kept result =
                kept(
                        () -> {
                            RuleEntity row = rules.findForChange(rule.id()).orElse(null);
                            if (row == null) {
                                return new Kept.Missing();
                            }
                            if (rules.existsByNameAndIdNot(rule.name(), rule.id())) {
                                return new Kept.NameTaken();
                            }
                            row.change(rule, clock.instant());
                            endAlertsNoLongerCovered(rule, ended);
                            rules.flush();
                            return new Kept.Done(row);
                        });
        ledger.announceCommit(ended);
        return result;
    }

    /** Deletes a rule; its alerts stay. Says whether there was one. */
    public boolean remove(UUID id) {
        List<AlertTransition> ended = new ArrayList<>();
        boolean removed =
                Boolean.TRUE.equals(
                        transactions.execute(
                                _ -> {
                                    RuleEntity row = rules.findForChange(id).orElse(null);
                                    if (row == null) {
                                        return false;
                                    }
                                    for (AlertEntity alert : firing(id)) {
                                        ended.add(ledger.withdraw(alert, EndReason.RULE_DELETED));
                                    }
                                    progress.deleteByRule(id);
                                    rules.delete(row);
                                    return true;
                                }));
        ledger.announceCommit(ended);
        return removed;
    }

    private void endAlertsNoLongerCovered(Rule rule, List<AlertTransition> ended) {
        for (AlertEntity alert : firing(rule.id())) {
            EndReason reason = reasonToEnd(rule, alert.region());
            if (reason != null) {
                ended.add(ledger.withdraw(alert, reason));
            }
        }
    }

    private static @Nullable EndReason reasonToEnd(Rule rule, String region) {
        if (!rule.enabled()) {
            return EndReason.RULE_DISABLED;
        }
        return rule.covers(region) ? null : EndReason.OUT_OF_SCOPE;
    }

    private List<AlertEntity> firing(UUID ruleId) {
        return alerts.findByRuleIdAndState(ruleId, AlertStatus.FIRING);
    }

    private Kept kept(Supplier<Kept> work) {
        try {
            Kept result = transactions.execute(_ -> work.get());
            return result == null ? new Kept.Missing() : result;
        } catch (DataIntegrityViolationException e) {
            // Two people took the same name at the same time; the database let one have it.
            return new Kept.NameTaken();
        }
    }
}
