package io.fleuve.alerts.store;

import io.fleuve.alerts.alerts.AlertTransition;
import java.util.Optional;

/** What a row of an alert's history tells. */
public enum HistoryKind {
    PENDING,
    LAPSED,
    FIRING,
    RECOVERING,
    RELAPSED,
    NO_DATA,
    RESOLVED,
    REPEATED,
    ESCALATED,
    ACKNOWLEDGED,
    COMMENTED;

    static HistoryKind of(AlertTransition transition) {
        return valueOf(transition.name());
    }

    /** What people are told of it, if they may be. */
    Optional<AlertTransition> told() {
        return switch (this) {
            case FIRING -> Optional.of(AlertTransition.FIRING);
            case NO_DATA -> Optional.of(AlertTransition.NO_DATA);
            case RESOLVED -> Optional.of(AlertTransition.RESOLVED);
            case REPEATED -> Optional.of(AlertTransition.REPEATED);
            case ESCALATED -> Optional.of(AlertTransition.ESCALATED);
            case ACKNOWLEDGED -> Optional.of(AlertTransition.ACKNOWLEDGED);
            case PENDING, LAPSED, RECOVERING, RELAPSED, COMMENTED -> Optional.empty();
        };
    }
}
