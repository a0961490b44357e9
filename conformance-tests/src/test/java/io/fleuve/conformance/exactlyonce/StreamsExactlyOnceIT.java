package io.fleuve.conformance.exactlyonce;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Three kills: of the application alone, with the broker, with the database. */
class StreamsExactlyOnceIT {

    private static final long SEED = 7;

    @Test
    void anApplicationThatIsKilledWritesWhatAnUndisturbedOneWrites() throws Exception {
        ExactlyOnceRun.Result result = ExactlyOnceRun.run(new ExactlyOnceRun.Plan(SEED, 3, 300));
        assertThat(result.differences()).as("seed %d", SEED).isEmpty();
        assertThat(result.output()).isPositive().isEqualTo(2 * result.input());
    }
}
