package io.fleuve.simulator.simulation;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * A reading as it leaves the simulation.
 *
 * @param sensor which gave it
 * @param region where that is
 * @param celsius what it shows, to a tenth of a degree
 * @param observedAt the time that the sensor gives, skew included
 * @param faults all that is wrong with it: known here, and to be found out by those who read it
 * @param scenarios the ids of the scenarios that it is under the influence of
 */
public record SimulatedReading(
        String sensor,
        String region,
        double celsius,
        Instant observedAt,
        Set<Fault> faults,
        List<String> scenarios) {}
