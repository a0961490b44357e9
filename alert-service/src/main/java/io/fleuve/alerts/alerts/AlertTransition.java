package io.fleuve.alerts.alerts;

/** The transitions that people are told about. */
public enum AlertTransition {
    FIRING,
    RESOLVED
}
