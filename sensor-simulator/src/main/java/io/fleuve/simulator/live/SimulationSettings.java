package io.fleuve.simulator.live;

import io.fleuve.simulator.simulation.FaultRates;
import io.fleuve.simulator.simulation.Region;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a simulation is to be run.
 *
 * @param seed decides all that is random
 * @param regions the places, with names of their own
 * @param faults how often things go wrong
 * @param startAt the simulated time to begin at; empty for the present
 * @param endAt where it ends, exclusive; empty for never
 * @param pace to begin with
 * @param maxHeldBack readings that may be under way at once
 */
public record SimulationSettings(
        long seed,
        List<Region> regions,
        FaultRates faults,
        Optional<Instant> startAt,
        Optional<Instant> endAt,
        Pace pace,
        int maxHeldBack) {

    /** Most regions of a simulation. */
    public static final int MAX_REGIONS = 1_000;

    /** Most sensors of a simulation, in all regions (each takes about a kilobyte of memory). */
    public static final int MAX_SENSORS = 100_000;

    public SimulationSettings {
        regions = List.copyOf(regions);
        if (regions.isEmpty() || regions.size() > MAX_REGIONS) {
            throw new IllegalArgumentException(
                    "regions must be 1 to %d, not %d".formatted(MAX_REGIONS, regions.size()));
        }
        Set<String> names = new HashSet<>();
        for (Region region : regions) {
            if (!names.add(region.name())) {
                throw new IllegalArgumentException(
                        "two regions are named '%s'; rename one".formatted(region.name()));
            }
        }
        long sensors = regions.stream().mapToLong(Region::sensors).sum();
        if (sensors > MAX_SENSORS) {
            throw new IllegalArgumentException(
                    "sensors must be at most %d in all regions, not %d"
                            .formatted(MAX_SENSORS, sensors));
        }
        if (startAt.isPresent() && endAt.isPresent() && !endAt.get().isAfter(startAt.get())) {
            throw new IllegalArgumentException(
                    "end-at (%s) must be after start-at (%s)"
                            .formatted(endAt.get(), startAt.get()));
        }
    }

    /** How many sensors there are in all regions. */
    public int sensors() {
        return regions.stream().mapToInt(Region::sensors).sum();
    }
}
