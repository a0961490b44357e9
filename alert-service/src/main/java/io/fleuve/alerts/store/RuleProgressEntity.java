package io.fleuve.alerts.store;

import io.fleuve.alerts.alerts.AlertState;
import io.fleuve.alerts.alerts.RuleProgress;
import io.fleuve.alerts.alerts.Subject;
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
import java.util.List;
import java.util.UUID;
import org.hibernate.Hibernate;
import org.jspecify.annotations.Nullable;

/** A row of {@code rule_progress}. */
@Entity
@Table(name = "rule_progress")
public class RuleProgressEntity {

    /** No window ends as early as this, so it stands for none. */
    private static final Instant NEVER = Instant.EPOCH;

    /**
     * A rule in a place.
     *
     * @param sensor empty for the region as a whole
     */
    @Embeddable
    public record Key(
            @Column(name = "rule_id") UUID ruleId,
            @Column(name = "region", columnDefinition = "text") String region,
            @Column(name = "sensor", columnDefinition = "text") String sensor)
            implements Serializable {

        static Key of(UUID ruleId, Subject subject) {
            String sensor = subject.sensor();
            return new Key(ruleId, subject.region(), sensor == null ? "" : sensor);
        }

        Subject subject() {
            return new Subject(region, sensor.isEmpty() ? null : sensor);
        }
    }

    @EmbeddedId private Key key;
    private Instant evaluatedThrough;

    @ManyToOne(fetch = FetchType.LAZY)
    @JoinColumn(name = "alert_id")
    private @Nullable AlertEntity alert;

    /** The same as a value: who holds alerts against change must do so before reading them. */
    @Column(name = "alert_id", insertable = false, updatable = false)
    private @Nullable UUID alertId;

    @Column(columnDefinition = "text")
    private String recent;

    private @Nullable Instant heardAt;
    private @Nullable Instant lookDueAt;
    private boolean watchedAnew;

    @Version private Long version;

    /** For JPA. */
    protected RuleProgressEntity() {}

    RuleProgressEntity(Key key) {
        this.key = key;
        evaluatedThrough = NEVER;
        recent = "[]";
    }

    /** Takes over all but the state, which is the alert's. */
    void take(RuleProgress progress, @Nullable Instant nextLook) {
        evaluatedThrough =
                progress.evaluatedThrough().isAfter(NEVER) ? progress.evaluatedThrough() : NEVER;
        recent = progress.recent().isEmpty() ? "[]" : Json.write(progress.recent());
        heardAt = progress.heardAt();
        watchedAnew = progress.isWatchedAnew();
        lookDueAt = nextLook;
    }

    void point(@Nullable AlertEntity latest) {
        alert = latest;
    }

    /** Nothing is to be found by the clock, or not before {@code at}. */
    void lookAt(@Nullable Instant at) {
        lookDueAt = at;
    }

    Key key() {
        return key;
    }

    @Nullable UUID alertId() {
        return alertId;
    }

    /**
     * The alert itself: on a proxy, methods of the entity's own package are not to be relied on.
     */
    @Nullable AlertEntity alert() {
        AlertEntity latest = alert;
        return latest == null ? null : Hibernate.unproxy(latest, AlertEntity.class);
    }

    RuleProgress toProgress() {
        AlertEntity latest = alert();
        return new RuleProgress(
                key.ruleId(),
                key.subject(),
                evaluatedThrough.isAfter(NEVER) ? evaluatedThrough : Instant.MIN,
                latest == null ? new AlertState.Inactive() : latest.toState(),
                recent.equals("[]") ? List.of() : Json.recent(recent),
                heardAt,
                watchedAnew);
    }
}
