package io.fleuve.conformance.transactions;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What {@code conformance-tests/transaction-run.sh} runs: system properties in, tables out. */
final class Transactions {

    private Transactions() {}

    /** Ends with status 1 if a promise was broken. */
    public static void main(String[] args) throws Exception {
        TransactionReport report =
                TransactionRun.run(
                        new TransactionRun.Plan(
                                Long.getLong("seed", 42),
                                Integer.getInteger("brokers", 2),
                                Duration.ofMinutes(Integer.getInteger("minutes", 30)),
                                Integer.getInteger("producers", 4),
                                Integer.getInteger("pause", 150),
                                Double.parseDouble(System.getProperty("scale", "1")),
                                Duration.ofSeconds(Integer.getInteger("calm", 10))));
        String table = report.toMarkdown();
        System.out.println(table);
        Files.writeString(
                Path.of(
                        System.getProperty(
                                "report", "conformance-tests/target/transaction-run.md")),
                table);
        report.violations().forEach(violation -> System.out.println("VIOLATION: " + violation));
        System.exit(report.violations().isEmpty() ? 0 : 1);
    }
}
