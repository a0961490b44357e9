package io.fleuve.simulator.simulation;

/** What can be wrong with a reading, or keep it from being one. */
public enum Fault {
    /** The sensor gives nothing for a while. */
    OUTAGE,
    /** The sensor repeats the value that it had when it stuck. */
    STUCK,
    /** A single value that is far off. */
    SPIKE,
    /** The sensor's error grows until it is calibrated again. */
    DRIFT,
    /** The reading is published twice. */
    DUPLICATE,
    /** The reading is published long after its time. */
    LATE,
    /** The reading is overtaken by the next ones. */
    OUT_OF_ORDER,
    /** The sensor's clock is wrong, and so is the reading's time. */
    CLOCK_SKEW
}
