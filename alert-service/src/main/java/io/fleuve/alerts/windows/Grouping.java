package io.fleuve.alerts.windows;

/** Whose readings share a window. */
public enum Grouping {
    /** All readings of a region. */
    REGION,
    /** The readings of one sensor; readings that name none share a window of their region. */
    SENSOR
}
