package io.fleuve.broker.transaction;

import io.fleuve.broker.log.Append;
import io.fleuve.broker.log.LogUnavailableException;
import io.fleuve.broker.log.PartitionLogs;
import io.fleuve.broker.log.TransactionEnd;
import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.MetadataUnavailableException;
import io.fleuve.broker.transaction.TransactionState.Phase;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Coordinates transactions, on any broker: rows of a shared catalog say who has which transaction
 * open, and the end of one is one commit.
 *
 * <p>All calls block. Source of what they mean: KIP-98, KIP-360 and KIP-890.
 */
public final class TransactionCoordinator implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(TransactionCoordinator.class);

    private static final int MAX_TRIES = 20;
    private static final int OVERDUE_AT_ONCE = 100;
    private static final int EXPIRED_AT_ONCE = 1_000;

    /** As Apache Kafka's own name; not named by a constant of the log. */
    private static final String OFFSETS_TOPIC = "__consumer_offsets";

    private final TransactionCatalog catalog;
    private final PartitionLogs logs;
    private final ClusterMetadata metadata;
    private final LogDirectory directory;
    private final Markers markers;
    private final Runnable onGroupOffsets;
    private final TransactionSettings settings;
    private final TransactionMetrics metrics;
    private final Clock clock;
    private final Thread watch;
    private volatile boolean closed;

    /**
     * @param onGroupOffsets called after the end of a transaction that has offsets of groups
     */
    public TransactionCoordinator(
            TransactionCatalog catalog,
            PartitionLogs logs,
            ClusterMetadata metadata,
            Markers markers,
            Runnable onGroupOffsets,
            TransactionSettings settings,
            MeterRegistry registry,
            Clock clock) {
        this.catalog = catalog;
        this.logs = logs;
        this.metadata = metadata;
        this.directory = new LogDirectory(metadata);
        this.markers = markers;
        this.onGroupOffsets = onGroupOffsets;
        this.settings = settings;
        this.metrics = new TransactionMetrics(registry, clock);
        this.clock = clock;
        this.watch = Thread.ofVirtual().name("fleuve-transactions").unstarted(this::watch);
    }

    /** Begins to look for transactions whose time is over. */
    public void start() {
        watch.start();
    }

    /** Which partitions logs are of. */
    public LogDirectory directory() {
        return directory;
    }

    /**
     * Gives a transactional producer its id and epoch. A transaction that is still open under the
     * id is aborted.
     *
     * @param known what the producer says it has, or {@link ProducerIdentity#NONE}
     */
    public ProducerIdentity initialise(String id, ProducerIdentity known, int timeoutMs)
            throws TransactionException {
        if (!TransactionCatalog.isId(id)) {
            throw new TransactionException(
                    TransactionError.INVALID_ID,
                    "a transactional id must have 1 to %d bytes, and no U+0000"
                            .formatted(TransactionCatalog.MAX_ID_BYTES));
        }
        if (timeoutMs <= 0 || timeoutMs > settings.maxTimeout().toMillis()) {
            throw new TransactionException(
                    TransactionError.INVALID_TIMEOUT,
                    "a transaction's timeout must be between 1 and %d ms, not %d"
                            .formatted(settings.maxTimeout().toMillis(), timeoutMs));
        }
        return answered(
                () -> {
                    for (int tries = 0; tries < MAX_TRIES; tries++) {
                        TransactionCatalog.Initialised found =
                                catalog.initialise(id, known, timeoutMs, metadata.nextProducerId());
                        switch (found.step()) {
                            case DONE -> {
                                return found.producer();
                            }
                            case FENCED -> throw fenced(id);
                            case OPEN -> abortOpen(id);
                        }
                    }
                    throw concurrent(id);
                });
    }

    /** Takes logs into a transaction, which begins with the first. */
    public void join(String id, ProducerIdentity producer, Collection<Long> logIds)
            throws TransactionException {
        TransactionCatalog.Joined joined = answered(() -> catalog.join(id, producer, logIds));
        switch (joined) {
            case DONE -> {}
            case UNKNOWN -> throw unknown(id);
            case FENCED -> throw fenced(id);
        }
    }

    /**
     * Ends a transaction. Asking again for what was done gets the same answer.
     *
     * @param next whether the producer gets its next epoch (KIP-890), or keeps the one it has
     * @return what the producer has from then on
     */
    public ProducerIdentity end(String id, ProducerIdentity producer, boolean commit, boolean next)
            throws TransactionException {
        long start = System.nanoTime();
        ProducerIdentity after = answered(() -> tryToEnd(id, producer, commit, next));
        (commit ? metrics.commits : metrics.aborts)
                .record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        return after;
    }

    private ProducerIdentity tryToEnd(
            String id, ProducerIdentity producer, boolean commit, boolean next)
            throws TransactionException {
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            TransactionState state = catalog.find(id).orElseThrow(() -> unknown(id));
            boolean current = producer.equals(state.producer());
            boolean ended = state.phase() == Phase.COMMITTED || state.phase() == Phase.ABORTED;
            // With the older protocol an epoch that was raised is that of somebody else.
            if (ended && producer.equals(state.last()) && (next || current)) {
                if (commit != (state.phase() == Phase.COMMITTED)) {
                    throw invalid(state, commit);
                }
                return state.producer();
            }
            if (producer.id() != state.producer().id()) {
                throw unknown(id);
            }
            if (!current) {
                throw fenced(id);
            }
            if (state.phase() != Phase.ONGOING && (commit || !next)) {
                throw invalid(state, commit);
            }
            // Not what the row says afterwards: that may be what a successor was given meanwhile.
            ProducerIdentity after = next ? nextOf(producer) : producer;
            if (attempt(state, commit, after)) {
                return after;
            }
        }
        throw concurrent(id);
    }

    private void abortOpen(String id) throws TransactionException {
        Optional<TransactionState> state = catalog.find(id);
        if (state.isPresent() && state.get().phase() == Phase.ONGOING) {
            LOGGER.atInfo()
                    .addKeyValue("transactionalId", id)
                    .log("An open transaction is aborted: its producer starts anew");
            abort(state.get());
        }
    }

    /** Aborts a transaction for somebody else than its producer, who gets no further with it. */
    private boolean abort(TransactionState state) throws TransactionException {
        return attempt(state, false, nextOf(state.producer()));
    }

    /**
     * Returns whether it has ended; if not, it is to be looked at again.
     *
     * @param after what the producer has from then on
     */
    private boolean attempt(TransactionState state, boolean commit, ProducerIdentity after)
            throws TransactionException {
        ProducerIdentity producer = state.producer();
        // The markers' epoch keeps out what the producer may still have under way.
        short markerEpoch = (short) (producer.epoch() + (after.equals(producer) ? 0 : 1));
        List<Append> appends = new ArrayList<>();
        List<Long> groupLogs = new ArrayList<>();
        for (long logId : state.logs()) {
            Optional<LogDirectory.Place> place = directory.find(logId);
            if (place.isPresent() && place.get().topic().name().equals(OFFSETS_TOPIC)) {
                groupLogs.add(logId);
            } else {
                appends.add(
                        new Append(
                                logId,
                                markers.marker(
                                        new ProducerIdentity(producer.id(), markerEpoch),
                                        commit,
                                        clock.millis()),
                                place.map(it -> it.partition().leaderEpoch()).orElse(0),
                                false,
                                false));
            }
        }
        TransactionEnd end =
                new TransactionEnd(
                        producer.id(),
                        producer.epoch(),
                        commit,
                        after.id(),
                        after.epoch(),
                        markerEpoch,
                        appends,
                        groupLogs);
        boolean ended =
                appends.isEmpty()
                        ? catalog.end(end)
                        : switch (logs.endTransaction(end).join()) {
                            case ENDED -> true;
                            case CHANGED -> false;
                            case UNAVAILABLE ->
                                    throw new TransactionException(
                                            TransactionError.UNAVAILABLE,
                                            "store or database do not answer");
                        };
        if (ended && !groupLogs.isEmpty()) {
            onGroupOffsets.run();
        }
        return ended;
    }

    private ProducerIdentity nextOf(ProducerIdentity producer) {
        return producer.isExhausted()
                ? new ProducerIdentity(metadata.nextProducerId(), (short) 0)
                : new ProducerIdentity(producer.id(), (short) (producer.epoch() + 1));
    }

    /** The state of a transactional id, if there is such. */
    public Optional<TransactionState> find(String id) throws TransactionException {
        return answered(() -> catalog.find(id));
    }

    /** All transactional ids. */
    public List<TransactionState> list() throws TransactionException {
        return answered(catalog::list);
    }

    /**
     * Producers of transactions that have ended and whose offsets a group has still to take over.
     */
    public Set<Long> settling() throws TransactionException {
        return answered(catalog::settling);
    }

    /**
     * Aborts the transaction that a producer has open, whatever it is about to do: for
     * administrators. Returns whether it is over; not if the producer has a later epoch.
     */
    public boolean abortOf(long producerId, short epoch) throws TransactionException {
        return answered(
                () -> {
                    for (int tries = 0; tries < MAX_TRIES; tries++) {
                        Optional<TransactionState> state = catalog.findByProducer(producerId);
                        if (state.isEmpty() || state.get().phase() != Phase.ONGOING) {
                            return true;
                        }
                        if (state.get().producer().epoch() > epoch) {
                            return false;
                        }
                        if (abort(state.get())) {
                            return true;
                        }
                    }
                    throw concurrent("of producer " + producerId);
                });
    }

    private void watch() {
        boolean failing = false;
        while (!closed) {
            try {
                Thread.sleep(settings.checkInterval());
                abortOverdue();
                catalog.expire(settings.idExpiration(), EXPIRED_AT_ONCE);
                metrics.set(catalog.open());
                failing = false;
            } catch (InterruptedException e) {
                return;
            } catch (LogUnavailableException | TransactionException e) {
                if (!failing) {
                    LOGGER.atWarn()
                            .addKeyValue("reason", e.getMessage())
                            .log("Transactions whose time is over cannot be aborted");
                }
                failing = true;
            } catch (RuntimeException e) {
                LOGGER.atError().setCause(e).log("Overdue transactions could not be looked at");
            }
        }
    }

    private void abortOverdue() throws TransactionException {
        for (TransactionState each : catalog.overdue(OVERDUE_AT_ONCE)) {
            if (abort(each)) {
                metrics.timeouts.increment();
                LOGGER.atInfo()
                        .addKeyValue("transactionalId", each.id())
                        .addKeyValue("timeout", Duration.ofMillis(each.timeoutMs()))
                        .log("A transaction was open for too long and is aborted");
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        watch.interrupt();
        watch.join();
    }

    private interface Question<T> {
        T ask() throws TransactionException;
    }

    private static <T> T answered(Question<T> question) throws TransactionException {
        try {
            return question.ask();
        } catch (LogUnavailableException | MetadataUnavailableException e) {
            throw new TransactionException(
                    TransactionError.UNAVAILABLE, "the database does not answer");
        }
    }

    private TransactionException fenced(String id) {
        metrics.fenced.increment();
        return new TransactionException(
                TransactionError.FENCED, "another producer uses transactional id " + id + " now");
    }

    private static TransactionException unknown(String id) {
        return new TransactionException(
                TransactionError.UNKNOWN_PRODUCER,
                "no producer of that id has transactional id " + id);
    }

    private static TransactionException concurrent(String id) {
        return new TransactionException(
                TransactionError.CONCURRENT, "transaction " + id + " is being changed by others");
    }

    private static TransactionException invalid(TransactionState state, boolean commit) {
        return new TransactionException(
                TransactionError.INVALID_STATE,
                "a transaction that is %s cannot be %s"
                        .formatted(
                                state.phase().name().toLowerCase(java.util.Locale.ROOT),
                                commit ? "committed" : "aborted"));
    }
}
