package io.fleuve.simulator.live;

import java.time.Duration;

/** How fast readings are made. */
public sealed interface Pace {

    /** Fewer readings a second than this are not to be asked for. */
    double LOWEST_RATE = 1;

    /** More readings a second than this are only to be had without limit. */
    double HIGHEST_RATE = 10_000_000;

    /** As time passes. */
    double LOWEST_SPEED = 1;

    /** The highest speed: a year in half a minute. */
    double HIGHEST_SPEED = 1_000_000;

    /** The shortest interval that may be asked for. */
    Duration SHORTEST_INTERVAL = Duration.ofNanos(1_000);

    /** The longest interval that may be asked for. */
    Duration LONGEST_INTERVAL = Duration.ofDays(1);

    /**
     * So many readings a second of the clock, over all sensors, while simulated time runs at a
     * speed. Each sensor is then asked every {@code sensors × speed / readingsPerSecond} seconds of
     * simulated time.
     *
     * @param speed seconds of simulated time for a second of the clock
     */
    record Steady(double readingsPerSecond, double speed) implements Pace {

        public Steady {
            if (!(readingsPerSecond > 0 && readingsPerSecond <= HIGHEST_RATE)) {
                throw new IllegalArgumentException(
                        "rate must be at most %.0f readings a second, or max, not %s"
                                .formatted(HIGHEST_RATE, readingsPerSecond));
            }
            checkSpeed(speed);
        }
    }

    /**
     * As many readings as are taken. Simulated time goes from reading to reading by the interval
     * divided by the number of sensors, until it reaches the present; from then on a reading is
     * made at whatever moment it is taken.
     *
     * @param interval simulated time between two readings of a sensor
     */
    record Unlimited(Duration interval) implements Pace {

        public Unlimited {
            checkInterval(interval);
        }
    }

    /**
     * A steady pace by its interval.
     *
     * @param interval simulated time between two readings of a sensor
     */
    static Pace every(Duration interval, double speed, int sensors) {
        checkInterval(interval);
        checkSpeed(speed);
        return new Steady(sensors * speed / (interval.toNanos() / 1e9), speed);
    }

    /**
     * A steady pace by its rate.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    static Pace rate(double readingsPerSecond, double speed) {
        if (!(readingsPerSecond >= LOWEST_RATE && readingsPerSecond <= HIGHEST_RATE)) {
            throw new IllegalArgumentException(
                    "rate must be between %.0f and %.0f readings a second, or max, not %s"
                            .formatted(LOWEST_RATE, HIGHEST_RATE, readingsPerSecond));
        }
        return new Steady(readingsPerSecond, speed);
    }

    private static void checkSpeed(double speed) {
        if (!(speed >= LOWEST_SPEED && speed <= HIGHEST_SPEED)) {
            throw new IllegalArgumentException(
                    "speed must be between %.0f (as time passes) and %.0f, not %s"
                            .formatted(LOWEST_SPEED, HIGHEST_SPEED, speed));
        }
    }

    private static void checkInterval(Duration interval) {
        if (interval.compareTo(SHORTEST_INTERVAL) < 0 || interval.compareTo(LONGEST_INTERVAL) > 0) {
            throw new IllegalArgumentException(
                    "interval must be between %s and %s, not %s"
                            .formatted(SHORTEST_INTERVAL, LONGEST_INTERVAL, interval));
        }
    }
}
