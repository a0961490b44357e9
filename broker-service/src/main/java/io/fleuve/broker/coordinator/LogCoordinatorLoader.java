package io.fleuve.broker.coordinator;

import io.fleuve.broker.log.LogEnds;
import io.fleuve.broker.log.LogUnavailableException;
import io.fleuve.broker.log.PartitionLogs;
import io.fleuve.broker.log.ReadResult;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.coordinator.common.runtime.CoordinatorLoader;
import org.apache.kafka.coordinator.common.runtime.CoordinatorPlayback;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The library's way to read: replays a shard's log from its start to its end, each load on a
 * virtual thread of its own.
 *
 * <p>Where the log ends is asked after the election and from the database: from then on nobody else
 * can write, so nothing is missed. While the log does not answer, a load waits and goes on where it
 * was; clients are told meanwhile that the coordinator is loading.
 */
final class LogCoordinatorLoader implements CoordinatorLoader<CoordinatorRecord> {

    private static final Logger LOGGER = LoggerFactory.getLogger(LogCoordinatorLoader.class);
    private static final long PROGRESS_INTERVAL_MS = 10_000;
    private static final long CLOSE_TIMEOUT_SECONDS = 10;

    private final PartitionLogs logs;
    private final ShardTenures tenures;
    private final GroupCoordinatorSettings.Loading settings;
    private final Time time;
    private final Consumer<Tenure> onFailed;
    private final Semaphore slots;
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("group-coordinator-loader-", 0).factory());

    /**
     * @param onFailed told of each load that has failed: the library leaves such a shard as it is
     */
    LogCoordinatorLoader(
            PartitionLogs logs,
            ShardTenures tenures,
            GroupCoordinatorSettings.Loading settings,
            Time time,
            Consumer<Tenure> onFailed) {
        this.logs = logs;
        this.tenures = tenures;
        this.settings = settings;
        this.time = time;
        this.onFailed = onFailed;
        this.slots = new Semaphore(settings.parallelism(), true);
    }

    @Override
    public CompletableFuture<LoadSummary> load(
            TopicPartition tp, CoordinatorPlayback<CoordinatorRecord> playback) {
        Optional<ShardLoad> load = tenures.beginLoad(tp.partition());
        if (load.isEmpty()) {
            // Superseded: see ShardLoad for why it must not complete.
            return new CompletableFuture<>();
        }
        long queuedAtMs = time.milliseconds();
        threads.execute(() -> run(tp, playback, load.get(), queuedAtMs));
        return load.get().future();
    }

    private void run(
            TopicPartition tp,
            CoordinatorPlayback<CoordinatorRecord> playback,
            ShardLoad load,
            long queuedAtMs) {
        try {
            slots.acquire();
            try {
                long startedAtMs = time.milliseconds();
                ShardReplay replay = new ShardReplay(tp, playback);
                replayAll(tp, load, replay);
                load.complete(
                        new LoadSummary(
                                queuedAtMs,
                                time.milliseconds(),
                                startedAtMs - queuedAtMs,
                                replay.records(),
                                replay.bytes()));
            } finally {
                slots.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(load, e);
        } catch (Throwable e) {
            // Errors, too: clients of a load that never ends are told for ever that it is loading.
            fail(load, e);
        }
    }

    /** The library hears of it first: a load whose tenure is over does not complete any more. */
    private void fail(ShardLoad load, Throwable cause) {
        if (load.fail(cause)) {
            onFailed.accept(load.tenure());
        }
    }

    private void replayAll(TopicPartition tp, ShardLoad load, ShardReplay replay)
            throws InterruptedException {
        boolean warned = false;
        while (!load.isCancelled()) {
            try {
                replayToEnd(tp, load, replay);
                return;
            } catch (LogUnavailableException e) {
                if (!warned) {
                    LOGGER.atWarn()
                            .addKeyValue("partition", tp)
                            .addKeyValue("offset", replay.nextOffset())
                            .setCause(e)
                            .log("log does not answer, loading of the shard goes on later");
                    warned = true;
                }
                load.pause(settings.retryBackoff().toMillis());
            }
        }
    }

    private void replayToEnd(TopicPartition tp, ShardLoad load, ShardReplay replay)
            throws InterruptedException {
        long logId = load.tenure().logId();
        LogEnds ends = logs.ends(logId).orElseThrow(() -> noLog(tp));
        replay.skipTo(ends.logStartOffset());
        long nextReportMs = time.milliseconds() + PROGRESS_INTERVAL_MS;
        while (replay.nextOffset() < ends.highWatermark() && !load.isCancelled()) {
            switch (logs.read(logId, replay.nextOffset(), settings.bufferBytes(), true)) {
                case ReadResult.Batches batches ->
                        replayBatches(load, replay, batches, ends.highWatermark());
                case ReadResult.OutOfRange range -> {
                    // The start has moved on since: what lies before it was deleted.
                    if (range.logStartOffset() > replay.nextOffset()) {
                        replay.skipTo(range.logStartOffset());
                    } else {
                        load.pause(settings.retryBackoff().toMillis());
                    }
                }
                case ReadResult.UnknownLog _ -> throw noLog(tp);
            }
            if (time.milliseconds() >= nextReportMs) {
                nextReportMs = time.milliseconds() + PROGRESS_INTERVAL_MS;
                LOGGER.atInfo()
                        .addKeyValue("partition", tp)
                        .addKeyValue("offset", replay.nextOffset())
                        .addKeyValue("endOffset", ends.highWatermark())
                        .addKeyValue("records", replay.records())
                        .log("still loading group shard");
            }
        }
        replay.commit(ends.highWatermark());
    }

    private void replayBatches(
            ShardLoad load, ShardReplay replay, ReadResult.Batches batches, long endOffset)
            throws InterruptedException {
        if (batches.sizeBytes() > 0) {
            replay.replay(batches.batches());
        } else if (batches.highWatermark() >= endOffset) {
            // Compaction has left nothing up to the end.
            replay.skipTo(endOffset);
        } else {
            // This broker's view of the log is behind the database's.
            load.pause(settings.retryBackoff().toMillis());
        }
    }

    private static NotLeaderOrFollowerException noLog(TopicPartition tp) {
        return new NotLeaderOrFollowerException("cannot load " + tp + ": its log does not exist");
    }

    /**
     * Cancels all loads and waits for their threads, without interrupting them: they may be in the
     * midst of reading a file that others share.
     */
    @Override
    public void close() throws InterruptedException {
        tenures.cancelLoads();
        threads.shutdown();
        if (!threads.awaitTermination(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            LOGGER.atWarn()
                    .addKeyValue("seconds", CLOSE_TIMEOUT_SECONDS)
                    .log("group shards are still being read after the loader was closed");
        }
    }
}
