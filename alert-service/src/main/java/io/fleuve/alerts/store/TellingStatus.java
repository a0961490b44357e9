package io.fleuve.alerts.store;

/** Where a transition stands on its way to people. */
public enum TellingStatus {
    /** Nobody is to be told. */
    NONE,
    /** Waiting for others that belong to the same message. */
    WAITING,
    /** Silenced or inhibited, and to be told afterwards. */
    HELD,
    TOLD,
    DROPPED
}
