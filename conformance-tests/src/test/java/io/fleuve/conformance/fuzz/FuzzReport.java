package io.fleuve.conformance.fuzz;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What came of a run.
 *
 * @param warm the broker after some thousands of frames, swept
 * @param end the broker at the end, all connections closed, swept
 * @param faults what must not have happened; none if the broker has passed
 */
record FuzzReport(
        long seed,
        Duration time,
        long sent,
        long seen,
        int apis,
        int versions,
        long deletedTopics,
        Map<String, Long> endings,
        Map<String, Long> answers,
        Map<String, Long> loiterers,
        BrokerVitals warm,
        BrokerVitals end,
        List<String> faults) {

    /** The report as Markdown. */
    String toMarkdown() {
        return """
               | | |
               |---|---|
               | seed | %d |
               | APIs; versions of them | %d; %d |
               | frames sent | %s |
               | of these answered, or answered by closing the connection | %s |
               | time | %d s |
               | connections, by their end | %s |
               | connections that loitered, all closed by the broker | %s |
               | topics that mutated requests made, deleted during the run | %s |
               | faults | %d |

               | answers | |
               |---|---|
               %s

               | the broker | warmed up | at the end, all connections closed |
               |---|---|---|
               | live heap after a full collection | %s | %s |
               | open connections | %d | %d |
               | requests without an answer | %d | %d |
               | virtual threads | %d | %d |
               | platform threads | %d | %d |
               | open files | %d | %d |
               """
                .formatted(
                        seed,
                        apis,
                        versions,
                        grouped(sent),
                        grouped(seen),
                        time.toSeconds(),
                        joined(endings),
                        joined(loiterers),
                        grouped(deletedTopics),
                        faults.size(),
                        answers.entrySet().stream()
                                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                                .map(
                                        entry ->
                                                "| %s | %s |"
                                                        .formatted(
                                                                entry.getKey(),
                                                                grouped(entry.getValue())))
                                .collect(Collectors.joining("\n")),
                        megabytes(warm.heapBytes()),
                        megabytes(end.heapBytes()),
                        warm.connections(),
                        end.connections(),
                        warm.inFlight(),
                        end.inFlight(),
                        warm.virtualThreads(),
                        end.virtualThreads(),
                        warm.platformThreads(),
                        end.platformThreads(),
                        warm.openFiles(),
                        end.openFiles());
    }

    private static String joined(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .map(entry -> grouped(entry.getValue()) + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }

    private static String grouped(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }
}
