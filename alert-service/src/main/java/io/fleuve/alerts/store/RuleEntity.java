package io.fleuve.alerts.store;

import io.fleuve.alerts.rules.Rule;
import io.fleuve.alerts.rules.RuleDefaults;
import io.fleuve.alerts.rules.RuleDraft;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** A row of {@code rules}. */
@Entity
@Table(name = "rules")
public class RuleEntity {

    @Id private UUID id;

    @Column(columnDefinition = "text")
    private String name;

    @Column(columnDefinition = "text")
    private String definition;

    private boolean enabled;
    private Instant createdAt;
    private Instant updatedAt;
    @Version private Long version;

    /** For JPA. */
    protected RuleEntity() {}

    RuleEntity(Rule rule, RuleDraft written, Instant now) {
        id = rule.id();
        createdAt = now;
        change(rule, written, now);
    }

    void change(Rule rule, RuleDraft written, Instant now) {
        name = rule.name();
        definition = Json.write(written);
        enabled = rule.enabled();
        updatedAt = now;
    }

    /**
     * The rule as a value; nothing if what it leaves to the settings no longer goes with them.
     *
     * @param defaults what it means where it says nothing
     */
    public Optional<Rule> toRule(RuleDefaults defaults) {
        return switch (draft().check(id, defaults)) {
            case RuleDraft.Checked.Valid(Rule rule) -> Optional.of(rule);
            case RuleDraft.Checked.Invalid _ -> Optional.empty();
        };
    }

    /** The rule as it was written. */
    public RuleDraft draft() {
        return Json.rule(definition);
    }

    public UUID id() {
        return id;
    }

    public String name() {
        return name;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public Instant updatedAt() {
        return updatedAt;
    }
}
