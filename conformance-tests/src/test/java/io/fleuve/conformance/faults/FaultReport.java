package io.fleuve.conformance.faults;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What came of a run.
 *
 * @param violations broken promises; none if the platform has passed
 */
record FaultReport(
        long seed,
        int brokers,
        Duration time,
        long sent,
        long acknowledged,
        long refused,
        long retries,
        long replaced,
        long inLog,
        long duplicates,
        int followers,
        long commits,
        long failedCommits,
        long rebalances,
        Map<Fault, Outage> outages,
        List<String> violations) {

    /**
     * Faults of one kind.
     *
     * @param longestNanos the longest time in which a partition acknowledged nothing, from the
     *     beginning of a fault until all partitions were back
     */
    record Outage(int count, Duration longestFault, long longestNanos) {

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
    }

    /** The report as Markdown. */
    String toMarkdown() {
        StringBuilder table =
                new StringBuilder(
                        """
                        | | |
                        |---|---|
                        | seed; brokers; time | %d; %d; %d s |
                        | records sent | %s |
                        | acknowledged, all of them found at the offset that was told | %s |
                        | given up by their producers | %s |
                        | records that producers sent again | %s |
                        | producers replaced after a fatal error | %s |
                        | records in the log | %s |
                        | of them copies by producers without idempotence | %s |
                        | tail readers that saw exactly that log | %d |
                        | commits of the groups; of unknown outcome or refused; assignments | %s; %s; %s |
                        | violations | %d |

                        | fault | times | longest fault | longest time without an acknowledgement on a partition |
                        |---|---|---|---|
                        """
                                .formatted(
                                        seed,
                                        brokers,
                                        time.toSeconds(),
                                        grouped(sent),
                                        grouped(acknowledged),
                                        grouped(refused),
                                        grouped(retries),
                                        grouped(replaced),
                                        grouped(inLog),
                                        grouped(duplicates),
                                        followers,
                                        grouped(commits),
                                        grouped(failedCommits),
                                        grouped(rebalances),
                                        violations.size()));
        outages.forEach(
                (fault, outage) ->
                        table.append(
                                "| %s | %d | %s | %s |%n"
                                        .formatted(
                                                fault.description(),
                                                outage.count(),
                                                seconds(outage.longestFault().toNanos()),
                                                seconds(outage.longestNanos()))));
        return table.toString();
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }

    private static String grouped(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
