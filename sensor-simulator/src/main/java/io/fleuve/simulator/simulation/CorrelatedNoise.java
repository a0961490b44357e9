package io.fleuve.simulator.simulation;

import java.time.Duration;

/**
 * Noise with a memory: an AR(1) process (the discrete Ornstein-Uhlenbeck process) on knots of equal
 * spacing, linear between them. It is stationary, with mean 0, a given standard deviation at the
 * knots, and an autocorrelation of {@code exp(-lag / correlationTime)}.
 *
 * <p>The value at a knot is a function of the knot alone. The recursion begins with 0 so long ahead
 * of each block of knots that what it began with is forgotten (to one part in ten thousand), and
 * always at the same place, so that it does not matter how a knot was reached. Going forward knot
 * by knot costs little; a jump costs two blocks. Belongs to one thread.
 */
final class CorrelatedNoise {

    private static final double FORGOTTEN = 1e-4;

    private final RandomStream stream;
    private final long spacingMicros;
    private final double memory;
    private final double innovation;
    private final long blockKnots;

    private boolean reached;
    private long knot;
    private double low;
    private double high;

    CorrelatedNoise(
            RandomStream stream,
            Duration spacing,
            Duration correlationTime,
            double standardDeviation) {
        this.stream = stream;
        this.spacingMicros = spacing.toNanos() / 1_000;
        this.memory = StrictMath.exp(-(double) spacing.toNanos() / correlationTime.toNanos());
        this.innovation = standardDeviation * StrictMath.sqrt(1 - memory * memory);
        this.blockKnots =
                (long) StrictMath.ceil(StrictMath.log(FORGOTTEN) / StrictMath.log(memory));
    }

    /** The noise at a time, in microseconds since 1970. */
    double at(long micros) {
        seek(Math.floorDiv(micros, spacingMicros));
        double part = (double) Math.floorMod(micros, spacingMicros) / spacingMicros;
        return low + (high - low) * part;
    }

    private void seek(long wanted) {
        if (reached && wanted == knot) {
            return;
        }
        boolean onward = reached && wanted > knot && wanted - knot <= blockKnots;
        if (onward) {
            for (long k = knot; k < wanted; k++) {
                low = high;
                high = after(low, k + 2);
            }
        } else {
            low = compute(wanted);
            high = after(low, wanted + 1);
        }
        knot = wanted;
        reached = true;
    }

    /** The value at a knot, given that at the knot before it. */
    private double after(double before, long at) {
        return Math.floorMod(at, blockKnots) == 0 ? compute(at) : step(before, at);
    }

    private double compute(long at) {
        double value = 0;
        for (long k = Math.floorDiv(at, blockKnots) * blockKnots - blockKnots; k <= at; k++) {
            value = step(value, k);
        }
        return value;
    }

    private double step(double before, long at) {
        return memory * before + innovation * stream.gaussian(at);
    }
}
