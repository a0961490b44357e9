package io.fleuve.broker.log;

import io.fleuve.broker.storage.ObjectStore;
import io.fleuve.broker.storage.ObjectWriter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a batch into the log: write the bytes, then sequence them, then acknowledge.
 *
 * <p>Two threads, one for each wait: the writer gathers whatever has arrived from all connections
 * and makes it durable in one write; the committer has it sequenced and answers. While one flush is
 * being committed the next is being written. Commits keep the order of the writes, so one
 * producer's batches arrive in order.
 *
 * <p>A commit whose outcome is unknown is asked for again until it is known: nothing is answered
 * before.
 */
final class CommitPipeline implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(CommitPipeline.class);

    private static final Comparator<PendingAppend> BY_LOG_AND_PRODUCER =
            Comparator.comparingLong(PendingAppend::logId)
                    .thenComparingLong(PendingAppend::producerId);

    private static final String OUTCOME_UNKNOWN =
            "the broker is stopping; whether the batch was appended is not known";

    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final Sequencer.Stretch NOTHING = new Sequencer.Stretch("", 0, 0, List.of());

    private static final Flush END = new Flush(List.of(), NOTHING, List.of());

    private final LogSettings settings;
    private final Sequencer sequencer;
    private final Heads heads;
    private final CommitListener listener;
    private final LogMetrics metrics;
    private final Clock clock;
    private final IntakeQueue queue;
    private final SynchronousQueue<Flush> written = new SynchronousQueue<>();
    private final Thread writer;
    private final Thread committer;
    private volatile boolean closed;
    private final IntakeRoll roll;
    private boolean storeFailing;

    CommitPipeline(
            LogSettings settings,
            ObjectStore store,
            Sequencer sequencer,
            Heads heads,
            CommitListener listener,
            LogMetrics metrics,
            MeterRegistry registry,
            Clock clock) {
        this.settings = settings;
        this.roll = new IntakeRoll(settings, store, sequencer, clock);
        this.sequencer = sequencer;
        this.heads = heads;
        this.listener = listener;
        this.metrics = metrics;
        this.clock = clock;
        this.queue = new IntakeQueue(settings.maxQueuedBytes());
        Gauge.builder("fleuve.log.queued", queue, IntakeQueue::sizeBytes)
                .baseUnit("bytes")
                .description("Bytes that wait to be written")
                .register(registry);
        this.writer = Thread.ofPlatform().name("fleuve-log-writer").unstarted(this::write);
        this.committer = Thread.ofPlatform().name("fleuve-log-committer").unstarted(this::commit);
    }

    void start() {
        writer.start();
        committer.start();
    }

    /** Writes the markers of a transaction and ends it, in one flush and one commit. */
    CompletableFuture<TransactionEnd.Outcome> submit(TransactionEnd end) {
        if (end.markers().isEmpty()) {
            throw new IllegalArgumentException("a transaction without markers is not ended here");
        }
        List<PendingAppend> markers =
                end.markers().stream().map(marker -> new PendingAppend(marker, end)).toList();
        IntakeQueue.Offer offer = queue.offer(markers);
        if (offer != IntakeQueue.Offer.TAKEN) {
            rejectAll(markers, "the broker is busy, or stopping");
        }
        return CompletableFuture.allOf(
                        markers.stream()
                                .map(PendingAppend::result)
                                .toArray(CompletableFuture[]::new))
                .thenApply(_ -> outcome(markers));
    }

    /** A marker of a log that is no more is refused alone; all others share one fate. */
    private static TransactionEnd.Outcome outcome(List<PendingAppend> markers) {
        TransactionEnd.Outcome outcome = TransactionEnd.Outcome.CHANGED;
        for (PendingAppend marker : markers) {
            switch (marker.result().join()) {
                case AppendResult.Appended _ -> {
                    return TransactionEnd.Outcome.ENDED;
                }
                case AppendResult.Rejected(AppendError error, String _) -> {
                    if (error == AppendError.UNAVAILABLE) {
                        outcome = TransactionEnd.Outcome.UNAVAILABLE;
                    }
                }
            }
        }
        return outcome;
    }

    CompletableFuture<AppendResult> submit(Append append) {
        PendingAppend pending = new PendingAppend(append, null);
        switch (queue.offer(pending)) {
            case TAKEN -> {}
            case FULL ->
                    reject(pending, AppendError.OVERLOADED, "too much is waiting to be written");
            case CLOSED -> reject(pending, AppendError.UNAVAILABLE, "the broker is stopping");
        }
        return pending.result();
    }

    /**
     * Refuses what has waited too long to be written: whoever sent it has given up, and will send
     * it again.
     */
    void expire() {
        for (PendingAppend append :
                queue.takeOlderThan(System.nanoTime() - settings.maxWait().toNanos())) {
            reject(append, AppendError.UNAVAILABLE, "the batch has waited too long to be written");
        }
    }

    boolean isAlive() {
        return writer.isAlive() && committer.isAlive();
    }

    /** Finishes what has been taken, for as long as store and database answer, then stops. */
    @Override
    public void close() throws InterruptedException {
        queue.close();
        writer.join(GRACE);
        closed = true;
        writer.interrupt();
        writer.join();
        if (!written.offer(END, GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
            committer.interrupt();
        }
        committer.join();
    }

    private void write() {
        try {
            while (true) {
                List<PendingAppend> taken = queue.take(settings.maxFlushBytes(), roll.nanosLeft());
                if (!taken.isEmpty()) {
                    Flush flush = tryToWrite(taken);
                    if (flush != null && !handOver(flush)) {
                        rejectAll(flush.appends, OUTCOME_UNKNOWN);
                    }
                } else {
                    roll.retire();
                    handOver(new Flush(taken, NOTHING, roll.takeRetired()));
                    if (queue.isDrained()) {
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            roll.retire();
        }
    }

    /** Whatever goes wrong, those who wait are answered and the writer goes on. */
    private @Nullable Flush tryToWrite(List<PendingAppend> appends) {
        try {
            Flush flush = writeDurably(appends);
            if (storeFailing) {
                storeFailing = false;
                LOGGER.atInfo().log("The store takes writes again");
            }
            return flush;
        } catch (IOException e) {
            metrics.failedWrites.increment();
            if (!storeFailing) {
                storeFailing = true;
                LOGGER.atError()
                        .setCause(e)
                        .log("The store does not take writes; producers are asked to try again");
            }
            giveUp(appends, "the store does not take writes: " + e.getMessage());
        } catch (LogUnavailableException e) {
            giveUp(appends, "no object can be begun: " + e.getMessage());
        } catch (RuntimeException | Error e) {
            LOGGER.atError().setCause(e).log("A flush could not be written");
            giveUp(appends, "the batch could not be written");
        }
        return null;
    }

    private void giveUp(List<PendingAppend> appends, String message) {
        roll.retire();
        appends.forEach(append -> append.withdraw(heads));
        rejectAll(appends, message);
    }

    private boolean handOver(Flush flush) {
        try {
            written.put(flush);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Flush writeDurably(List<PendingAppend> appends) throws IOException {
        // Batches of one log side by side become one piece; those of one producer keep their order.
        appends.sort(BY_LOG_AND_PRODUCER);
        long nowMs = clock.millis();
        List<ByteBuffer> buffers = new ArrayList<>(appends.size());
        long size = 0;
        for (PendingAppend append : appends) {
            append.prepare(heads, nowMs);
            buffers.add(append.bytes().duplicate());
            size += append.sizeBytes();
        }
        ObjectWriter target = roll.writerFor(size, appends.size());
        long start = System.nanoTime();
        long from = target.append(buffers);
        metrics.write.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        metrics.flushBytes.record(size);
        metrics.flushBatches.record(appends.size());
        return new Flush(appends, stretch(target.key(), from, appends), roll.takeRetired());
    }

    private static Sequencer.Stretch stretch(String key, long from, List<PendingAppend> appends) {
        List<Sequencer.Entry> entries = new ArrayList<>(appends.size());
        long position = from;
        for (PendingAppend append : appends) {
            entries.add(append.entry(position));
            position += append.sizeBytes();
        }
        Map<Long, TransactionEnd> ends = new LinkedHashMap<>();
        appends.stream()
                .map(PendingAppend::end)
                .filter(Objects::nonNull)
                .forEach(end -> ends.put(end.producerId(), end));
        return new Sequencer.Stretch(key, from, position, entries, List.copyOf(ends.values()));
    }

    private void commit() {
        while (true) {
            Flush flush;
            try {
                flush = written.take();
            } catch (InterruptedException e) {
                return;
            }
            if (flush == END) {
                return;
            }
            try {
                flush.retired.forEach(this::seal);
                if (!flush.appends.isEmpty()) {
                    acknowledge(flush.appends, commitUntilKnown(flush.stretch));
                }
            } catch (InterruptedException e) {
                rejectAll(flush.appends, OUTCOME_UNKNOWN);
                return;
            } catch (RuntimeException | Error e) {
                LOGGER.atError()
                        .setCause(e)
                        .addKeyValue("object", flush.stretch.objectKey())
                        .log("A flush could not be committed");
                rejectAll(flush.appends, "the batch could not be committed");
            }
        }
    }

    /** Lets others work on an object; if that fails, they do when its time is over. */
    private void seal(String objectKey) {
        try {
            sequencer.seal(objectKey);
        } catch (LogUnavailableException e) {
            LOGGER.atDebug()
                    .addKeyValue("object", objectKey)
                    .addKeyValue("reason", e.getMessage())
                    .log("An object is sealed later");
        }
    }

    /**
     * Asks until the outcome is known. Only a first answer may be a refusal: later ones leave the
     * first try open.
     */
    private List<Sequencer.Sequenced> commitUntilKnown(Sequencer.Stretch stretch)
            throws InterruptedException {
        long start = System.nanoTime();
        for (int tries = 1; ; tries++) {
            try {
                List<Sequencer.Sequenced> outcomes = sequencer.commit(stretch);
                metrics.commit.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
                if (tries > 1) {
                    LOGGER.atInfo().addKeyValue("tries", tries).log("The database answers again");
                }
                return outcomes;
            } catch (RuntimeException | Error e) {
                if (tries == 1 && !(e instanceof LogUnavailableException || e instanceof Error)) {
                    throw e;
                }
                metrics.commitRetries.increment();
                if (tries == 1) {
                    LOGGER.atWarn()
                            .addKeyValue("reason", e.getMessage())
                            .log("The outcome of a commit is not known; asking until it is");
                }
                if (closed) {
                    throw new InterruptedException();
                }
                Thread.sleep(settings.retryBackoff());
            }
        }
    }

    private void acknowledge(List<PendingAppend> appends, List<Sequencer.Sequenced> outcomes) {
        List<AppendResult> results = new ArrayList<>(appends.size());
        for (int i = 0; i < appends.size(); i++) {
            PendingAppend append = appends.get(i);
            Sequencer.Sequenced outcome = outcomes.get(i);
            boolean appended = outcome.outcome() == Sequencer.Outcome.APPENDED;
            long next = outcome.baseOffset() + append.offsetCount();
            if (appended) {
                if (append.guess().baseOffset() != outcome.baseOffset()) {
                    metrics.wrongGuesses.increment();
                }
                append.settle(outcome.baseOffset());
                metrics.appendedBytes.increment(append.sizeBytes());
                metrics.appendedRecords.increment(append.offsetCount());
                heads.correct(append.logId(), append.guess(), append.offsetCount(), next);
                listener.appended(append.logId(), outcome.baseOffset(), next - 1, append.bytes());
            } else {
                append.withdraw(heads);
            }
            boolean lastOfLog =
                    i + 1 == appends.size() || appends.get(i + 1).logId() != append.logId();
            if (lastOfLog) {
                committedEnd(appends, outcomes, i);
            }
            results.add(result(append, outcome));
        }
        for (int i = 0; i < appends.size(); i++) {
            appends.get(i).result().complete(results.get(i));
        }
    }

    /** Tells where a log ends now: after the last of its batches that was appended. */
    private void committedEnd(
            List<PendingAppend> appends, List<Sequencer.Sequenced> outcomes, int last) {
        long logId = appends.get(last).logId();
        for (int i = last; i >= 0 && appends.get(i).logId() == logId; i--) {
            Sequencer.Sequenced outcome = outcomes.get(i);
            if (outcome.outcome() == Sequencer.Outcome.APPENDED) {
                listener.committed(
                        logId,
                        LogEnds.of(
                                outcome.logStartOffset(),
                                outcome.baseOffset() + appends.get(i).offsetCount(),
                                outcome.firstOpen(),
                                outcome.lastAborted()));
                return;
            }
        }
    }

    private static AppendResult result(PendingAppend append, Sequencer.Sequenced outcome) {
        return switch (outcome.outcome()) {
            case APPENDED ->
                    new AppendResult.Appended(
                            outcome.baseOffset(),
                            append.appendTimeMs(),
                            outcome.logStartOffset(),
                            false);
            case DUPLICATE ->
                    new AppendResult.Appended(
                            outcome.baseOffset(), -1, outcome.logStartOffset(), true);
            case OUT_OF_ORDER_SEQUENCE ->
                    new AppendResult.Rejected(
                            AppendError.OUT_OF_ORDER_SEQUENCE,
                            "the sequence number does not follow the last one");
            case STALE_PRODUCER_EPOCH ->
                    new AppendResult.Rejected(
                            AppendError.STALE_PRODUCER_EPOCH,
                            "a newer epoch of this producer has written");
            case NOT_IN_TRANSACTION, NOT_ENDED ->
                    new AppendResult.Rejected(
                            AppendError.NOT_IN_TRANSACTION,
                            "the producer has no transaction open for this log");
            case UNKNOWN_PRODUCER ->
                    new AppendResult.Rejected(
                            AppendError.UNKNOWN_PRODUCER,
                            "no transactional id has this producer id");
            case UNKNOWN_LOG ->
                    new AppendResult.Rejected(AppendError.UNKNOWN_LOG, "there is no such log");
            case FENCED ->
                    new AppendResult.Rejected(
                            AppendError.FENCED_LEADER,
                            "this broker does not lead the log any more");
            case OBJECT_SEALED ->
                    new AppendResult.Rejected(
                            AppendError.UNAVAILABLE,
                            "the object was written for too long without an answer");
        };
    }

    private static void rejectAll(List<PendingAppend> appends, String message) {
        appends.forEach(append -> reject(append, AppendError.UNAVAILABLE, message));
    }

    private static void reject(PendingAppend append, AppendError error, String message) {
        append.result().complete(new AppendResult.Rejected(error, message));
    }

    /** Told of what has become visible, on the committing thread, before anyone is answered. */
    interface CommitListener {

        /** A batch has its offsets, and its bytes carry them. */
        void appended(long logId, long baseOffset, long lastOffset, ByteBuffer bytes);

        /** A log ends here now. */
        void committed(long logId, LogEnds ends);
    }

    /**
     * What was written.
     *
     * @param retired objects that no later flush is in
     */
    private record Flush(
            List<PendingAppend> appends, Sequencer.Stretch stretch, List<String> retired) {}
}
