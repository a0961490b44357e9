package io.fleuve.conformance.faults;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

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
        SortedMap<String, Long> errors,
        Map<Fault, Outage> outages,
        List<String> violations) {

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
        table.append(Outage.rows(outages));
        if (!errors.isEmpty()) {
            table.append("\n| what records were refused with | times |\n|---|---|\n");
            errors.forEach(
                    (error, times) ->
                            table.append("| %s | %s |\n".formatted(error, grouped(times))));
        }
        return table.toString();
    }

    private static String grouped(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
