package io.fleuve.alerts.store;

import io.fleuve.alerts.alerts.AlertAnnouncement;
import io.fleuve.alerts.alerts.AlertTransition;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** A row of {@code alert_transitions}. */
@Entity
@Table(name = "alert_transitions")
public class TransitionEntity {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long id;

    private UUID alertId;

    @Enumerated(EnumType.STRING)
    @Column(columnDefinition = "text")
    private AlertTransition transition;

    @Column(columnDefinition = "text")
    private String reason;

    @Column(name = "value")
    private double causingValue;

    private Instant windowStart;
    private Instant windowEnd;
    private Instant recordedAt;

    /** For JPA. */
    protected TransitionEntity() {}

    TransitionEntity(AlertAnnouncement announcement, Instant now) {
        alertId = announcement.alertId();
        transition = announcement.transition();
        reason =
                switch (announcement.transition()) {
                    case FIRING, NO_DATA, REPEATED, ACKNOWLEDGED, ESCALATED -> "breached";
                    case RESOLVED -> announcement.reason().code();
                };
        causingValue = announcement.value();
        windowStart = announcement.windowStart();
        windowEnd = announcement.windowEnd();
        recordedAt = now;
    }

    public UUID alertId() {
        return alertId;
    }

    public AlertTransition transition() {
        return transition;
    }

    public String reason() {
        return reason;
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
}
