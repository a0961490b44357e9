package io.fleuve.gateway.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClaimLedgerTest {

    private static final long FORGET_MS = 1_000_000;
    private static final Digest KEY = Digest.of("k");
    private static final Digest BODY = Digest.of("b");

    private final ClaimLedger ledger = new ClaimLedger(FORGET_MS);

    private static Claim claim(long offset, long timestampMs) {
        return new Claim(offset, timestampMs, BODY, "t" + offset);
    }

    @Test
    void countsTheFirstOfSeveralClaims() {
        ledger.claim(KEY, claim(3, 10), ClaimLedger.NOTHING);
        ledger.claim(KEY, claim(4, 10), ClaimLedger.NOTHING);
        assertThat(ledger.standing(KEY)).isEqualTo(new Standing.InFlight(claim(3, 10)));
    }

    @Test
    void countsTheFirstOfSeveralThatSupersedeTheSame() {
        ledger.claim(KEY, claim(0, 10), ClaimLedger.NOTHING);
        ledger.claim(KEY, claim(1, 20), 0);
        ledger.claim(KEY, claim(2, 20), 0);
        assertThat(ledger.standing(KEY)).isEqualTo(new Standing.InFlight(claim(1, 20)));
    }

    @Test
    void takesAnOutcomeThatComesBeforeItsClaim() {
        ledger.outcome(KEY, 5, 77);
        assertThat(ledger.standing(KEY)).isEqualTo(new Standing.Free());
        ledger.claim(KEY, claim(5, 10), ClaimLedger.NOTHING);
        assertThat(ledger.standing(KEY)).isEqualTo(new Standing.Done(claim(5, 10), 77));
        assertThat(ledger.size()).isEqualTo(1);
    }

    @Test
    void ignoresTheOutcomeOfAClaimThatDoesNotCount() {
        ledger.claim(KEY, claim(0, 10), ClaimLedger.NOTHING);
        ledger.claim(KEY, claim(1, 10), ClaimLedger.NOTHING);
        ledger.outcome(KEY, 1, 9);
        assertThat(ledger.standing(KEY)).isEqualTo(new Standing.InFlight(claim(0, 10)));
    }

    @Test
    void freesAKeyWhoseClaimWasReleasedAndNoOther() {
        ledger.claim(KEY, claim(0, 10), ClaimLedger.NOTHING);
        ledger.release(KEY, 1, 10, 7);
        assertThat(ledger.standing(KEY)).isEqualTo(new Standing.InFlight(claim(0, 10)));
        ledger.release(KEY, 2, 10, 0);
        assertThat(ledger.standing(KEY)).isEqualTo(new Standing.Free());
    }

    @Test
    void readsARecordOnceHoweverOftenItIsShown() {
        ledger.claim(KEY, claim(0, 10), ClaimLedger.NOTHING);
        ledger.release(KEY, 1, 10, 0);
        ledger.claim(KEY, claim(0, 10), ClaimLedger.NOTHING);
        assertThat(ledger.standing(KEY)).isEqualTo(new Standing.Free());
    }

    @Test
    void forgetsByTheTimeOfTheLog() {
        ledger.claim(KEY, claim(0, 10), ClaimLedger.NOTHING);
        ledger.outcome(KEY, 0, 1);
        ledger.skip(1, FORGET_MS);
        assertThat(ledger.size()).isEqualTo(1);
        ledger.skip(2, FORGET_MS + 100_000);
        assertThat(ledger.size()).isZero();
    }

    @Test
    void agreesWithAViewThatBeganAfterAnOldClaimWasDeleted() {
        ClaimLedger late = new ClaimLedger(FORGET_MS);
        ledger.claim(KEY, claim(0, 10), ClaimLedger.NOTHING);
        Claim next = claim(1, FORGET_MS + 20);
        ledger.claim(KEY, next, ClaimLedger.NOTHING);
        late.claim(KEY, next, ClaimLedger.NOTHING);
        assertThat(ledger.standing(KEY)).isEqualTo(late.standing(KEY));
        Claim after = claim(2, FORGET_MS + 30);
        ledger.claim(KEY, after, 0);
        late.claim(KEY, after, 0);
        assertThat(ledger.standing(KEY)).isEqualTo(late.standing(KEY));
    }

    @Test
    void dropsOutcomesWhoseClaimsAreGone() {
        ledger.outcome(KEY, 3, 1);
        ledger.claim(Digest.of("another"), claim(9, 10), ClaimLedger.NOTHING);
        assertThat(ledger.size()).isEqualTo(1);
    }
}
