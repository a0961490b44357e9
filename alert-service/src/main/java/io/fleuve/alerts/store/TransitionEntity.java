package io.fleuve.alerts.store;

import io.fleuve.alerts.alerts.AlertState;
import io.fleuve.alerts.alerts.AlertStatus;
import io.fleuve.alerts.alerts.AlertTransition;
import io.fleuve.alerts.alerts.Finding;
import io.fleuve.alerts.alerts.StateChange;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of {@code alert_transitions}: the history of alerts, and the queue of what is to tell. */
@Entity
@Table(name = "alert_transitions")
public class TransitionEntity {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long id;

    private UUID alertId;
    private UUID ruleId;

    @Enumerated(EnumType.STRING)
    @Column(name = "transition", columnDefinition = "text")
    private HistoryKind kind;

    @Enumerated(EnumType.STRING)
    @Column(columnDefinition = "text")
    private AlertStatus fromState;

    @Enumerated(EnumType.STRING)
    @Column(columnDefinition = "text")
    private AlertStatus toState;

    @Column(columnDefinition = "text")
    private String reason;

    @Column(columnDefinition = "text")
    private @Nullable String actor;

    @Column(columnDefinition = "text")
    private @Nullable String note;

    private int number;

    @Column(name = "value")
    private double causingValue;

    @Embedded private FindingColumns finding;
    private Instant windowStart;
    private Instant windowEnd;
    private Instant recordedAt;

    @Enumerated(EnumType.STRING)
    @Column(columnDefinition = "text")
    private TellingStatus telling;

    @Column(columnDefinition = "text")
    private @Nullable String tellingReason;

    private @Nullable Instant tellDueAt;

    @Column(columnDefinition = "text")
    private @Nullable String announcementKey;

    /** For JPA. */
    protected TransitionEntity() {}

    /** A step of the state machine. */
    TransitionEntity(AlertEntity alert, HistoryKind kind, StateChange change, Instant now) {
        this(alert, kind, change.reason().code(), change.finding(), now);
        fromState =
                change.from() instanceof AlertState.Calm
                        ? AlertStatus.INACTIVE
                        : change.from().status();
        toState = change.to().status();
        windowStart = change.windowStart();
        windowEnd = change.windowEnd();
    }

    /** Something that leaves the state as it is. */
    TransitionEntity(AlertEntity alert, HistoryKind kind, String reason, Instant now) {
        this(alert, kind, reason, alert.finding(), now);
    }

    private TransitionEntity(
            AlertEntity alert, HistoryKind kind, String reason, Finding finding, Instant now) {
        alertId = alert.id();
        ruleId = alert.ruleId();
        this.kind = kind;
        this.reason = reason;
        fromState = alert.state();
        toState = alert.state();
        causingValue = finding.value();
        this.finding = new FindingColumns(finding);
        windowStart = alert.windowStart();
        windowEnd = alert.windowEnd();
        recordedAt = now;
        telling = TellingStatus.NONE;
    }

    TransitionEntity by(String who, String comment) {
        actor = who;
        note = comment;
        return this;
    }

    TransitionEntity numbered(int n) {
        number = n;
        return this;
    }

    TransitionEntity toBeToldAt(Instant due) {
        telling = TellingStatus.WAITING;
        tellDueAt = due;
        return this;
    }

    void hold(Instant until, String why) {
        telling = TellingStatus.HELD;
        tellingReason = why;
        tellDueAt = until;
    }

    void drop(String why) {
        telling = TellingStatus.DROPPED;
        tellingReason = why;
        tellDueAt = null;
    }

    void told(String announcement) {
        telling = TellingStatus.TOLD;
        tellDueAt = null;
        announcementKey = announcement;
    }

    Finding finding() {
        return finding.toFinding(causingValue);
    }

    /** What people are told of it. */
    AlertTransition transition() {
        return kind.told().orElseThrow();
    }

    public UUID alertId() {
        return alertId;
    }

    public HistoryKind kind() {
        return kind;
    }

    public AlertStatus fromState() {
        return fromState;
    }

    public AlertStatus toState() {
        return toState;
    }

    public String reason() {
        return reason;
    }

    public @Nullable String actor() {
        return actor;
    }

    public @Nullable String note() {
        return note;
    }

    public int number() {
        return number;
    }

    public double causingValue() {
        return causingValue;
    }

    public Instant windowStart() {
        return windowStart;
    }

    public Instant windowEnd() {
        return windowEnd;
    }

    public Instant recordedAt() {
        return recordedAt;
    }

    public TellingStatus telling() {
        return telling;
    }

    public @Nullable String tellingReason() {
        return tellingReason;
    }
}
