package io.fleuve.alerts.windows;

/** Whose readings share a window. */
public enum Grouping {
    REGION,
    SENSOR
}
