package io.fleuve.simulator;

import io.fleuve.simulator.live.Pace;
import io.fleuve.simulator.live.SimulationSettings;
import io.fleuve.simulator.simulation.FaultRates;
import io.fleuve.simulator.simulation.Region;
import io.fleuve.simulator.simulation.Senegal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is simulated, below {@code fleuve.simulator.simulation}.
 *
 * @param seed decides all that is random
 * @param regions the places; without any, seven of Senegal
 * @param faults how often things go wrong
 * @param startAt the simulated time to begin at; without it, the present
 * @param endAt where it ends; without it, never
 * @param interval between two readings of a sensor, where no rate is given (10 s) or the rate is
 *     max (1 s)
 * @param maxHeldBack readings that may be under way at once
 */
public record SimulationProperties(
        @DefaultValue("42") long seed,
        @DefaultValue List<RegionProperties> regions,
        @DefaultValue FaultProperties faults,
        @Nullable Instant startAt,
        @Nullable Instant endAt,
        @Nullable Duration interval,
        @DefaultValue("100000") int maxHeldBack) {

    private static final String PREFIX = "fleuve.simulator.simulation.";
    private static final Duration USUAL_INTERVAL = Duration.ofSeconds(10);
    private static final Duration SHORT_INTERVAL = Duration.ofSeconds(1);

    public SimulationProperties {
        regions = List.copyOf(regions);
        Checks.between(PREFIX + "max-held-back", maxHeldBack, 0, 10_000_000);
    }

    /**
     * One place.
     *
     * @param name letters, digits, dots, hyphens and underscores
     * @param latitude degrees, north positive
     * @param longitude degrees, east positive
     * @param elevation metres above the sea
     * @param continentality from 0 (an island) to 1 (deep inland)
     * @param sensors how many
     */
    public record RegionProperties(
            @DefaultValue("") String name,
            double latitude,
            double longitude,
            @DefaultValue("0") double elevation,
            @DefaultValue("0.3") double continentality,
            @DefaultValue("3") int sensors) {}

    /**
     * How often things go wrong: shares are of readings, numbers a day of one sensor.
     *
     * @param outagesPerDay sensors that give nothing for 10 minutes to 12 hours
     * @param stuckPerDay sensors that repeat a value for as long
     * @param driftsPerDay sensors whose error grows for days
     * @param spikes share of values that are far off
     * @param duplicates share of readings that come twice
     * @param outOfOrder share of readings that are overtaken
     * @param late share of readings that come late
     * @param lateUpTo by how much at most
     * @param skewedSensors share of sensors whose clock is wrong
     * @param skew by how much, as a standard deviation
     */
    public record FaultProperties(
            @DefaultValue("0.02") double outagesPerDay,
            @DefaultValue("0.01") double stuckPerDay,
            @DefaultValue("0.002") double driftsPerDay,
            @DefaultValue("0.0005") double spikes,
            @DefaultValue("0.002") double duplicates,
            @DefaultValue("0.005") double outOfOrder,
            @DefaultValue("0.002") double late,
            @DefaultValue("10m") Duration lateUpTo,
            @DefaultValue("0.1") double skewedSensors,
            @DefaultValue("5s") Duration skew) {

        FaultRates rates() {
            return Checks.below(
                    PREFIX + "faults.",
                    () ->
                            new FaultRates(
                                    outagesPerDay,
                                    stuckPerDay,
                                    driftsPerDay,
                                    spikes,
                                    duplicates,
                                    outOfOrder,
                                    late,
                                    lateUpTo,
                                    skewedSensors,
                                    skew));
        }
    }

    /**
     * The settings of the simulation.
     *
     * @param rate readings a second, or max; blank to go by the interval
     * @param speed seconds of simulated time for a second of the clock
     */
    SimulationSettings settings(String rate, double speed) {
        List<Region> places = places();
        if (speed > 1 && startAt == null) {
            throw new IllegalArgumentException(
                    "fleuve.simulator.speed %s needs %sstart-at: simulated time begins at the present and cannot run ahead of it"
                            .formatted(speed, PREFIX));
        }
        return Checks.below(
                PREFIX,
                () ->
                        new SimulationSettings(
                                seed,
                                places,
                                faults.rates(),
                                Optional.ofNullable(startAt),
                                Optional.ofNullable(endAt),
                                pace(rate, speed, places.stream().mapToInt(Region::sensors).sum()),
                                maxHeldBack));
    }

    private List<Region> places() {
        if (regions.isEmpty()) {
            return Senegal.REGIONS;
        }
        List<Region> places = new ArrayList<>();
        for (RegionProperties each : regions) {
            places.add(
                    Checks.below(
                            "%sregions[%d].".formatted(PREFIX, places.size()),
                            () ->
                                    new Region(
                                            each.name(),
                                            each.latitude(),
                                            each.longitude(),
                                            each.elevation(),
                                            each.continentality(),
                                            each.sensors())));
        }
        return places;
    }

    private Pace pace(String rate, double speed, int sensors) {
        if (rate.isBlank()) {
            return Pace.every(interval == null ? USUAL_INTERVAL : interval, speed, sensors);
        }
        if (rate.strip().equalsIgnoreCase("max")) {
            return new Pace.Unlimited(interval == null ? SHORT_INTERVAL : interval);
        }
        if (interval != null) {
            throw new IllegalArgumentException(
                    "interval does not go with fleuve.simulator.rate %s; leave one out"
                            .formatted(rate));
        }
        return Pace.rate(number(rate), speed);
    }

    private static double number(String rate) {
        try {
            return Double.parseDouble(rate.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "rate must be a number of readings a second or 'max', not '" + rate + "'", e);
        }
    }
}
