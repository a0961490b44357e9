package io.fleuve.conformance.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Half a minute of repeated requests while gateways are killed: each is carried out once. */
class RepeatedRequestsIT {

    private static final long SEED = 7;

    @Test
    void writesEachMessageOnceWhateverIsLostAndWhoeverDies() throws Exception {
        RepeatedRequestsReport report =
                RepeatedRequestsRun.run(
                        new RepeatedRequestsRun.Plan(
                                SEED, Duration.ofSeconds(18), Duration.ofSeconds(3), 4));
        assertThat(report.violations()).as("seed %d%n%s", SEED, report.toMarkdown()).isEmpty();
        assertThat(report.messages()).isPositive();
        assertThat(report.responsesLost()).isPositive();
        assertThat(report.replayed()).isPositive();
        assertThat(report.kills()).isPositive();
    }
}
