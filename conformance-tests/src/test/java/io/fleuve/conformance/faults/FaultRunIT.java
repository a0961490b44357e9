package io.fleuve.conformance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * About a minute of faults, short ones, with two brokers: what was acknowledged is where it was
 * said to be, in order, and every reader has seen the same log.
 */
class FaultRunIT {

    private static final long SEED = 7;

    @Test
    void nothingThatWasAcknowledgedIsLostMovedOrRepeated() throws Exception {
        FaultReport report =
                FaultRun.run(
                        new FaultRun.Plan(
                                SEED,
                                2,
                                Duration.ofSeconds(25),
                                150,
                                0.08,
                                Duration.ofMillis(300),
                                FaultRun.Plan.ALL));
        assertThat(report.violations()).as("seed %d%n%s", SEED, report.toMarkdown()).isEmpty();
        assertThat(report.acknowledged()).isPositive().isEqualTo(report.sent());
    }
}
