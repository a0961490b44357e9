package io.fleuve.alerts.store;

import io.fleuve.alerts.alerts.EndReason;
import io.fleuve.alerts.alerts.Subject;
import io.fleuve.alerts.rules.Rule;
import io.fleuve.alerts.rules.RuleDefaults;
import io.fleuve.alerts.rules.RuleDraft;
import io.fleuve.alerts.windows.Aggregation;
import io.fleuve.alerts.windows.AggregationsInUse;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Keeps the rules. An alert that fires for a rule or region that is no longer watched is ended in
 * the same transaction, and those who were told that it fires are told that it ended.
 */
public final class RuleBook implements AggregationsInUse {

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

    private static final int MISSING = -1;

    private final RuleRepository rules;
    private final RuleProgressRepository progress;
    private final RuleDefaults defaults;
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
            RuleDefaults defaults,
            AlertLedger ledger,
            TransactionTemplate transactions,
            int maxRules,
            InstantSource clock) {
        this.rules = rules;
        this.progress = progress;
        this.defaults = defaults;
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

    /** What rules mean where they say nothing. */
    public RuleDefaults defaults() {
        return defaults;
    }

    /** The windows that enabled rules look at, besides the service's own. */
    @Override
    public Set<Aggregation> current() {
        Set<Aggregation> asked = new HashSet<>();
        rules.findByEnabledTrueOrderByName()
                .forEach(row -> row.toRule(defaults).ifPresent(r -> asked.add(r.aggregation())));
        asked.remove(defaults.aggregation());
        return Set.copyOf(asked);
    }

    @Override
    public long version() {
        return current().stream().mapToLong(a -> a.id().hashCode() * 31L + 7).sum();
    }

    /**
     * Keeps a new rule.
     *
     * @param written the draft that it was checked from
     */
    public Kept add(Rule rule, RuleDraft written) {
        return kept(
                () -> {
                    if (rules.existsByNameAndIdNot(rule.name(), rule.id())) {
                        return new Kept.NameTaken();
                    }
                    if (rules.count() >= maxRules) {
                        return new Kept.Full(maxRules);
                    }
                    RuleEntity row =
                            rules.saveAndFlush(new RuleEntity(rule, written, clock.instant()));
                    ledger.watch(rule);
                    return new Kept.Done(row);
                });
    }

    /** Replaces the rule with the same id. */
    public Kept change(Rule rule, RuleDraft written) {
        int[] toTell = {0};
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
                            Rule before = row.toRule(defaults).orElse(null);
                            row.change(rule, written, clock.instant());
                            toTell[0] = endWhatNoLongerApplies(before, rule);
                            ledger.watch(rule);
                            rules.flush();
                            return new Kept.Done(row);
                        });
        ledger.wake(toTell[0]);
        return result;
    }

    /** Deletes a rule; its alerts stay. Says whether there was one. */
    public boolean remove(UUID id) {
        Integer toTell =
                transactions.execute(
                        _ -> {
                            RuleEntity row = rules.findForChange(id).orElse(null);
                            if (row == null) {
                                return MISSING;
                            }
                            int ended = 0;
                            for (RuleProgressEntity place : ledger.hold(id)) {
                                ended += ledger.withdraw(place, EndReason.RULE_DELETED);
                            }
                            progress.deleteByRule(id);
                            rules.delete(row);
                            return ended;
                        });
        ledger.wake(toTell);
        return toTell != null && toTell != MISSING;
    }

    private int endWhatNoLongerApplies(@Nullable Rule before, Rule rule) {
        int ended = 0;
        for (RuleProgressEntity place : ledger.hold(rule.id())) {
            EndReason reason = reasonToEnd(before, rule, place.key().subject());
            if (reason != null) {
                ended += ledger.withdraw(place, reason);
                place.lookAt(null);
            }
        }
        return ended;
    }

    private static @Nullable EndReason reasonToEnd(
            @Nullable Rule before, Rule rule, Subject subject) {
        if (!rule.enabled()) {
            return EndReason.RULE_DISABLED;
        }
        if (!rule.covers(subject.region(), subject.sensor())) {
            return EndReason.OUT_OF_SCOPE;
        }
        // New thresholds are met by the next window; another question starts from nothing.
        return before == null || before.asksLike(rule) ? null : EndReason.RULE_CHANGED;
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
