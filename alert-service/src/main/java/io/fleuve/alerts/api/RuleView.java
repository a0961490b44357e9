package io.fleuve.alerts.api;

import io.fleuve.alerts.rules.Rule;
import io.fleuve.alerts.store.RuleEntity;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A rule as JSON.
 *
 * @param regions the regions that it watches; empty means all
 * @param threshold degrees Celsius, above which an average alerts
 * @param recoveryThreshold degrees Celsius, at or below which the alert ends
 */
record RuleView(
        UUID id,
        String name,
        List<String> regions,
        double threshold,
        double recoveryThreshold,
        String severity,
        boolean enabled,
        Instant createdAt,
        Instant updatedAt) {

    static RuleView of(RuleEntity row) {
        Rule rule = row.toRule();
        return new RuleView(
                rule.id(),
                rule.name(),
                List.copyOf(rule.regions()),
                rule.threshold(),
                rule.recoveryThreshold(),
                rule.severity().label(),
                rule.enabled(),
                row.createdAt(),
                row.updatedAt());
    }
}
