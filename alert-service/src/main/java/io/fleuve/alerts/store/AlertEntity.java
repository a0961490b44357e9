package io.fleuve.alerts.store;

import io.fleuve.alerts.alerts.AlertState;
import io.fleuve.alerts.alerts.EndReason;
import io.fleuve.alerts.alerts.Episode;
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
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of {@code alerts}: one episode of one rule in one region. */
@Entity
@Table(name = "alerts")
public class AlertEntity {

    @Id private UUID id;

    @Column(columnDefinition = "text")
    private String episodeId;

    @Column(columnDefinition = "text")
    private String fingerprint;

    private UUID ruleId;

    @Column(columnDefinition = "text")
    private String ruleName;

    @Column(columnDefinition = "text")
    private String region;

    @Enumerated(EnumType.STRING)
    @Column(columnDefinition = "text")
    private Severity severity;

    private double threshold;
    private double recoveryThreshold;

    @Enumerated(EnumType.STRING)
    @Column(columnDefinition = "text")
    private AlertStatus state;

    @Column(name = "value")
    private double latestValue;

    private double peak;
    private Instant startedAt;
    private Instant firstWindowEnd;
    private @Nullable Instant endedAt;

    @Enumerated(EnumType.STRING)
    @Column(columnDefinition = "text")
    private @Nullable EndReason endReason;

    private Instant raisedAt;
    private Instant updatedAt;
    @Version private Long version;

    /** For JPA. */
    protected AlertEntity() {}

    AlertEntity(Rule rule, String region, AlertState.Firing firing, Instant now) {
        Episode episode = firing.episode();
        id = episode.alertId();
        episodeId = episode.id();
        fingerprint = episode.fingerprint();
        ruleId = rule.id();
        ruleName = rule.name();
        this.region = region;
        severity = rule.severity();
        threshold = rule.threshold();
        recoveryThreshold = rule.recoveryThreshold();
        startedAt = episode.startedAt();
        firstWindowEnd = episode.firstWindowEnd();
        raisedAt = now;
        update(firing, now);
    }

    final void update(AlertState.Firing firing, Instant now) {
        state = AlertStatus.FIRING;
        latestValue = firing.value();
        peak = firing.peak();
        updatedAt = now;
    }

    void end(AlertState.Resolved resolved, Instant now) {
        state = AlertStatus.RESOLVED;
        latestValue = resolved.value();
        peak = resolved.peak();
        endedAt = resolved.endedAt();
        endReason = resolved.reason();
        updatedAt = now;
    }

    /** The state that the row stands for. */
    AlertState toState() {
        Episode episode = new Episode(fingerprint, startedAt, firstWindowEnd);
        return switch (state) {
            case FIRING -> new AlertState.Firing(episode, latestValue, peak);
            case RESOLVED ->
                    new AlertState.Resolved(episode, latestValue, peak, endedAt, endReason);
        };
    }

    public UUID id() {
        return id;
    }

    public String episodeId() {
        return episodeId;
    }

    public UUID ruleId() {
        return ruleId;
    }

    public String ruleName() {
        return ruleName;
    }

    public String region() {
        return region;
    }

    public Severity severity() {
        return severity;
    }

    public double threshold() {
        return threshold;
    }

    public double recoveryThreshold() {
        return recoveryThreshold;
    }

    public AlertStatus state() {
        return state;
    }

    public double latestValue() {
        return latestValue;
    }

    public double peak() {
        return peak;
    }

    public Instant startedAt() {
        return startedAt;
    }

    public @Nullable Instant endedAt() {
        return endedAt;
    }

    public @Nullable EndReason endReason() {
        return endReason;
    }

    public Instant raisedAt() {
        return raisedAt;
    }

    public Instant updatedAt() {
        return updatedAt;
    }
}
