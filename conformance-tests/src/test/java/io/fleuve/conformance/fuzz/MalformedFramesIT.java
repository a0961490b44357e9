package io.fleuve.conformance.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A broker with a small heap survives malformed requests: it answers or closes the connection,
 * keeps nothing of them, and goes on to answer valid ones.
 */
class MalformedFramesIT {

    private static final long SEED = 20_260_731;
    private static final long FRAMES = 50_000;

    /** On a loaded machine fewer frames, not more time. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private static final long LEAST = 1_000;

    @Test
    void brokerAnswersOrClosesAndKeepsNothing() throws Exception {
        FuzzReport report = FuzzRun.run(SEED, FRAMES, LONGEST);
        assertThat(report.faults()).as("seed %d%n%s", SEED, report.toMarkdown()).isEmpty();
        assertThat(report.seen()).isGreaterThan(LEAST);
    }
}
