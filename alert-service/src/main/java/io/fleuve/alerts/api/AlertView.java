package io.fleuve.alerts.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.fleuve.alerts.store.AlertEntity;
import io.fleuve.alerts.store.TransitionEntity;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An alert as JSON.
 *
 * @param rule the rule's name when the alert was raised
 * @param value latest average of the episode, degrees Celsius
 * @param startedAt start of the first window in breach (event time)
 * @param endedAt when the breach was over (event time); null while it fires
 */
record AlertView(
        UUID id,
        UUID ruleId,
        String rule,
        String region,
        String severity,
        String state,
        double value,
        double peak,
        double threshold,
        double recoveryThreshold,
        Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable String endReason,
        Instant raisedAt,
        Instant updatedAt) {

    /** One transition of an alert. */
    record TransitionView(
            String to,
            String reason,
            double value,
            Instant windowStart,
            Instant windowEnd,
            Instant recordedAt) {

        static TransitionView of(TransitionEntity row) {
            return new TransitionView(
                    row.transition().name(),
                    row.reason(),
                    row.causingValue(),
                    row.windowStart(),
                    row.windowEnd(),
                    row.recordedAt());
        }
    }

    /** An alert with all that happened to it. */
    record Detailed(
            @JsonUnwrapped AlertView alert,
            List<TransitionView> transitions,
            List<NotificationView> notifications) {}

    static AlertView of(AlertEntity row) {
        return new AlertView(
                row.id(),
                row.ruleId(),
                row.ruleName(),
                row.region(),
                row.severity().label(),
                row.state().name(),
                row.latestValue(),
                row.peak(),
                row.threshold(),
                row.recoveryThreshold(),
                row.startedAt(),
                row.endedAt(),
                row.endReason() == null ? null : row.endReason().code(),
                row.raisedAt(),
                row.updatedAt());
    }
}
