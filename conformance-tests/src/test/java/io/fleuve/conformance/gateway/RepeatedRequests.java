package io.fleuve.conformance.gateway;

import io.fleuve.conformance.gateway.RepeatedRequestsRun.Plan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What {@code conformance-tests/gateway-run.sh} runs: system properties in, a table out. */
final class RepeatedRequests {

    private RepeatedRequests() {}

    /** Ends with status 1 if a promise was broken. */
    public static void main(String[] args) throws Exception {
        RepeatedRequestsReport report =
                RepeatedRequestsRun.run(
                        new Plan(
                                Long.getLong("seed", 42),
                                Duration.ofMinutes(Integer.getInteger("minutes", 5)),
                                Duration.ofSeconds(Integer.getInteger("every", 20)),
                                Integer.getInteger("clients", 6)));
        String table = report.toMarkdown();
        System.out.println(table);
        Files.writeString(
                Path.of(System.getProperty("report", "conformance-tests/target/gateway-run.md")),
                table);
        report.violations().forEach(violation -> System.out.println("VIOLATION: " + violation));
        System.exit(report.violations().isEmpty() ? 0 : 1);
    }
}
