package io.fleuve.simulator.simulation;

import io.fleuve.simulator.scenario.Influence;
import io.fleuve.simulator.scenario.Influences;
import io.fleuve.simulator.simulation.Episodes.Episode;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A thermometer: what it shows at a time, and what is wrong with it. It has an error of its own
 * that changes slowly, notes tenths of a degree, and breaks in the ways of {@link Fault}. Belongs
 * to one thread.
 */
final class Sensor {

    static final Duration SHORTEST_EPISODE = Duration.ofMinutes(10);
    static final Duration LONGEST_EPISODE = Duration.ofHours(12);

    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration MONTH = Duration.ofDays(30);
    private static final double DAYS_OF_MONTH = 30;
    private static final double MICROS_PER_DAY = 86_400e6;
    private static final double FASTEST_DRIFT_PER_DAY = 3;

    private static final Duration ERROR_KNOTS = Duration.ofMinutes(1);
    private static final Duration ERROR_MEMORY = Duration.ofMinutes(30);
    private static final double ERROR = 0.3;
    private static final double SITE_DIFFERENCE = 0.4;

    private final String name;
    private final String region;
    private final Weather weather;
    private final CorrelatedNoise error;
    private final double site;
    private final Episodes outages;
    private final Episodes stucks;
    private final Episodes drifts;
    private final RandomStream driftRates;
    private final RandomStream spikes;
    private final double spikeShare;

    private long stuckSlot = Long.MIN_VALUE;
    private double stuckCelsius;

    Sensor(long seed, Region region, int number, Weather weather, FaultRates rates) {
        this.name = region.sensor(number);
        this.region = region.name();
        this.weather = weather;
        this.error = new CorrelatedNoise(stream(seed, "error"), ERROR_KNOTS, ERROR_MEMORY, ERROR);
        this.site = SITE_DIFFERENCE * stream(seed, "site").gaussian(0);
        this.outages = dailyEpisodes(stream(seed, "outage"), rates.outagesPerDay());
        this.stucks = dailyEpisodes(stream(seed, "stuck"), rates.stuckPerDay());
        this.drifts =
                new Episodes(
                        stream(seed, "drift"),
                        MONTH,
                        Math.min(1, rates.driftsPerDay() * DAYS_OF_MONTH),
                        Duration.ofDays(5),
                        MONTH);
        this.driftRates = stream(seed, "drift rate");
        this.spikes = stream(seed, "spike");
        this.spikeShare = rates.spikes();
    }

    /** What a sensor gives when it is asked. */
    sealed interface Answer {

        /** A value in tenths of a degree, with what is wrong with it. */
        record Value(double celsius, Set<Fault> faults, Influence influence) implements Answer {}

        /** Nothing, because the sensor is out. */
        record Outage() implements Answer {}

        /** Nothing, because a scenario silenced it. */
        record Silence() implements Answer {}
    }

    String name() {
        return name;
    }

    String region() {
        return region;
    }

    /** Asks the sensor at a time, in microseconds since 1970. */
    Answer read(long micros, Influences influences) {
        Influence influence = influences.on(region, name, micros);
        if (influence.silent()) {
            return new Answer.Silence();
        }
        if (outages.at(micros).isPresent()) {
            return new Answer.Outage();
        }
        Optional<Episode> stuck = stucks.at(micros);
        if (stuck.isPresent()) {
            return new Answer.Value(
                    stuckAt(stuck.get(), influences), EnumSet.of(Fault.STUCK), influence);
        }
        double celsius = felt(micros) + influence.celsius();
        Set<Fault> faults = Set.of();
        double drift = drift(micros);
        if (drift != 0) {
            celsius += drift;
            faults = EnumSet.of(Fault.DRIFT);
        }
        if (spikeShare > 0 && spikes.uniform(micros) < spikeShare) {
            celsius += spike(micros);
            faults = faults.isEmpty() ? EnumSet.of(Fault.SPIKE) : faults;
            faults.add(Fault.SPIKE);
        }
        return new Answer.Value(tenths(celsius), faults, influence);
    }

    private double felt(long micros) {
        return weather.celsius(micros) + site + error.at(micros);
    }

    /** The value at the beginning of the episode, looked up once. */
    private double stuckAt(Episode episode, Influences influences) {
        if (stuckSlot != episode.slot()) {
            long from = episode.from();
            stuckSlot = episode.slot();
            stuckCelsius = tenths(felt(from) + influences.on(region, name, from).celsius());
        }
        return stuckCelsius;
    }

    private double drift(long micros) {
        return drifts.at(micros)
                .map(
                        episode ->
                                driftRates.between(
                                                episode.slot(),
                                                -FASTEST_DRIFT_PER_DAY,
                                                FASTEST_DRIFT_PER_DAY)
                                        * ((micros - episode.from()) / MICROS_PER_DAY))
                .orElse(0.0);
    }

    private double spike(long micros) {
        // The halves of the share decide the sign.
        double sign = spikes.uniform(micros) < spikeShare / 2 ? -1 : 1;
        return sign * spikes.between(~micros, 15, 40);
    }

    private RandomStream stream(long seed, String purpose) {
        return RandomStream.of(seed, region, name, purpose);
    }

    private static Episodes dailyEpisodes(RandomStream stream, double perDay) {
        return new Episodes(stream, DAY, perDay, SHORTEST_EPISODE, LONGEST_EPISODE);
    }

    private static double tenths(double celsius) {
        return Math.round(celsius * 10) / 10.0;
    }
}
