package io.fleuve.simulator.simulation;

import java.util.List;

/** The seven places of the shipped recordings, for a simulation that was told of no others. */
public final class Senegal {

    /** Three sensors each; those by the sea have small differences of day and season. */
    public static final List<Region> REGIONS =
            List.of(
                    new Region("dakar", 14.69, -17.45, 25, 0.1, 3),
                    new Region("diourbel", 14.66, -16.23, 10, 0.55, 3),
                    new Region("ouakam", 14.72, -17.49, 20, 0.1, 3),
                    new Region("pikine", 14.76, -17.39, 15, 0.15, 3),
                    new Region("richard-toll", 16.46, -15.70, 8, 0.6, 3),
                    new Region("saint-louis", 16.03, -16.49, 3, 0.3, 3),
                    new Region("thies", 14.79, -16.93, 70, 0.4, 3));

    private Senegal() {}
}
