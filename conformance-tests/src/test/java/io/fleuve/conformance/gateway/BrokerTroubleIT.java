package io.fleuve.conformance.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A minute of trouble: documented answers in time, nothing lost, nothing left behind. */
class BrokerTroubleIT {

    private static final long SEED = 7;

    @Test
    void answersAsDocumentedAndLeavesNothingBehindWhateverItsBrokerDoes() throws Exception {
        BrokerTroubleReport report = BrokerTroubleRun.run(BrokerTroubleRun.Plan.brief(SEED));
        assertThat(report.violations()).as("seed %d%n%s", SEED, report.toMarkdown()).isEmpty();
        assertThat(report.faults()).containsOnlyKeys(Trouble.values());
        assertThat(report.tally().acknowledged()).isNotEmpty();
        assertThat(report.eventsSeen()).isPositive();
    }
}
