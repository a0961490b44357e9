package io.fleuve.alerts.store;

import io.fleuve.alerts.alerts.AlertState;
import io.fleuve.alerts.alerts.AlertStatus;
import io.fleuve.alerts.alerts.EndReason;
import io.fleuve.alerts.alerts.Episode;
import io.fleuve.alerts.alerts.Finding;
import io.fleuve.alerts.alerts.Reminders;
import io.fleuve.alerts.alerts.StateChange;
import io.fleuve.alerts.alerts.Subject;
import io.fleuve.alerts.rules.Condition;
import io.fleuve.alerts.rules.Rule;
import io.fleuve.alerts.rules.Severity;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of {@code alerts}: one episode of one rule in one place. */
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

    @Column(columnDefinition = "text")
    private @Nullable String sensor;

    @Column(columnDefinition = "text")
    private String labels;

    @Enumerated(EnumType.STRING)
    @Column(columnDefinition = "text")
    private Severity severity;

    private @Nullable Double threshold;
    private @Nullable Double recoveryThreshold;

    @Enumerated(EnumType.STRING)
    @Column(columnDefinition = "text")
    private AlertStatus state;

    @Column(name = "value")
    private double latestValue;

    private double peak;
    @Embedded private FindingColumns finding;
    private Instant startedAt;
    private Instant firstWindowEnd;
    private @Nullable Instant recoveringSince;
    private @Nullable Instant windowStart;
    private @Nullable Instant windowEnd;
    private @Nullable Instant endedAt;

    @Enumerated(EnumType.STRING)
    @Column(columnDefinition = "text")
    private @Nullable EndReason endReason;

    private @Nullable Instant firstToldAt;
    private @Nullable Instant lastToldAt;
    private int repeats;
    private int escalation = 1;
    private @Nullable Instant reminderDueAt;
    private @Nullable Instant acknowledgedAt;

    @Column(columnDefinition = "text")
    private @Nullable String acknowledgedBy;

    @Column(columnDefinition = "text")
    private @Nullable String acknowledgement;

    private Instant raisedAt;
    private Instant updatedAt;
    @Version private Long version;

    /** For JPA. */
    protected AlertEntity() {}

    AlertEntity(Rule rule, Subject subject, Episode episode, StateChange change, Instant now) {
        id = episode.alertId();
        episodeId = episode.id();
        fingerprint = episode.fingerprint();
        ruleId = rule.id();
        ruleName = rule.name();
        region = subject.region();
        sensor = subject.sensor();
        labels = Json.write(rule.labels());
        severity = rule.severity();
        switch (rule.condition()) {
            case Condition.Above(double limit, double recovery) -> limits(limit, recovery);
            case Condition.Below(double limit, double recovery) -> limits(limit, recovery);
            case Condition.Change _, Condition.Deviation _, Condition.NoData _ -> {}
        }
        startedAt = episode.startedAt();
        firstWindowEnd = episode.firstWindowEnd();
        raisedAt = now;
        take(change.to(), change.finding(), now);
        saw(change.windowStart(), change.windowEnd());
    }

    private void limits(double limit, double recovery) {
        threshold = limit;
        recoveryThreshold = recovery;
    }

    /** Takes a state over, and the finding that led to it. */
    final void take(AlertState next, Finding latest, Instant now) {
        finding = new FindingColumns(latest);
        takeFigures(next, now);
    }

    /** Takes a state over that has new figures only. */
    final void takeFigures(AlertState next, Instant now) {
        state = next.status();
        updatedAt = now;
        recoveringSince = null;
        switch (next) {
            case AlertState.Inactive _ -> {
                endedAt = windowEnd == null ? firstWindowEnd : windowEnd;
                reminderDueAt = null;
            }
            case AlertState.Pending pending -> figures(pending.value(), pending.peak());
            case AlertState.Firing firing -> figures(firing.value(), firing.peak());
            case AlertState.NoData noData -> figures(noData.value(), noData.peak());
            case AlertState.Recovering recovering -> {
                figures(recovering.value(), recovering.peak());
                recoveringSince = recovering.since();
            }
            case AlertState.Resolved resolved -> {
                figures(resolved.value(), resolved.peak());
                endedAt = resolved.endedAt();
                endReason = resolved.reason();
                reminderDueAt = null;
            }
        }
    }

    private void figures(double latest, double worst) {
        latestValue = latest;
        peak = worst;
    }

    /** Remembers the latest window. */
    final void saw(Instant start, Instant end) {
        windowStart = start;
        windowEnd = end;
    }

    /** The state that the row stands for. */
    AlertState toState() {
        Episode episode = episode();
        return switch (state) {
            case INACTIVE -> new AlertState.Inactive();
            case PENDING -> new AlertState.Pending(episode, latestValue, peak);
            case FIRING -> new AlertState.Firing(episode, latestValue, peak);
            case RECOVERING ->
                    new AlertState.Recovering(
                            episode,
                            latestValue,
                            peak,
                            recoveringSince == null ? startedAt : recoveringSince);
            case NO_DATA -> new AlertState.NoData(episode, latestValue, peak);
            case RESOLVED ->
                    new AlertState.Resolved(episode, latestValue, peak, endedAt, endReason);
        };
    }

    Episode episode() {
        return new Episode(fingerprint, startedAt, firstWindowEnd);
    }

    Finding finding() {
        return finding.toFinding(latestValue);
    }

    /** What people have been told; nothing if they have not. */
    @Nullable Reminders reminders() {
        return firstToldAt == null || lastToldAt == null
                ? null
                : new Reminders(
                        firstToldAt, lastToldAt, repeats, escalation, acknowledgedAt != null);
    }

    void remind(Reminders told, @Nullable Instant next) {
        firstToldAt = told.firstToldAt();
        lastToldAt = told.lastToldAt();
        repeats = told.repeats();
        escalation = told.level();
        reminderDueAt = next;
    }

    void remindAt(@Nullable Instant next) {
        reminderDueAt = next;
    }

    void acknowledge(String by, String comment, Instant now) {
        acknowledgedAt = now;
        acknowledgedBy = by;
        acknowledgement = comment;
        reminderDueAt = null;
        updatedAt = now;
    }

    /** What silences and inhibition look at. */
    public SortedMap<String, String> matchedLabels() {
        SortedMap<String, String> all = new TreeMap<>(labels());
        all.put("rule", ruleName);
        all.put("severity", severity.label());
        all.put("region", region);
        if (sensor != null) {
            all.put("sensor", sensor);
        }
        return all;
    }

    public SortedMap<String, String> labels() {
        return Json.labels(labels);
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

    public @Nullable String sensor() {
        return sensor;
    }

    public Severity severity() {
        return severity;
    }

    public @Nullable Double threshold() {
        return threshold;
    }

    public @Nullable Double recoveryThreshold() {
        return recoveryThreshold;
    }

    public AlertStatus state() {
        return state;
    }

    public double latestValue() {
        return latestValue;
    }

    /** The unit of the values. */
    public String unit() {
        return finding().unit();
    }

    public double peak() {
        return peak;
    }

    public Instant startedAt() {
        return startedAt;
    }

    Instant windowStart() {
        return windowStart == null ? startedAt : windowStart;
    }

    Instant windowEnd() {
        return windowEnd == null ? firstWindowEnd : windowEnd;
    }

    public @Nullable Instant endedAt() {
        return endedAt;
    }

    public @Nullable EndReason endReason() {
        return endReason;
    }

    public int repeats() {
        return repeats;
    }

    public int escalation() {
        return escalation;
    }

    public @Nullable Instant acknowledgedAt() {
        return acknowledgedAt;
    }

    public @Nullable String acknowledgedBy() {
        return acknowledgedBy;
    }

    public @Nullable String acknowledgement() {
        return acknowledgement;
    }

    public Instant raisedAt() {
        return raisedAt;
    }

    public Instant updatedAt() {
        return updatedAt;
    }
}
