package io.fleuve.simulator.scenario;

import java.util.Set;

/**
 * Whom a scenario concerns.
 *
 * @param regions by name; none for all
 * @param sensors by name, within the regions; none for all
 */
public record Scope(Set<String> regions, Set<String> sensors) {

    /** More names than this in one scope are refused. */
    public static final int MAX_NAMES = 1_000;

    public Scope {
        if (regions.size() + sensors.size() > MAX_NAMES) {
            throw new IllegalArgumentException(
                    "regions and sensors must be at most %d names, not %d"
                            .formatted(MAX_NAMES, regions.size() + sensors.size()));
        }
        regions = Set.copyOf(regions);
        sensors = Set.copyOf(sensors);
    }

    boolean covers(String region, String sensor) {
        return (regions.isEmpty() || regions.contains(region))
                && (sensors.isEmpty() || sensors.contains(sensor));
    }
}
