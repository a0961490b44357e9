package io.fleuve.simulator.simulation;

import java.time.Duration;

/**
 * How often sensors and their network fail. Shares are of readings, from 0 to 1; the others are
 * expected numbers of episodes of one sensor in a day, from 0 to 1.
 *
 * @param outagesPerDay a silence of {@link Sensor#SHORTEST_EPISODE} to {@link
 *     Sensor#LONGEST_EPISODE}
 * @param stuckPerDay a value that is repeated for as long
 * @param driftsPerDay an error that begins to grow, by up to 3 K a day, until the end of the month
 * @param spikes share of values that are 15 to 40 K off
 * @param duplicates share of readings that are published twice
 * @param outOfOrder share of readings that some of the next ones overtake
 * @param late share of readings that come after up to {@code lateUpTo}
 * @param lateUpTo the longest delay
 * @param skewedSensors share of sensors whose clock is wrong
 * @param skew the standard deviation of such clocks
 */
public record FaultRates(
        double outagesPerDay,
        double stuckPerDay,
        double driftsPerDay,
        double spikes,
        double duplicates,
        double outOfOrder,
        double late,
        Duration lateUpTo,
        double skewedSensors,
        Duration skew) {

    /** The longest delay that may be asked for. */
    public static final Duration LONGEST_DELAY = Duration.ofDays(1);

    /** The largest skew that may be asked for: a clock is off by four times as much at most. */
    public static final Duration LARGEST_SKEW = Duration.ofMinutes(10);

    /** Sensors that never fail on a network that never does. */
    public static final FaultRates NONE =
            new FaultRates(0, 0, 0, 0, 0, 0, 0, Duration.ofMinutes(1), 0, Duration.ZERO);

    public FaultRates {
        share("outages-per-day", outagesPerDay);
        share("stuck-per-day", stuckPerDay);
        share("drifts-per-day", driftsPerDay);
        share("spikes", spikes);
        share("duplicates", duplicates);
        share("out-of-order", outOfOrder);
        share("late", late);
        share("late and out-of-order together", late + outOfOrder);
        share("skewed-sensors", skewedSensors);
        atMost("late-up-to", lateUpTo, LONGEST_DELAY);
        atMost("skew", skew, LARGEST_SKEW);
    }

    private static void share(String key, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(
                    "%s must be between 0 and 1, not %s".formatted(key, value));
        }
    }

    private static void atMost(String key, Duration value, Duration max) {
        if (value.isNegative() || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                    "%s must be between PT0S and %s, not %s".formatted(key, max, value));
        }
    }
}
