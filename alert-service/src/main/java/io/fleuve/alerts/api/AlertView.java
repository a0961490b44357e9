package io.fleuve.alerts.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.fleuve.alerts.store.AlertEntity;
import io.fleuve.alerts.store.TransitionEntity;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An alert as JSON.
 *
 * @param rule the rule's name when the alert was raised
 * @param sensor null where the alert is about the region as a whole
 * @param value latest figure of the episode
 * @param peak the worst figure of the episode
 * @param unit of {@code value} and {@code peak}
 * @param threshold null where the condition has none
 * @param startedAt start of the first window in breach (event time)
 * @param endedAt when the breach was over (event time); null while it goes on
 * @param level 1 at first, n once the nth level was called in
 * @param repeats how often people were told again
 */
record AlertView(
        UUID id,
        UUID ruleId,
        String rule,
        String region,
        @Nullable String sensor,
        String severity,
        String state,
        double value,
        double peak,
        String unit,
        @Nullable Double threshold,
        @Nullable Double recoveryThreshold,
        SortedMap<String, String> labels,
        Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable String endReason,
        int level,
        int repeats,
        @Nullable AcknowledgementView acknowledgement,
        Instant raisedAt,
        Instant updatedAt) {

    /** Who takes care of it. */
    record AcknowledgementView(String by, String comment, Instant at) {}

    /**
     * One entry of an alert's history.
     *
     * @param kind what happened: a step of its state, or REPEATED, ESCALATED, ACKNOWLEDGED,
     *     COMMENTED
     * @param from its state before
     * @param to its state after
     * @param by who did it, where a person did
     * @param number which repetition, or which level was called in
     * @param told whether people were told: NONE if they never are, WAITING, HELD while it is
     *     silenced or inhibited, TOLD, DROPPED
     * @param toldReason why it is held or was dropped
     */
    record TransitionView(
            String kind,
            String from,
            String to,
            String reason,
            @Nullable String by,
            @Nullable String comment,
            int number,
            double value,
            Instant windowStart,
            Instant windowEnd,
            Instant recordedAt,
            String told,
            @Nullable String toldReason) {

        static TransitionView of(TransitionEntity row) {
            return new TransitionView(
                    row.kind().name(),
                    row.fromState().name(),
                    row.toState().name(),
                    row.reason(),
                    row.actor(),
                    row.note(),
                    row.number(),
                    row.causingValue(),
                    row.windowStart(),
                    row.windowEnd(),
                    row.recordedAt(),
                    row.telling().name(),
                    row.tellingReason());
        }
    }

    /** An alert with all that happened to it. */
    record Detailed(
            @JsonUnwrapped AlertView alert,
            List<TransitionView> transitions,
            List<NotificationView> notifications) {}

    static AlertView of(AlertEntity row) {
        String by = row.acknowledgedBy();
        String comment = row.acknowledgement();
        Instant at = row.acknowledgedAt();
        return new AlertView(
                row.id(),
                row.ruleId(),
                row.ruleName(),
                row.region(),
                row.sensor(),
                row.severity().label(),
                row.state().name(),
                row.latestValue(),
                row.peak(),
                row.unit(),
                row.threshold(),
                row.recoveryThreshold(),
                row.labels(),
                row.startedAt(),
                row.endedAt(),
                row.endReason() == null ? null : row.endReason().code(),
                row.escalation(),
                row.repeats(),
                by == null || at == null
                        ? null
                        : new AcknowledgementView(by, comment == null ? "" : comment, at),
                row.raisedAt(),
                row.updatedAt());
    }
}
