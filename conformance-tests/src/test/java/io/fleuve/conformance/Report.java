package io.fleuve.conformance;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import io.fleuve.conformance.platform.Subject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * What a test run has compared: {@code target/conformance.md}. Every test class writes its part to
 * a file of its own below {@code target/conformance} and then puts together what parts there are,
 * so that heavy clients can run at another time.
 */
public final class Report {

    private static final Path PARTS = Path.of("target", "conformance");
    private static final Path REPORT = Path.of("target", "conformance.md");

    private final String part;
    private final Set<Row> rows =
            new ConcurrentSkipListSet<>(
                    Comparator.comparing(Row::scenario).thenComparing(Row::client));

    private final Queue<Comparison> comparisons = new ConcurrentLinkedQueue<>();

    /**
     * One line of the table.
     *
     * @param apacheKafka what the column of Apache Kafka says
     * @param fleuve what the column of Fleuve says
     */
    private record Row(String client, String scenario, String apacheKafka, String fleuve) {

        String line() {
            return String.join("\t", client, scenario, apacheKafka, fleuve);
        }

        static Row of(String line) {
            String[] fields = line.split("\t", -1);
            return new Row(fields[0], fields[1], fields[2], fields[3]);
        }
    }

    /** The part of one test class. */
    public Report(String part) {
        this.part = part;
    }

    /** Takes a comparison in. */
    public void add(Comparison comparison) {
        String facts = comparison.onApacheKafka().size() + " facts";
        int disagreements = comparison.disagreements().size();
        long intended = comparison.intended();
        String verdict =
                disagreements > 0
                        ? "**differs in %d**".formatted(disagreements)
                        : intended > 0
                                ? "the same but for %d by intent".formatted(intended)
                                : "the same";
        rows.add(new Row(comparison.client(), comparison.scenario(), facts, verdict));
        comparisons.add(comparison);
    }

    /** Writes this part, and the report of all parts. */
    public void write() {
        if (Subject.isStandIn()) {
            return;
        }
        try {
            Files.createDirectories(PARTS);
            Files.write(PARTS.resolve(part + ".tsv"), rows.stream().map(Row::line).toList());
            Files.write(PARTS.resolve(part + "-facts.txt"), facts());
            Files.writeString(REPORT, text(allRows()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was seen on Fleuve, for whoever wonders what a scenario looks at. */
    private List<String> facts() {
        return comparisons.stream()
                .flatMap(
                        comparison ->
                                comparison.onFleuve().entrySet().stream()
                                        .map(
                                                fact ->
                                                        String.join(
                                                                "\t",
                                                                comparison.client(),
                                                                comparison.scenario(),
                                                                fact.getKey(),
                                                                fact.getValue())))
                .toList();
    }

    private static List<Row> allRows() throws IOException {
        try (Stream<Path> parts = Files.list(PARTS)) {
            return parts.filter(file -> file.toString().endsWith(".tsv"))
                    .flatMap(Report::rowsOf)
                    .sorted(Comparator.comparing(Row::scenario).thenComparing(Row::client))
                    .toList();
        }
    }

    private static Stream<Row> rowsOf(Path file) {
        try {
            return Files.readAllLines(file).stream().map(Row::of);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(List<Row> rows) {
        return """
               # What clients see

               Each scenario was played on Apache Kafka %s and on Fleuve, by the same client with the same program. A client
               writes down what it sees: offsets, errors, keys, configurations, members of groups. Fleuve is held to what
               Apache Kafka showed in the same run; a fact in which it may differ is a row of the tables at the end. This page is
               generated, see [the module](../conformance-tests/README.md).

               ## Clients

               | client | scenarios | the same | by intent not the same | not yet | differ |
               |---|---:|---:|---:|---:|---:|
               %s

               ## Scenarios

               | scenario | client | Apache Kafka | Fleuve |
               |---|---|---|---|
               %s

               ## What is meant to differ

               | scenario | fact | Fleuve | reason |
               |---|---|---|---|
               %s

               ## What is not served

               These APIs are not advertised, so clients say at once that they are missing.

               | APIs | reason |
               |---|---|
               %s
               """
                .formatted(
                        AppInfoParser.getVersion(),
                        clients(rows),
                        scenarios(rows),
                        differences(),
                        unserved());
    }

    private static String clients(List<Row> rows) {
        Map<String, List<Row>> byClient =
                rows.stream().collect(groupingBy(Row::client, TreeMap::new, toList()));
        return byClient.entrySet().stream()
                .map(
                        client ->
                                "| %s | %d | %d | %d | %d | %d |"
                                        .formatted(
                                                client.getKey(),
                                                client.getValue().size(),
                                                count(client.getValue(), "the same"),
                                                count(client.getValue(), "the same but"),
                                                count(client.getValue(), "not yet"),
                                                count(client.getValue(), "**differs")))
                .collect(joining("\n"));
    }

    private static long count(List<Row> rows, String verdict) {
        return rows.stream()
                .filter(
                        row ->
                                verdict.equals("the same")
                                        ? row.fleuve().equals(verdict)
                                        : row.fleuve().startsWith(verdict))
                .count();
    }

    private static String scenarios(List<Row> rows) {
        return rows.stream()
                .map(
                        row ->
                                "| %s | %s | %s | %s |"
                                        .formatted(
                                                row.scenario(),
                                                row.client(),
                                                row.apacheKafka(),
                                                row.fleuve()))
                .collect(joining("\n"));
    }

    private static String differences() {
        return Arrays.stream(Difference.values())
                .map(
                        difference ->
                                "| %s | %s | `%s` | %s |"
                                        .formatted(
                                                difference.scenario(),
                                                difference.fact(),
                                                difference.inFleuve(),
                                                difference.reason()))
                .collect(joining("\n"));
    }

    private static String unserved() {
        return Arrays.stream(Unserved.values())
                .map(
                        group ->
                                "| %s | %s |"
                                        .formatted(
                                                group.apis().stream()
                                                        .map(api -> api.name)
                                                        .collect(joining(", ")),
                                                group.reason()))
                .collect(joining("\n"));
    }
}
