package io.fleuve.alerts.rules;

import java.time.Duration;

/** What has to be true of a window for the rule to be breached, and for the alert to be over. */
public sealed interface Condition {

    /**
     * The measure is above a threshold.
     *
     * @param recovery at most {@code threshold}; at or below it the alert is over. In between, an
     *     alert that fires keeps firing and none starts, so that a figure that hovers at the
     *     threshold does not flap
     */
    record Above(double threshold, double recovery) implements Condition {}

    /**
     * The measure is below a threshold.
     *
     * @param recovery at least {@code threshold}; at or above it the alert is over
     */
    record Below(double threshold, double recovery) implements Condition {}

    /**
     * The measure moved by so much within a time; over once it has not any more.
     *
     * @param by size of the move, above zero, in the unit of the measure
     * @param within how far back, in event time, the ends of the windows compared may lie
     */
    record Change(double by, Duration within, Direction direction) implements Condition {}

    /**
     * The measure is so far from what is normal for the region in that month and hour (UTC). Where
     * no normal is known nothing is decided.
     *
     * @param by size of the difference, above zero
     * @param recovery size of the difference at or below which the alert is over, at most {@code
     *     by}
     */
    record Deviation(double by, double recovery, Direction direction) implements Condition {}

    /**
     * No window was published for so long, by the clock; over when one is.
     *
     * @param after longer than windows are apart when all is well
     */
    record NoData(Duration after) implements Condition {}
}
