package io.fleuve.gateway.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AttemptTest {

    private static final Digest BODY = Digest.of("body");
    private static final Digest OTHER = Digest.of("other");

    private static List<String> violations(long seed, boolean fencing) {
        ClaimWorld world = new ClaimWorld(seed, fencing);
        world.run();
        return world.violations();
    }

    @Test
    void commitsEachKeyOnceInEveryOrderOfEvents() {
        for (long seed = 0; seed < 3000; seed++) {
            assertThat(violations(seed, true)).as("seed " + seed).isEmpty();
        }
    }

    @Test
    void wouldNotDoSoIfFencedProducersCouldCommit() {
        assertThat(LongStream.range(0, 3000).filter(seed -> !violations(seed, false).isEmpty()))
                .isNotEmpty();
    }

    @Test
    void refusesAnotherBodyWhileInFlightAndAfterwards() {
        Claim claim = new Claim(0, 1000, OTHER, "t");
        Attempt attempt = new Attempt(BODY, 10_000, 100);
        assertThat(attempt.next(new Standing.InFlight(claim), 1050)).isEqualTo(new Step.Mismatch());
        assertThat(attempt.next(new Standing.InFlight(claim), 5000)).isEqualTo(new Step.Mismatch());
        assertThat(attempt.next(new Standing.Done(claim, 7), 1050)).isEqualTo(new Step.Mismatch());
    }

    @Test
    void answersConflictUntilTheClaimIsTooOld() {
        Claim claim = new Claim(0, 1000, BODY, "t");
        Attempt attempt = new Attempt(BODY, 10_000, 100);
        assertThat(attempt.next(new Standing.InFlight(claim), 1100)).isEqualTo(new Step.Conflict());
        assertThat(attempt.next(new Standing.InFlight(claim), 1101))
                .isEqualTo(new Step.ListStableOutcomes());
    }

    @Test
    void fencesBeforeItTakesOver() {
        Claim claim = new Claim(4, 1000, BODY, "t");
        Standing inFlight = new Standing.InFlight(claim);
        Attempt attempt = new Attempt(BODY, 10_000, 100);
        assertThat(attempt.next(inFlight, 2000)).isEqualTo(new Step.ListStableOutcomes());
        attempt.listed(3);
        assertThat(attempt.next(inFlight, 2000)).isEqualTo(new Step.SeeOutcomes(3));
        attempt.outcomesSeen();
        assertThat(attempt.next(inFlight, 2000)).isEqualTo(new Step.Fence("t"));
        attempt.fenced();
        assertThat(attempt.next(inFlight, 2000)).isEqualTo(new Step.ListOutcomes());
        attempt.listed(5);
        assertThat(attempt.next(inFlight, 2000)).isEqualTo(new Step.SeeOutcomes(5));
        attempt.outcomesSeen();
        assertThat(attempt.next(inFlight, 2000)).isEqualTo(new Step.WriteClaim(4));
    }

    @Test
    void replaysAnOutcomeThatCameToLightWhileItTookOver() {
        Claim claim = new Claim(4, 1000, BODY, "t");
        Attempt attempt = new Attempt(BODY, 10_000, 100);
        assertThat(attempt.next(new Standing.InFlight(claim), 2000))
                .isEqualTo(new Step.ListStableOutcomes());
        attempt.listed(3);
        attempt.outcomesSeen();
        assertThat(attempt.next(new Standing.Done(claim, 2), 2000))
                .isEqualTo(new Step.Replay(claim, 2, false));
    }

    @Test
    void beginsAnewWhenTheKeyHasExpired() {
        Claim claim = new Claim(4, 1000, OTHER, "t");
        Attempt attempt = new Attempt(BODY, 10_000, 100);
        assertThat(attempt.next(new Standing.Done(claim, 2), 11_001))
                .isEqualTo(new Step.WriteClaim(4));
    }
}
