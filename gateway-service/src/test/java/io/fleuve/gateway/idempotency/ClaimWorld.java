package io.fleuve.gateway.idempotency;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Two gateways and a log, one small step after the other, in an order that a seed decides. Views
 * lag, transactions hang, gateways die, claims are suspected too early; clients repeat until they
 * have an answer.
 */
final class ClaimWorld {

    private static final long FOREVER = Long.MAX_VALUE / 4;
    private static final int KEYS = 3;
    private static final int CLIENTS_PER_KEY = 3;

    private final Random random;
    private final boolean fencing;
    private final List<Entry> claims = new ArrayList<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private final Set<String> fenced = new HashSet<>();
    private final List<Gateway> gateways = List.of(new Gateway(-7), new Gateway(7));
    private final List<Client> clients = new ArrayList<>();
    private long now = 1000;
    private int ids;
    private boolean calm;

    /**
     * @param fencing false for brokers that do not keep a fenced producer from committing
     */
    ClaimWorld(long seed, boolean fencing) {
        this.random = new Random(seed);
        this.fencing = fencing;
        for (int key = 0; key < KEYS; key++) {
            for (int i = 0; i < CLIENTS_PER_KEY; i++) {
                clients.add(new Client(Digest.of("key " + key)));
            }
        }
    }

    private sealed interface Entry {
        record Claimed(Digest key, Claim claim, long supersedes) implements Entry {}

        record Released(Digest key, long claim, long timestampMs) implements Entry {}
    }

    private enum Fate {
        OPEN,
        COMMITTED,
        ABORTED
    }

    /** A record and its outcome, which share a transaction. */
    private static final class Outcome {
        private final Digest key;
        private final long claim;
        private final String transactionalId;
        private Fate fate = Fate.OPEN;

        Outcome(Digest key, long claim, String transactionalId) {
            this.key = key;
            this.claim = claim;
            this.transactionalId = transactionalId;
        }
    }

    /** A process with its views. */
    private final class Gateway {
        private final long clockSkew;
        private ClaimLedger ledger = new ClaimLedger(FOREVER);
        private int claimsRead;
        private int outcomesRead;
        private String lane = "";

        Gateway(long clockSkew) {
            this.clockSkew = clockSkew;
            renewLane();
        }

        void renewLane() {
            lane = "t" + ids++;
        }

        void readClaim() {
            if (claimsRead < claims.size()) {
                switch (claims.get(claimsRead)) {
                    case Entry.Claimed(Digest key, Claim claim, long supersedes) ->
                            ledger.claim(key, claim, supersedes);
                    case Entry.Released(Digest key, long claim, long timestampMs) ->
                            ledger.release(key, claimsRead, timestampMs, claim);
                }
                claimsRead++;
            }
        }

        void readOutcome() {
            if (outcomesRead < stableEnd()) {
                Outcome outcome = outcomes.get(outcomesRead);
                if (outcome.fate == Fate.COMMITTED) {
                    ledger.outcome(outcome.key, outcome.claim, outcomesRead);
                }
                outcomesRead++;
            }
        }

        void die() {
            clients.forEach(client -> client.forget(this));
            ledger = new ClaimLedger(FOREVER);
            claimsRead = 0;
            outcomesRead = 0;
            renewLane();
        }
    }

    /** Someone who repeats a request until it is answered. */
    private final class Client {
        private final Digest key;
        private @Nullable Gateway gateway;
        private @Nullable Attempt attempt;
        private @Nullable Outcome open;
        private @Nullable Long answeredBy;

        Client(Digest key) {
            this.key = key;
        }

        void forget(Gateway dead) {
            if (gateway == dead) {
                giveUp();
            }
        }

        private void giveUp() {
            gateway = null;
            attempt = null;
            open = null;
        }

        void act() {
            if (answeredBy != null) {
                return;
            }
            Gateway at = gateway;
            Attempt trying = attempt;
            if (at == null || trying == null) {
                gateway = gateways.get(random.nextInt(gateways.size()));
                attempt =
                        new Attempt(Digest.of("body"), FOREVER, calm ? 2000 : random.nextInt(100));
                return;
            }
            Outcome committing = open;
            if (committing != null) {
                commit(at, trying, committing);
                return;
            }
            take(at, trying, trying.next(at.ledger.standing(key), now + at.clockSkew));
        }

        private void commit(Gateway at, Attempt trying, Outcome committing) {
            open = null;
            if (fenced.contains(committing.transactionalId) && fencing) {
                if (at.lane.equals(committing.transactionalId)) {
                    at.renewLane();
                }
                trying.lost();
                return;
            }
            committing.fate = Fate.COMMITTED;
            if (!calm && random.nextInt(10) == 0) {
                // The brokers have committed, but the gateway is not told.
                at.renewLane();
                trying.lost();
            } else if (!calm && random.nextInt(10) == 0) {
                // The client is not told.
                giveUp();
            } else {
                at.ledger.outcome(key, committing.claim, outcomes.indexOf(committing));
                answeredBy = committing.claim;
            }
        }

