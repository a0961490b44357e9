package io.fleuve.gateway.idempotency;

/** What an {@link Attempt} wants to be done, or has come to. */
sealed interface Step {

    /** Write a claim that supersedes another, or {@link ClaimLedger#NOTHING}. */
    record WriteClaim(long supersedes) implements Step {}

    /** Wait until the view has read the claim at this offset. */
    record SeeClaim(long offset) implements Step {}

    /** Ask up to where outcomes can be read now, open transactions excluded. */
    record ListStableOutcomes() implements Step {}

    /** Ask where the log of outcomes ends now, whoever has a transaction open there. */
    record ListOutcomes() implements Step {}

    /** Wait until the view has read all outcomes before this offset. */
    record SeeOutcomes(long end) implements Step {}

    /** Make sure that nothing is committed under this transactional id from now on. */
    record Fence(String transactionalId) implements Step {}

    /** Send the records and the outcome of this claim of ours, in one transaction. */
    record Execute(Claim claim) implements Step {}

    /** The end: this is the outcome of the key. */
    record Replay(Claim claim, long outcomeOffset, boolean ownClaim) implements Step {}

    /** The end: somebody else is at it. */
    record Conflict() implements Step {}

    /** The end: the key was used for another request. */
    record Mismatch() implements Step {}
}
