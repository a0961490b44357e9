package io.fleuve.conformance.transactions;

import io.fleuve.conformance.faults.Fault;
import io.fleuve.conformance.faults.Outage;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came of a run.
 *
 * @param outcomes transactions by what their owners know of their end
 * @param fates appending transactions by what was to become of them
 * @param readers records by reader
 * @param errors errors that clients were given, by kind
 * @param violations broken promises; none if the platform has passed
 */
record TransactionReport(
        long seed,
        int brokers,
        Duration time,
        Map<Outcome, Long> outcomes,
        Map<Fate, Integer> fates,
        long values,
        long visible,
        long processed,
        Map<String, Long> readers,
        Map<String, Integer> errors,
        Map<Fault, Outage> outages,
        List<String> violations) {

    long transactions(Outcome outcome) {
        return outcomes.getOrDefault(outcome, 0L);
    }

    /** The report as Markdown. */
    String toMarkdown() {
        StringBuilder table = new StringBuilder("| | |\n|---|---|\n");
        row(table, "seed; brokers; time", seed + "; " + brokers + "; " + time.toSeconds() + " s");
        for (Outcome outcome : Outcome.values()) {
            row(table, "transactions " + outcome.description(), grouped(transactions(outcome)));
        }
        row(table, "values in them", grouped(values));
        row(table, "values that read_committed sees at the end", grouped(visible));
        row(table, "of them made from an input, once from each, by group", grouped(processed));
        readers.forEach(
                (reader, records) -> row(table, "records seen by " + reader, grouped(records)));
        row(table, "violations", grouped(violations.size()));
        table.append("\n| appended transactions by their fate | |\n|---|---|\n");
        for (Fate fate : Fate.values()) {
            row(table, fate.description(), grouped(fates.getOrDefault(fate, 0)));
        }
        table.append("\n| errors that clients were given | |\n|---|---|\n");
        new TreeMap<>(errors).forEach((error, times) -> row(table, error, grouped(times)));
        table.append("\n| fault | times | longest fault | longest time in which a client committed")
                .append(" nothing |\n|---|---|---|---|\n")
                .append(Outage.rows(outages));
        return table.toString();
    }

    private static void row(StringBuilder table, String name, String value) {
        table.append("| ").append(name).append(" | ").append(value).append(" |\n");
    }

    private static String grouped(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