        private void take(Gateway at, Attempt trying, Step step) {
            switch (step) {
                case Step.WriteClaim(long supersedes) -> {
                    long offset = claims.size();
                    Claim claim = new Claim(offset, now, Digest.of("body"), at.lane);
                    claims.add(new Entry.Claimed(key, claim, supersedes));
                    if (!calm && random.nextInt(20) == 0) {
                        // It is there, but nobody was told.
                        giveUp();
                    } else {
                        trying.claimed(offset);
                    }
                }
                case Step.SeeClaim(long offset) -> {
                    if (at.claimsRead > offset) {
                        trying.claimSeen();
                    }
                }
                case Step.ListStableOutcomes() -> trying.listed(stableEnd());
                case Step.ListOutcomes() -> trying.listed(outcomes.size());
                case Step.SeeOutcomes(long end) -> {
                    if (at.outcomesRead >= end) {
                        trying.outcomesSeen();
                    }
                }
                case Step.Fence(String transactionalId) -> {
                    fence(transactionalId);
                    trying.fenced();
                }
                case Step.Execute(Claim claim) -> execute(at, trying, claim);
                case Step.Replay(Claim claim, long _, boolean _) -> answeredBy = claim.offset();
                case Step.Conflict() -> giveUp();
                case Step.Mismatch() -> throw new AssertionError("all bodies are the same");
            }
        }

        private void execute(Gateway at, Attempt trying, Claim claim) {
            if (!claim.transactionalId().equals(at.lane)) {
                trying.lost();
            } else if (fencing && fenced.contains(at.lane)) {
                // The brokers take nothing from it, not even into an open transaction.
                at.renewLane();
                trying.lost();
            } else if (!calm && random.nextInt(10) == 0) {
                // Aborted for certain: the brokers refuse the record, or cannot take it now.
                claims.add(new Entry.Released(key, claim.offset(), now));
                giveUp();
            } else {
                Outcome sent = new Outcome(key, claim.offset(), claim.transactionalId());
                outcomes.add(sent);
                open = sent;
            }
        }
    }

    private int stableEnd() {
        for (int i = 0; i < outcomes.size(); i++) {
            if (outcomes.get(i).fate == Fate.OPEN) {
                return i;
            }
        }
        return outcomes.size();
    }

    private void fence(String transactionalId) {
        fenced.add(transactionalId);
        for (Outcome outcome : outcomes) {
            if (outcome.transactionalId.equals(transactionalId) && outcome.fate == Fate.OPEN) {
                outcome.fate = Fate.ABORTED;
            }
        }
    }

    /** Lets it run, first wildly and then calmly, until every client has an answer. */
    void run() {
        for (int i = 0; i < 600; i++) {
            step(i % 40 == 39);
        }
        calm = true;
        // What hangs is ended by the brokers.
        outcomes.stream().filter(o -> o.fate == Fate.OPEN).forEach(o -> fence(o.transactionalId));
        for (int i = 0; i < 200_000 && clients.stream().anyMatch(c -> c.answeredBy == null); i++) {
            step(false);
        }
    }

    private void step(boolean crash) {
        now += random.nextInt(3);
        Gateway gateway = gateways.get(random.nextInt(gateways.size()));
        if (crash && random.nextBoolean()) {
            gateway.die();
            return;
        }
        switch (random.nextInt(6)) {
            case 0 -> gateway.readClaim();
            case 1 -> gateway.readOutcome();
            case 2 -> {
                if (!calm && random.nextInt(20) == 0) {
                    outcomes.stream()
                            .filter(o -> o.fate == Fate.OPEN)
                            .findFirst()
                            .ifPresent(o -> fence(o.transactionalId));
                }
            }
            default -> clients.get(random.nextInt(clients.size())).act();
        }
    }

    /** What is wrong, or nothing. */
    List<String> violations() {
        List<String> wrong = new ArrayList<>();
        Map<Digest, List<Long>> committed = new HashMap<>();
        outcomes.stream()
                .filter(o -> o.fate == Fate.COMMITTED)
                .forEach(
                        o -> committed.computeIfAbsent(o.key, _ -> new ArrayList<>()).add(o.claim));
        for (Client client : clients) {
            List<Long> commits = committed.getOrDefault(client.key, List.of());
            if (client.answeredBy == null) {
                wrong.add("a client has no answer");
            } else if (!commits.equals(List.of(client.answeredBy))) {
                wrong.add("answered by " + client.answeredBy + ", committed by " + commits);
            }
        }
        return wrong;
    }
}
