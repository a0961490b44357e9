package io.fleuve.conformance.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * About a minute of transactions under short faults: each is there wholly or not at all, as its
 * owner was told, and what was made from an input was made once.
 */
class TransactionRunIT {

    private static final long SEED = 7;

    @Test
    void transactionsAreWholeOrNotThere() throws Exception {
        TransactionReport report =
                TransactionRun.run(
                        new TransactionRun.Plan(
                                SEED,
                                2,
                                Duration.ofSeconds(25),
                                4,
                                150,
                                0.08,
                                Duration.ofMillis(300)));
        assertThat(report.violations()).as("seed %d%n%s", SEED, report.toMarkdown()).isEmpty();
        assertThat(report.transactions(Outcome.COMMITTED)).isPositive();
        assertThat(report.transactions(Outcome.ABORTED)).isPositive();
        assertThat(report.processed()).isPositive();
    }
}
