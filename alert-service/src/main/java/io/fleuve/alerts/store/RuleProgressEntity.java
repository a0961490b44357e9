package io.fleuve.alerts.store;

import io.fleuve.alerts.alerts.AlertState;
import io.fleuve.alerts.alerts.RuleProgress;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.io.Serializable;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of {@code rule_progress}. */
@Entity
@Table(name = "rule_progress")
public class RuleProgressEntity {

    /** A rule in a region. */
    @Embeddable
    public record Key(
            @Column(name = "rule_id") UUID ruleId,
            @Column(name = "region", columnDefinition = "text") String region)
            implements Serializable {}

    @EmbeddedId private Key key;
    private Instant evaluatedThrough;

    @ManyToOne(fetch = FetchType.LAZY)
    @JoinColumn(name = "alert_id")
    private @Nullable AlertEntity alert;

    @Version private Long version;

    /** For JPA. */
    protected RuleProgressEntity() {}

    RuleProgressEntity(Key key, Instant evaluatedThrough) {
        this.key = key;
        this.evaluatedThrough = evaluatedThrough;
    }

    void advance(Instant through, @Nullable AlertEntity latest) {
        evaluatedThrough = through;
        alert = latest;
    }

    Key key() {
        return key;
    }

    Instant evaluatedThrough() {
        return evaluatedThrough;
    }

    @Nullable AlertEntity alert() {
        return alert;
    }

    RuleProgress toProgress() {
        return new RuleProgress(
                key.ruleId(),
                key.region(),
                evaluatedThrough,
                alert == null ? new AlertState.Inactive() : alert.toState());
    }
}
