package io.fleuve.conformance.gateway;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came of a run.
 *
 * @param faults how often each has happened
 * @param vitals at the start, after each part and at the end, always without load
 * @param peak the most of threads, descriptors and resident memory that was seen under load
 * @param errors lines of the gateway's log of level ERROR, by the words, and how many
 * @param violations what was not as promised, and how often
 */
record BrokerTroubleReport(
        String subject,
        BrokerTroubleRun.Plan plan,
        Map<Trouble, Integer> faults,
        TroubleTally tally,
        long eventsSeen,
        List<Moment> vitals,
        GatewayVitals.Light peak,
        Map<String, Integer> errors,
        Map<String, Integer> violations) {

    /** Vitals, and when. */
    record Moment(String when, GatewayVitals vitals) {}

    private static final String VITALS_ROW =
            "| %s | %.1f MB | %d | %d | %d | %d | %d | %d | %d |\n";

    String toMarkdown() {
        StringBuilder text = new StringBuilder();
        text.append(
                "## A gateway whose broker is in trouble, on %s: %d min of faults, seed %d\n\n"
                        .formatted(subject, plan.duration().toMinutes(), plan.seed()));
        appendRequests(text);
        text.append("\n| fault | times |\n|---|---|\n");
        faults.forEach(
                (fault, times) ->
                        text.append("| %s | %d |\n".formatted(fault.description(), times)));
        appendVitals(text);
        text.append("\nRecords acknowledged: %d".formatted(tally.acknowledged().size()));
        text.append("; seen as events: %d.\n".formatted(eventsSeen));
        append(text, "Errors in the gateway's log", errors);
        append(text, "Violations", violations);
        text.append(violations.isEmpty() ? "\nVerdict: kept.\n" : "\nVerdict: BROKEN.\n");
        return text.toString();
    }

    private void appendRequests(StringBuilder text) {
        text.append(
                "| requests | answers | slowest | bound | slowest recovery |\n|---|---|---|---|---|\n");
        for (TroubleKind kind : TroubleKind.values()) {
            StringBuilder answers = new StringBuilder();
            new TreeMap<>(tally.answers(kind))
                    .forEach(
                            (answer, times) ->
                                    answers.append(answers.isEmpty() ? "" : ", ")
                                            .append(answer)
                                            .append(": ")
                                            .append(times));
            text.append(
                    "| %s | %s | %.1f s | %d s | %.1f s |\n"
                            .formatted(
                                    kind.description(),
                                    answers,
                                    tally.slowestMs(kind) / 1e3,
                                    kind.bound().toSeconds(),
                                    tally.slowestRecoveryMs(kind) / 1e3));
        }
    }

    private void appendVitals(StringBuilder text) {
        text.append(
                "\n| without load | heap | threads | virtual threads | descriptors | sockets | producers | consumers | admin clients |\n");
        text.append("|---|---|---|---|---|---|---|---|---|\n");
        for (Moment moment : vitals) {
            GatewayVitals v = moment.vitals();
            text.append(
                    VITALS_ROW.formatted(
                            moment.when(),
                            v.heapBytes() / 1e6,
                            v.threads(),
                            v.virtualThreads(),
                            v.descriptors(),
                            v.sockets(),
                            v.producers(),
                            v.consumers(),
                            v.admins()));
        }
        text.append(
                "\nAt most under load: %d threads, %d descriptors, %d sockets, %.0f MB resident.\n"
                        .formatted(
                                peak.threads(),
                                peak.descriptors(),
                                peak.sockets(),
                                peak.residentBytes() / 1e6));
        text.append(
                "Allowed at the end above the start: %.0f MB of heap, %d threads, %d descriptors, %d consumers, no other Kafka client.\n"
                        .formatted(
                                plan.margins().heapBytes() / 1e6,
                                plan.margins().threads(),
                                plan.margins().descriptors(),
                                plan.margins().consumers()));
    }

    private static void append(StringBuilder text, String title, Map<String, Integer> lines) {
        text.append("\n%s: %d\n".formatted(title, lines.size()));
        lines.forEach((words, times) -> text.append("- %d x %s\n".formatted(times, words)));
    }
}
