package io.fleuve.simulator.scenario;

import java.time.Duration;

/**
 * Something out of the ordinary. Weather and silence last in the time of the readings, so that a
 * heat wave of three days is one at any speed; a burst is load, and lasts by the clock.
 */
public sealed interface Scenario {

    /** The longest that weather or silence may last. */
    Duration LONGEST = Duration.ofDays(366);

    /** The longest burst. */
    Duration LONGEST_BURST = Duration.ofHours(1);

    /** Most degrees that a scenario adds or takes. */
    double MOST_DEGREES = 40;

    /** Most that a burst multiplies the rate by. */
    double MOST_FACTOR = 1_000;

    /** How long it lasts. */
    Duration duration();

    /**
     * Warmer than usual.
     *
     * @param degrees how much at the height, above 0
     * @param ramp how long it takes to get there, and to end; at most half the duration
     */
    record HeatWave(Scope scope, double degrees, Duration ramp, Duration duration)
            implements Scenario {

        public HeatWave {
            checkWeather(degrees, ramp, duration);
        }
    }

    /**
     * Colder than usual.
     *
     * @param degrees how much at the height, above 0
     * @param ramp how long it takes to get there, and to end; at most half the duration
     */
    record ColdSnap(Scope scope, double degrees, Duration ramp, Duration duration)
            implements Scenario {

        public ColdSnap {
            checkWeather(degrees, ramp, duration);
        }
    }

    /** Sensors, or whole regions, give nothing. */
    record Silence(Scope scope, Duration duration) implements Scenario {

        public Silence {
            checkDuration(duration, LONGEST);
        }
    }

    /**
     * More readings a second.
     *
     * @param factor how many times as many, above 1
     */
    record Burst(double factor, Duration duration) implements Scenario {

        public Burst {
            if (!(factor > 1 && factor <= MOST_FACTOR)) {
                throw new IllegalArgumentException(
                        "factor must be above 1 and at most %.0f, not %s"
                                .formatted(MOST_FACTOR, factor));
            }
            checkDuration(duration, LONGEST_BURST);
        }
    }

    private static void checkWeather(double degrees, Duration ramp, Duration duration) {
        if (!(degrees > 0 && degrees <= MOST_DEGREES)) {
            throw new IllegalArgumentException(
                    "degrees must be above 0 and at most %.0f, not %s"
                            .formatted(MOST_DEGREES, degrees));
        }
        checkDuration(duration, LONGEST);
        if (ramp.isNegative() || ramp.multipliedBy(2).compareTo(duration) > 0) {
            throw new IllegalArgumentException(
                    "ramp must be at most half the duration of %s, not %s"
                            .formatted(duration, ramp));
        }
    }

    private static void checkDuration(Duration duration, Duration longest) {
        if (!duration.isPositive() || duration.compareTo(longest) > 0) {
            throw new IllegalArgumentException(
                    "duration must be above PT0S and at most %s, not %s"
                            .formatted(longest, duration));
        }
    }
}
