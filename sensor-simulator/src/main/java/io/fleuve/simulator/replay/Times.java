package io.fleuve.simulator.replay;

/** Under which times a replay publishes. */
public enum Times {
    /** Moved by whole days, so that the data end now. */
    REBASED,
    /** As they were recorded. */
    RECORDED
}
