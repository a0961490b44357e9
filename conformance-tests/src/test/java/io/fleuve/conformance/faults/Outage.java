package io.fleuve.conformance.faults;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Faults of one kind.
 *
 * @param longestNanos the longest time in which somebody who works all the time got nothing done,
 *     from the beginning of a fault until all got something done again
 */
public record Outage(int count, Duration longestFault, long longestNanos) {

    private static final Outage NONE = new Outage(0, Duration.ZERO, 0);

    private Outage and(Duration fault, long nanos) {
        return new Outage(
                count + 1,
                longestFault.compareTo(fault) > 0 ? longestFault : fault,
                Math.max(longestNanos, nanos));
    }

    static Map<Fault, Outage> none() {
        return new EnumMap<>(Fault.class);
    }

    static void add(Map<Fault, Outage> outages, Fault fault, Duration lasted, long nanos) {
        outages.put(fault, outages.getOrDefault(fault, NONE).and(lasted, nanos));
    }

    /** Rows of a Markdown table: fault, times, longest fault, longest time without progress. */
    public static String rows(Map<Fault, Outage> outages) {
        return outages.entrySet().stream()
                .map(
                        outage ->
                                "| %s | %d | %s | %s |%n"
                                        .formatted(
                                                outage.getKey().description(),
                                                outage.getValue().count(),
                                                seconds(outage.getValue().longestFault().toNanos()),
                                                seconds(outage.getValue().longestNanos())))
                .collect(Collectors.joining());
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }
}
