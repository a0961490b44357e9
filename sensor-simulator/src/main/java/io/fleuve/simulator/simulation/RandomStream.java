package io.fleuve.simulator.simulation;

/**
 * Random numbers by index instead of in sequence: the <i>n</i>-th is a function of a key and
 * <i>n</i> (a counter-based generator, Salmon et al., "Parallel random numbers: as easy as 1, 2,
 * 3", SC 2011, with the finalizer of SplitMix64 as its bijection). So any moment of a simulation
 * can be computed without those before it. {@link StrictMath} makes the numbers equal on all
 * machines.
 */
final class RandomStream {

    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;
    private static final double UNIT = 0x1.0p-53;

    private final long key;

    private RandomStream(long key) {
        this.key = key;
    }

    /** The stream that belongs to a path of names; other names give an independent one. */
    static RandomStream of(long seed, String... names) {
        long key = mix(seed + GOLDEN_GAMMA);
        for (String name : names) {
            for (int i = 0; i < name.length(); i++) {
                key = mix(key ^ (name.charAt(i) + 1L)) + GOLDEN_GAMMA;
            }
            // An end of its own for each name: ("a", "b") is not ("ab").
            key = mix(~key);
        }
        return new RandomStream(key);
    }

    /** 64 random bits. */
    long bits(long index) {
        return mix(mix(index * GOLDEN_GAMMA + key) ^ key);
    }

    /** Evenly distributed in [0, 1). */
    double uniform(long index) {
        return unit(bits(index));
    }

    /** Evenly distributed in [from, to). */
    double between(long index, double from, double to) {
        return from + (to - from) * uniform(index);
    }

    /** Normally distributed, with mean 0 and standard deviation 1 (Box and Muller, 1958). */
    double gaussian(long index) {
        long first = bits(index);
        long second = mix(first + GOLDEN_GAMMA);
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - unit(first)));
        return radius * StrictMath.cos(2 * StrictMath.PI * unit(second));
    }

    /** Exponentially distributed, with mean 1. */
    double exponential(long index) {
        return -StrictMath.log(1 - uniform(index));
    }

    private static double unit(long bits) {
        return (bits >>> 11) * UNIT;
    }

    private static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
