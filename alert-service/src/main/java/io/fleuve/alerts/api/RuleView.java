package io.fleuve.alerts.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.fleuve.alerts.rules.RuleDefaults;
import io.fleuve.alerts.rules.RuleDraft;
import io.fleuve.alerts.store.RuleEntity;
import java.time.Instant;
import java.util.UUID;

/**
 * A rule as JSON.
 *
 * @param rule all of it, with what was left out filled in; where {@code condition} is above, {@code
 *     threshold} and {@code recoveryThreshold} repeat it in the short form
 */
record RuleView(UUID id, @JsonUnwrapped RuleDraft rule, Instant createdAt, Instant updatedAt) {

    static RuleView of(RuleEntity row, RuleDefaults defaults) {
        return new RuleView(
                row.id(),
                row.toRule(defaults).map(RuleDraft::of).orElseGet(row::draft),
                row.createdAt(),
                row.updatedAt());
    }
}
