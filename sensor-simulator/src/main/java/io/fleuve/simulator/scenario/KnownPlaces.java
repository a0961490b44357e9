package io.fleuve.simulator.scenario;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The regions and sensors that there are: a scenario for a place that nobody knows would do nothing
 * and say so to nobody.
 */
public record KnownPlaces(Set<String> regions, Set<String> sensors) {

    private static final int NAMES_IN_MESSAGE = 20;

    public KnownPlaces {
        regions = Set.copyOf(regions);
        sensors = Set.copyOf(sensors);
    }

    /**
     * Makes sure that all places of a scope are known.
     *
     * @throws IllegalArgumentException naming the one that is not, and some that are
     */
    public void check(Scope scope) {
        scope.regions().forEach(name -> check("region", name, regions));
        scope.sensors().forEach(name -> check("sensor", name, sensors));
    }

    private static void check(String kind, String name, Set<String> known) {
        if (!known.contains(name)) {
            String some =
                    new TreeSet<>(known)
                            .stream().limit(NAMES_IN_MESSAGE).collect(Collectors.joining(", "));
            throw new IllegalArgumentException(
                    "there is no %s '%s'; there are %s%s"
                            .formatted(
                                    kind,
                                    name,
                                    some,
                                    known.size() > NAMES_IN_MESSAGE ? " and others" : ""));
        }
    }
}
