package io.fleuve.conformance.gateway;

import io.fleuve.conformance.gateway.BrokerTroubleRun.Plan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What {@code conformance-tests/gateway-trouble-run.sh} runs: system properties in, a table out.
 */
final class BrokerTrouble {

    private BrokerTrouble() {}

    /** Ends with status 1 if a promise was broken. */
    public static void main(String[] args) throws Exception {
        BrokerTroubleReport report =
                BrokerTroubleRun.run(
                        Plan.ofMinutes(
                                Long.getLong("seed", 42),
                                Duration.ofMinutes(Integer.getInteger("minutes", 60))));
        String table = report.toMarkdown();
        System.out.println(table);
        Files.writeString(
                Path.of(
                        System.getProperty(
                                "report", "conformance-tests/target/gateway-trouble-run.md")),
                table);
        System.exit(report.violations().isEmpty() ? 0 : 1);
    }
}
