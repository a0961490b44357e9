package io.fleuve.broker.log;

import io.fleuve.broker.storage.ObjectStore;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs whose bytes are in a store and whose order is kept by a sequencer: the one implementation of
 * {@link PartitionLogs}.
 *
 * <p>Source: the design of brokers without disks, as in KIP-1150 and KIP-1163.
 */
public final class SequencedLogs implements PartitionLogs, AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(SequencedLogs.class);

    private final LogSettings settings;
    private final Sequencer sequencer;
    private final Heads heads = new Heads();
    private final HeadWatches watches = new HeadWatches();
    private final BlockCache tail;
    private final BlockCache recent;
    private final LogReader reader;
    private final CommitPipeline pipeline;
    private final Thread poller;

    /** Logs in a store and a sequencer; {@link #start()} them before the first append. */
    public SequencedLogs(
            LogSettings settings,
            ObjectStore store,
            Sequencer sequencer,
            MeterRegistry registry,
            Clock clock) {
        this.settings = settings;
        this.sequencer = sequencer;
        LogMetrics metrics = new LogMetrics(registry);
        this.tail = new BlockCache(settings.tailCacheBytes());
        this.recent = new BlockCache(settings.readCacheBytes());
        cacheGauge(registry, "tail", tail);
        cacheGauge(registry, "read", recent);
        this.reader = new LogReader(store, sequencer, heads, tail, recent, metrics, settings);
        this.pipeline =
                new CommitPipeline(
                        settings, store, sequencer, heads, new Visible(), metrics, registry, clock);
        this.poller = Thread.ofVirtual().name("fleuve-log-peers").unstarted(this::followPeers);
    }

    public void start() {
        pipeline.start();
        poller.start();
    }

    /**
     * Whether appends are taken: started, not closed, and nothing has broken the way to the store.
     */
    public boolean isOpen() {
        return pipeline.isAlive();
    }

    /** Says whether other brokers may be writing: then ends are looked up more often. */
    public void setPeersPresent(boolean present) {
        reader.setPeersPresent(present);
    }

    /** Drops what is known of a log that is no more. */
    public void forget(long logId) {
        heads.forget(logId);
        tail.forget(logId);
        recent.forget(logId);
        reader.forget(logId);
        watches.grown(logId);
    }

    @Override
    public CompletableFuture<AppendResult> append(Append append) {
        return pipeline.submit(append);
    }

    @Override
    public ReadResult read(long logId, long fromOffset, int maxBytes, boolean atLeastOneBatch) {
        return reader.read(logId, fromOffset, maxBytes, atLeastOneBatch, false, false);
    }

    @Override
    public ReadResult readInPlace(
            long logId, long fromOffset, int maxBytes, boolean atLeastOneBatch, boolean stable) {
        return reader.read(logId, fromOffset, maxBytes, atLeastOneBatch, true, stable);
    }

    @Override
    public CompletableFuture<TransactionEnd.Outcome> endTransaction(TransactionEnd end) {
        return pipeline.submit(end);
    }

    @Override
    public List<AbortedTransaction> aborted(long logId, long fromOffset, long toOffset) {
        return sequencer.aborted(logId, fromOffset, toOffset);
    }

    @Override
    public Optional<LogEnds> ends(long logId) {
        Optional<LogEnds> ends = sequencer.ends(logId);
        ends.ifPresent(found -> learn(logId, found));
        return ends;
    }

    @Override
    public Optional<LogEnds> raiseStart(long logId, long offset) {
        Optional<LogEnds> ends = sequencer.raiseStart(logId, offset);
        ends.ifPresent(found -> learn(logId, found));
        return ends;
    }

    @Override
    public Optional<ByteBuffer> seekTimestamp(long logId, long fromOffset, long timestampMs) {
        return reader.seekTimestamp(logId, fromOffset, timestampMs);
    }

    @Override
    public HeadWatch watch(Collection<Long> logIds) {
        return watches.watch(logIds);
    }

    /** Writes out what was taken, then stops. */
    @Override
    public void close() throws InterruptedException {
        poller.interrupt();
        pipeline.close();
    }

    private void learn(long logId, LogEnds ends) {
        if (heads.learn(logId, ends)) {
            watches.grown(logId);
        }
    }

    private void followPeers() {
        boolean failing = false;
        long lastLook = System.nanoTime();
        try {
            while (true) {
                Thread.sleep(settings.peerPollInterval());
                pipeline.expire();
                List<Long> awaited = watches.awaited();
                long now = System.nanoTime();
                if (awaited.isEmpty() || now - lastLook < reader.staleAfterNanos()) {
                    continue;
                }
                lastLook = now;
                try {
                    sequencer.ends(awaited).forEach(this::learn);
                    failing = false;
                } catch (RuntimeException | Error e) {
                    if (!failing) {
                        LOGGER.atWarn()
                                .addKeyValue("reason", e.getMessage())
                                .log("Ends of logs cannot be looked up");
                    }
                    failing = true;
                }
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private static void cacheGauge(MeterRegistry registry, String name, BlockCache cache) {
        Gauge.builder("fleuve.log.cache.size", cache, BlockCache::sizeBytes)
                .baseUnit("bytes")
                .tag("cache", name)
                .description("Bytes of records in memory")
                .register(registry);
    }

    /** Makes committed batches visible: cache, end, then whoever waits. */
    private final class Visible implements CommitPipeline.CommitListener {

        @Override
        public void appended(long logId, long baseOffset, long lastOffset, ByteBuffer bytes) {
            tail.add(logId, baseOffset, lastOffset, Batches.ofItsOwn(bytes));
        }

        @Override
        public void committed(long logId, LogEnds ends) {
            learn(logId, ends);
        }
    }
}
