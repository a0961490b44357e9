package io.fleuve.conformance.fuzz;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What {@code conformance-tests/fuzz-run.sh} runs: system properties in, a table out. */
final class Fuzz {

    private Fuzz() {}

    /** Ends with status 1 if there was a fault. */
    public static void main(String[] args) throws Exception {
        FuzzReport report =
                FuzzRun.run(
                        Long.getLong("seed", 42),
                        Long.getLong("frames", 1_000_000),
                        Duration.ofMinutes(Long.getLong("minutes", 240)));
        String table = report.toMarkdown();
        System.out.println(table);
        Path file = Path.of(System.getProperty("report", "conformance-tests/target/fuzz-run.md"));
        Files.writeString(file, table);
        report.faults().forEach(fault -> System.out.println("FAULT: " + fault));
        System.exit(report.faults().isEmpty() ? 0 : 1);
    }
}
