package io.fleuve.alerts.store;

/** The names of the delivery states, as rows and JSON have them. */
public enum DeliveryStatus {
    PENDING,
    SENDING,
    SENT,
    DELIVERED,
    RETRY,
    UNKNOWN,
    DEAD,
    SUPPRESSED,
    EXPIRED
}
