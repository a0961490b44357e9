package io.fleuve.conformance.bench;

import java.util.Arrays;
import java.util.Collection;

/** Median and 99th percentile of durations, in milliseconds. */
record Quantiles(double medianMs, double p99Ms) {

    /**
     * @throws IllegalStateException if there are none
     */
    static Quantiles ofNanos(Collection<Long> durations) {
        if (durations.isEmpty()) {
            throw new IllegalStateException("nothing ended within the time that is measured");
        }
        long[] sorted = durations.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        return new Quantiles(
                sorted[sorted.length / 2] / 1e6, sorted[(int) (sorted.length * 0.99)] / 1e6);
    }

    void enter(Measurement measured, String what) {
        measured.put(what + " p50, ms", medianMs);
        measured.put(what + " p99, ms", p99Ms);
    }
}
