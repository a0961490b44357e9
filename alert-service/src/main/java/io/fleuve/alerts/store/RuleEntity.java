package io.fleuve.alerts.store;

import io.fleuve.alerts.rules.Rule;
import io.fleuve.alerts.rules.Severity;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** A row of {@code rules}. */
@Entity
@Table(name = "rules")
public class RuleEntity {

    @Id private UUID id;

    @Column(columnDefinition = "text")
    private String name;

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(columnDefinition = "text[]")
    private String[] regions;

    private double threshold;
    private double recoveryThreshold;

    @Enumerated(EnumType.STRING)
    @Column(columnDefinition = "text")
    private Severity severity;

    private boolean enabled;
    private Instant createdAt;
    private Instant updatedAt;
    @Version private Long version;

    /** For JPA. */
    protected RuleEntity() {}

    RuleEntity(Rule rule, Instant now) {
        id = rule.id();
        createdAt = now;
        change(rule, now);
    }

    void change(Rule rule, Instant now) {
        name = rule.name();
        regions = rule.regions().toArray(String[]::new);
        threshold = rule.threshold();
        recoveryThreshold = rule.recoveryThreshold();
        severity = rule.severity();
        enabled = rule.enabled();
        updatedAt = now;
    }

    /** The rule as a value. */
    public Rule toRule() {
        return new Rule(
                id,
                name,
                Collections.unmodifiableSortedSet(new TreeSet<>(List.of(regions))),
                threshold,
                recoveryThreshold,
                severity,
                enabled);
    }

    public Instant createdAt() {
        return createdAt;
    }

    public Instant updatedAt() {
        return updatedAt;
    }
}
