package io.fleuve.alerts.alerts;

/** The transitions that people are told about. */
public enum AlertTransition {
    /** An alert fires. */
    FIRING,
    /** A region or sensor has fallen silent: how an alert of a rule about silence fires. */
    NO_DATA,
    /** An alert still fires, and the repeat interval has passed. */
    REPEATED,
    /** Someone has taken charge of an alert; told only where others had been called in. */
    ACKNOWLEDGED,
    /** Nobody has acknowledged an alert in time: the next level is called in. */
    ESCALATED,
    /** An alert is over. */
    RESOLVED
}
