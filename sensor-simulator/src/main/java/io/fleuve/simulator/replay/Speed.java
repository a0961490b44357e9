package io.fleuve.simulator.replay;

/**
 * How fast a replay runs.
 *
 * @param factor seconds of recorded time for a second of the clock, from {@link #SLOWEST} (as it
 *     happened) to {@link #UNPACED} (as fast as the broker takes it)
 */
public record Speed(double factor) {

    /** As it happened. */
    public static final double SLOWEST = 1;

    /** Without pause. */
    public static final double UNPACED = 1_000_000_000;

    /**
     * @throws IllegalArgumentException if the factor is out of range
     */
    public Speed {
        if (!(factor >= SLOWEST && factor <= UNPACED)) {
            throw new IllegalArgumentException(
                    "speed must be between %.0f (as it happened) and %.0f (as fast as possible), not %s"
                            .formatted(SLOWEST, UNPACED, factor));
        }
    }

    boolean isUnpaced() {
        return factor == UNPACED;
    }
}
