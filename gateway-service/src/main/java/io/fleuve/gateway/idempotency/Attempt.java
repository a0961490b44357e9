package io.fleuve.gateway.idempotency;

import java.util.HashSet;
import java.util.Set;

/**
 * One request with a key, from its arrival to its answer, as a sequence of steps. Whoever carries
 * the steps out tells what came of each and asks for the next one; between any two of them anything
 * may happen elsewhere.
 *
 * <p>What keeps two gateways from committing the same key:
 *
 * <ol>
 *   <li>A request is carried out only by the author of the claim that counts ({@link ClaimLedger}),
 *       after its view has read that claim, and under the claim's transactional id alone.
 *   <li>A claim without an outcome is superseded only after its transactional id was fenced, and
 *       after all outcomes were read that were in the log after that: none can come later.
 *   <li>Of those who supersede it at the same time, one wins, by the first rule.
 * </ol>
 *
 * <p>Clocks decide only when to suspect a claim and when a key has expired.
 */
final class Attempt {

    private final Digest fingerprint;
    private final long expiryMs;
    private final long takeOverAfterMs;
    private final Set<Long> own = new HashSet<>();
    private State state = new State.Deciding();

    Attempt(Digest fingerprint, long expiryMs, long takeOverAfterMs) {
        this.fingerprint = fingerprint;
        this.expiryMs = expiryMs;
        this.takeOverAfterMs = takeOverAfterMs;
    }

    /** How far it is. */
    private sealed interface State {
        /** Nothing of ours is in the log that could count. */
        record Deciding() implements State {}

        /** A claim of ours is in the log; whether it counts, the view does not know yet. */
        record Claimed(long offset) implements State {}

        /** The view has read our claim. */
        record Seen(long offset) implements State {}

        /** Our claim counts, and its transaction is under way. */
        record Executing(Claim claim) implements State {}

        /** A claim is too old: perhaps its outcome is there and the view has not read it yet. */
        record Suspecting(Claim claim) implements State {}

        record SuspectingUpTo(Claim claim, long end) implements State {}

        /** All that can be read was read. */
        record Suspected(Claim claim) implements State {}

        record Fenced(Claim claim) implements State {}

        record FencedUpTo(Claim claim, long end) implements State {}

        /** No outcome of this claim can come that the view does not have. */
        record Settled(Claim claim) implements State {}
    }

    /** The next step, given what the view says of the key now. */
    Step next(Standing standing, long nowMs) {
        return switch (state) {
            case State.Deciding() -> decide(standing, nowMs);
            case State.Claimed(long offset) -> new Step.SeeClaim(offset);
            case State.Seen(long offset) -> verdict(offset, standing, nowMs);
            case State.Executing(Claim claim) -> new Step.Execute(claim);
            case State.Suspecting(Claim _) -> new Step.ListStableOutcomes();
            case State.SuspectingUpTo(Claim _, long end) -> new Step.SeeOutcomes(end);
            case State.Suspected(Claim claim) -> suspect(claim, standing, nowMs);
            case State.Fenced(Claim _) -> new Step.ListOutcomes();
            case State.FencedUpTo(Claim _, long end) -> new Step.SeeOutcomes(end);
            case State.Settled(Claim claim) -> settle(claim, standing, nowMs);
        };
    }

    private Step decide(Standing standing, long nowMs) {
        return switch (standing) {
            case Standing.Free() -> new Step.WriteClaim(ClaimLedger.NOTHING);
            case Standing.Done(Claim claim, long outcome) ->
                    nowMs - claim.timestampMs() > expiryMs
                            ? new Step.WriteClaim(claim.offset())
                            : answer(claim, outcome);
            case Standing.InFlight(Claim claim) -> {
                long ageMs = nowMs - claim.timestampMs();
                if (ageMs <= expiryMs && !claim.fingerprint().equals(fingerprint)) {
                    yield new Step.Mismatch();
                }
                if (ageMs <= takeOverAfterMs) {
                    yield new Step.Conflict();
                }
                state = new State.Suspecting(claim);
                yield new Step.ListStableOutcomes();
            }
        };
    }

    private Step answer(Claim claim, long outcome) {
        return claim.fingerprint().equals(fingerprint)
                ? new Step.Replay(claim, outcome, own.contains(claim.offset()))
                : new Step.Mismatch();
    }

    private Step verdict(long offset, Standing standing, long nowMs) {
        if (standing instanceof Standing.InFlight(Claim claim) && claim.offset() == offset) {
            state = new State.Executing(claim);
            return new Step.Execute(claim);
        }
        state = new State.Deciding();
        return decide(standing, nowMs);
    }

    private Step suspect(Claim claim, Standing standing, long nowMs) {
        if (standing instanceof Standing.InFlight(Claim current)
                && current.offset() == claim.offset()) {
            return new Step.Fence(claim.transactionalId());
        }
        state = new State.Deciding();
        return decide(standing, nowMs);
    }

    private Step settle(Claim claim, Standing standing, long nowMs) {
        if (standing instanceof Standing.InFlight(Claim current)
                && current.offset() == claim.offset()) {
            return new Step.WriteClaim(claim.offset());
        }
        if (standing instanceof Standing.Done(Claim current, long outcome)
                && own.contains(current.offset())) {
            // Our own, however long it took.
            return answer(current, outcome);
        }
        state = new State.Deciding();
        return decide(standing, nowMs);
    }

    /** A claim was written, at this offset. */
    void claimed(long offset) {
        own.add(offset);
        state = new State.Claimed(offset);
    }

    /** The view has read our claim. */
    void claimSeen() {
        if (state instanceof State.Claimed(long offset)) {
            state = new State.Seen(offset);
        } else {
            throw outOfOrder();
        }
    }

    /** The end of outcomes that was asked for. */
    void listed(long end) {
        state =
                switch (state) {
                    case State.Suspecting(Claim claim) -> new State.SuspectingUpTo(claim, end);
                    case State.Fenced(Claim claim) -> new State.FencedUpTo(claim, end);
                    case State.Deciding _,
                            State.Claimed _,
                            State.Seen _,
                            State.Executing _,
                            State.SuspectingUpTo _,
                            State.Suspected _,
                            State.FencedUpTo _,
                            State.Settled _ ->
                            throw outOfOrder();
                };
    }

    /** The view has read the outcomes up to the end that was listed. */
    void outcomesSeen() {
        state =
                switch (state) {
                    case State.SuspectingUpTo(Claim claim, long _) -> new State.Suspected(claim);
                    case State.FencedUpTo(Claim claim, long _) -> new State.Settled(claim);
                    case State.Deciding _,
                            State.Claimed _,
                            State.Seen _,
                            State.Executing _,
                            State.Suspecting _,
                            State.Suspected _,
                            State.Fenced _,
                            State.Settled _ ->
                            throw outOfOrder();
                };
    }

    /** The transactional id of the suspected claim is fenced. */
    void fenced() {
        if (state instanceof State.Suspected(Claim claim)) {
            state = new State.Fenced(claim);
        } else {
            throw outOfOrder();
        }
    }

    /**
     * Our transaction was fenced by somebody, or its end is unknown. Its claim may be lost: what
     * holds for a stranger's claim that is too old holds for it at once.
     */
    void lost() {
        if (state instanceof State.Executing(Claim claim)) {
            state = new State.Suspected(claim);
        } else {
            throw outOfOrder();
        }
    }

    private IllegalStateException outOfOrder() {
        return new IllegalStateException("not a step of state " + state);
    }
}
