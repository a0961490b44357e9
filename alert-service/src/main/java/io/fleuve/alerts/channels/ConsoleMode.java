package io.fleuve.alerts.channels;

/** When alerts are printed on standard output. */
public enum ConsoleMode {
    /** If no other channel is configured. */
    AUTO,
    ALWAYS,
    NEVER
}
