package io.fleuve.simulator.simulation;

import java.time.Duration;

/**
 * The true temperature of a region: its climate, and the air masses that come and go over days. All
 * sensors of the region feel the same weather. Belongs to one thread.
 */
final class Weather {

    private static final Duration KNOTS = Duration.ofHours(1);
    private static final Duration MEMORY = Duration.ofHours(48);

    private final Climate climate;
    private final CorrelatedNoise airMasses;

    Weather(long seed, Region region) {
        this.climate = new Climate(region);
        // Weather is calm near the equator and changes more towards the poles.
        double standardDeviation = 1 + Math.abs(region.latitude()) / 30;
        this.airMasses =
                new CorrelatedNoise(
                        RandomStream.of(seed, region.name(), "weather"),
                        KNOTS,
                        MEMORY,
                        standardDeviation);
    }

    double celsius(long micros) {
        return climate.celsius(micros) + airMasses.at(micros);
    }
}
