package io.fleuve.alerts.store;

/** The states in which an alert can be kept; an inactive rule has no row. */
public enum AlertStatus {
    FIRING,
    RESOLVED
}
