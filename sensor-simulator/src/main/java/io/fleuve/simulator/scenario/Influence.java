package io.fleuve.simulator.scenario;

import java.util.List;

/**
 * What scenarios make of one reading.
 *
 * @param celsius degrees to add to the true temperature
 * @param silent whether there is no reading at all
 * @param scenarios the ids of those that change it
 */
public record Influence(double celsius, boolean silent, List<String> scenarios) {

    /** Nothing happens to it. */
    public static final Influence NONE = new Influence(0, false, List.of());

    public Influence {
        scenarios = List.copyOf(scenarios);
    }
}
