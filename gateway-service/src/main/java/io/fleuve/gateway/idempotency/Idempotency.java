package io.fleuve.gateway.idempotency;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.kafka.KafkaClients;
import io.fleuve.gateway.kafka.LogTail;
import io.fleuve.gateway.kafka.LogWriter;
import io.fleuve.gateway.kafka.RecordLookup;
import io.fleuve.gateway.kafka.Sent;
import io.fleuve.gateway.kafka.TopicDirectory;
import io.fleuve.gateway.kafka.Transaction;
import io.fleuve.gateway.kafka.Transaction.Ending;
import io.fleuve.gateway.kafka.TransactionAdmin;
import io.fleuve.gateway.kafka.TransactionLanes;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries a request with a key out once, whatever becomes of gateways and connections meanwhile,
 * and gives its first answer again to whoever repeats it. Only requests of which something was
 * written are remembered: what was refused may be mended and repeated under the same key.
 */
public final class Idempotency implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Idempotency.class);

    private final KafkaClients clients;
    private final TransactionAdmin admin;
    private final TransactionLanes lanes;
    private final TopicDirectory topics;
    private final LogWriter claims;
    private final RecordLookup lookup;
    private final IdempotencySettings settings;
    private final Clock clock;
    private final IdempotencyMetrics metrics;
    private final ReentrantLock opening = new ReentrantLock();
    private volatile @Nullable ClaimView view;
    private boolean closed;

    public Idempotency(
            KafkaClients clients,
            TransactionAdmin admin,
            TransactionLanes lanes,
            TopicDirectory topics,
            LogWriter claims,
            RecordLookup lookup,
            IdempotencySettings settings,
            Clock clock,
            MeterRegistry registry) {
        this.clients = clients;
        this.admin = admin;
        this.lanes = lanes;
        this.topics = topics;
        this.claims = claims;
        this.lookup = lookup;
        this.settings = settings;
        this.clock = clock;
        this.metrics = new IdempotencyMetrics(registry, this::remembered);
    }

    /** How long a request may take. */
    public Duration requestTimeout() {
        return settings.requestTimeout();
    }

    /** How long a key is remembered, at least. */
    public Duration expiry() {
        return settings.expiry();
    }

    /**
     * The outcome of a request with a key.
     *
     * @param written what this very request wrote; nothing if it was carried out before
     * @param replayed whether it was carried out for an earlier request
     */
    public record Answer(Reply reply, List<Sent> written, boolean replayed) {
        public Answer {
            written = List.copyOf(written);
        }
    }

    /**
     * Carries {@code work} out, or gives the answer that it had.
     *
     * @param key of what client and which key
     * @param fingerprint of everything that makes it the same request
     * @throws RestException what the work itself refuses; {@link IdempotencyErrors}
     * @throws KafkaException if the brokers fail; then the request may be repeated with the same
     *     key
     */
    public Answer carryOut(Digest key, Digest fingerprint, Work work) {
        long deadline = System.nanoTime() + settings.requestTimeout().toNanos();
        ClaimView current = view();
        current.awaitStart(LogTail.until(deadline));
        try (Run run = new Run(current, key, fingerprint, work, deadline)) {
            return run.toTheEnd();
        }
    }

    private ClaimView view() {
        ClaimView seen = view;
        if (seen != null && !seen.isLost()) {
            return seen;
        }
        opening.lock();
        try {
            if (closed) {
                throw IdempotencyErrors.undecided();
            }
            ClaimView made = view;
            if (made != null && made.isLost()) {
                made.close();
                made = null;
                view = null;
            }
            if (made == null) {
                made = ClaimView.open(clients, admin, settings);
                view = made;
            }
            return made;
        } finally {
            opening.unlock();
        }
    }

    private int remembered() {
        ClaimView seen = view;
        return seen == null ? 0 : seen.size();
    }

    /** One request on its way through an {@link Attempt}. */
    private final class Run implements AutoCloseable {
        private final ClaimView view;
        private final Digest key;
        private final Digest fingerprint;
        private final Work work;
        private final long deadline;
        private final int partition;
        private final Attempt attempt;
        private @Nullable Prepared prepared;
        private TransactionLanes.@Nullable Turn turn;
        // A claim of ours under which nothing has been sent.
        private @Nullable Long unused;

        Run(ClaimView view, Digest key, Digest fingerprint, Work work, long deadline) {
            this.view = view;
            this.key = key;
            this.fingerprint = fingerprint;
            this.work = work;
            this.deadline = deadline;
            this.partition = view.partitionOf(key);
            this.attempt =
                    new Attempt(
                            fingerprint,
                            settings.expiry().toMillis(),
                            settings.takeOverAfter().toMillis());
        }

        Answer toTheEnd() {
            while (System.nanoTime() < deadline) {
                Answer answer = take(attempt.next(view.standing(key), clock.millis()));
                if (answer != null) {
                    return answer;
                }
            }
            throw IdempotencyErrors.undecided();
        }

        private @Nullable Answer take(Step step) {
            switch (step) {
                case Step.WriteClaim(long supersedes) -> {
                    return claim(supersedes);
                }
                case Step.SeeClaim(long offset) -> {
                    view.awaitClaim(partition, offset, left());
                    attempt.claimSeen();
                }
                case Step.ListStableOutcomes() -> attempt.listed(admin.stableEnd(outcomes()));
                case Step.ListOutcomes() -> attempt.listed(admin.end(outcomes()));
                case Step.SeeOutcomes(long end) -> {
                    view.awaitOutcomes(partition, end, left());
                    attempt.outcomesSeen();
                }
                case Step.Fence(String transactionalId) -> fence(transactionalId);
                case Step.Execute(Claim claim) -> {
                    return execute(claim);
                }
                case Step.Replay(Claim claim, long offset, boolean ownClaim) -> {
                    unused = null;
                    metrics.replayed();
                    return new Answer(fetch(claim, offset), List.of(), !ownClaim);
                }
                case Step.Conflict() -> {
                    unused = null;
                    metrics.conflict();
                    throw IdempotencyErrors.inFlight();
                }
                case Step.Mismatch() -> {
                    unused = null;
                    metrics.mismatch();
                    throw IdempotencyErrors.reused();
                }
            }
            return null;
        }

        private @Nullable Answer claim(long supersedes) {
            Prepared ready = prepared;
            if (ready == null) {
                ready = Prepared.of(work, topics);
                prepared = ready;
            }
            if (ready.isRefused()) {
                return new Answer(ready.reply(), List.of(), false);
            }
            if (view.size() >= settings.maxKeys()) {
                throw IdempotencyErrors.tooManyKeys(settings.maxKeys());
            }
            TransactionLanes.Turn mine = turn;
            if (mine == null) {
                mine = lanes.turn();
                turn = mine;
            }
            unused =
                    claims.append(
                            ClaimCodec.claim(
                                    settings.claimsTopic(),
                                    partition,
                                    key,
                                    fingerprint,
                                    mine.transactionalId(),
                                    supersedes));
            attempt.claimed(unused);
            return null;
        }

        private @Nullable Answer execute(Claim claim) {
            Prepared ready = Objects.requireNonNull(prepared);
            Transaction transaction =
                    new Transaction(
                            claim.transactionalId(),
                            ready.records(),
                            work.allOrNone(),
                            sent ->
                                    ClaimCodec.outcome(
                                            settings.outcomesTopic(),
                                            partition,
                                            key,
                                            claim.offset(),
                                            ready.reply(sent)));
            // From here on the brokers alone know what comes of it.
            unused = null;
            switch (Objects.requireNonNull(turn).carryOut(transaction, left())) {
                case Ending.Committed(List<Sent> sent, var seal) -> {
                    view.committed(key, claim.offset(), Objects.requireNonNull(seal).offset());
                    metrics.carriedOut();
                    return new Answer(ready.reply(sent), sent, false);
                }
                case Ending.NothingWritten(List<Sent> sent) -> {
                    unused = claim.offset();
                    metrics.refused();
                    return new Answer(ready.reply(sent), List.of(), false);
                }
                case Ending.Lost(boolean _, Throwable reason) -> {
                    LOGGER.atInfo()
                            .addKeyValue("transactionalId", claim.transactionalId())
                            .addKeyValue("reason", reason.toString())
                            .log("transaction of a request is lost and is looked into");
                    attempt.lost();
                    return null;
                }
            }
        }

        private void fence(String transactionalId) {
            admin.fence(transactionalId);
            metrics.takenOver();
            LOGGER.atInfo()
                    .addKeyValue("transactionalId", transactionalId)
                    .log("transactional id of a request without an outcome was fenced");
            attempt.fenced();
        }

        private Reply fetch(Claim claim, long offset) {
            return lookup.find(outcomes(), offset)
                    .map(ClaimCodec::reply)
                    .orElseThrow(
                            () ->
                                    new RestException(
                                            new RestError(
                                                    500,
                                                    RestError.KAFKA,
                                                    "The outcome of claim %d was deleted before its expiry."
                                                            .formatted(claim.offset()))));
        }

        private TopicPartition outcomes() {
            return new TopicPartition(settings.outcomesTopic(), partition);
        }

        private Duration left() {
            return LogTail.until(deadline);
        }

        @Override
        public void close() {
            TransactionLanes.Turn mine = turn;
            if (mine != null) {
                mine.close();
            }
            Long claim = unused;
            if (claim != null) {
                release(claim);
            }
        }

        // Without it the key would be blocked until a take-over, no more.
        private void release(long claim) {
            try {
                long _ =
                        claims.append(
                                ClaimCodec.release(settings.claimsTopic(), partition, key, claim));
            } catch (KafkaException e) {
                LOGGER.atInfo()
                        .addKeyValue("reason", e.toString())
                        .log("claim of a request that wrote nothing could not be released");
            }
        }
    }

    @Override
    public void close() {
        opening.lock();
        try {
            closed = true;
            ClaimView last = view;
            if (last != null) {
                last.close();
            }
        } finally {
            opening.unlock();
        }
    }
}
