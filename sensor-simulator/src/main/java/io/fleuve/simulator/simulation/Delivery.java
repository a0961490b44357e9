package io.fleuve.simulator.simulation;

import java.util.OptionalLong;

/**
 * The way of one sensor's readings to the broker: how long each is under way, whether it comes
 * twice, and how wrong the sensor's clock is. Times are in microseconds.
 */
final class Delivery {

    private static final double MAX_DEVIATIONS = 4;
    private static final double DUPLICATE_WITHIN_INTERVALS = 2;
    private static final double OVERTAKEN_BY_AT_MOST = 4;

    private final RandomStream fates;
    private final RandomStream delays;
    private final RandomStream copies;
    private final FaultRates rates;
    private final long skewMicros;

    Delivery(long seed, String region, String sensor, FaultRates rates) {
        this.fates = RandomStream.of(seed, region, sensor, "fate");
        this.delays = RandomStream.of(seed, region, sensor, "delay");
        this.copies = RandomStream.of(seed, region, sensor, "copy");
        this.rates = rates;
        RandomStream clocks = RandomStream.of(seed, region, sensor, "clock");
        double deviations = Math.clamp(clocks.gaussian(1), -MAX_DEVIATIONS, MAX_DEVIATIONS);
        this.skewMicros =
                clocks.uniform(0) < rates.skewedSensors()
                        ? Math.round(deviations * rates.skew().toNanos() / 1_000)
                        : 0;
    }

    /** How far the sensor's clock is ahead; the same for all its readings. */
    long skewMicros() {
        return skewMicros;
    }

    /** How a reading travels. */
    sealed interface Route {

        /** At once. */
        record Direct() implements Route {}

        /** Overtaken by readings of the same sensor. */
        record Overtaken(long delayMicros) implements Route {}

        /** Long after its time. */
        record Late(long delayMicros) implements Route {}
    }

    private static final Route DIRECT = new Route.Direct();

    /**
     * The route of the reading of a time.
     *
     * @param intervalMicros the time between two readings of the sensor
     */
    Route route(long micros, long intervalMicros) {
        double fate = fates.uniform(micros);
        if (fate < rates.late()) {
            double longest = rates.lateUpTo().toNanos() / 1_000.0;
            return new Route.Late(1 + (long) delays.between(micros, 0, longest));
        }
        if (fate < rates.late() + rates.outOfOrder()) {
            return new Route.Overtaken(
                    1 + (long) (intervalMicros * delays.between(micros, 1, OVERTAKEN_BY_AT_MOST)));
        }
        return DIRECT;
    }

    /** How long after the reading its copy comes, if it has one. */
    OptionalLong copyAfterMicros(long micros, long intervalMicros) {
        if (rates.duplicates() == 0 || copies.uniform(micros) >= rates.duplicates()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(
                (long) (intervalMicros * copies.between(~micros, 0, DUPLICATE_WITHIN_INTERVALS)));
    }
}
