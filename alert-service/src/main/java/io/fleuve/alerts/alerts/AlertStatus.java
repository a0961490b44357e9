package io.fleuve.alerts.alerts;

/** The names of {@link AlertState}s. */
public enum AlertStatus {
    INACTIVE,
    PENDING,
    FIRING,
    RECOVERING,
    NO_DATA,
    RESOLVED;

    /** Whether an episode is going on that people are told of. */
    public boolean isOpen() {
        return switch (this) {
            case FIRING, RECOVERING, NO_DATA -> true;
            case INACTIVE, PENDING, RESOLVED -> false;
        };
    }
}
