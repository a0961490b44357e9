package io.fleuve.broker.upkeep;

import io.fleuve.broker.log.BatchHeader;
import io.fleuve.broker.storage.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the latest record of each key of a log.
 *
 * <p>One pass goes through the part that was not looked at yet and notes the last offset of each
 * key, as many as there is memory for; then through all of the log up to there, and leaves out what
 * is followed by a later record of its key. Offsets stay: a batch loses records, not its place.
 * Pieces of which nothing goes are left where they are.
 *
 * <p>Source: the log cleaner of Apache Kafka, and KIP-534 for the time of tombstones.
 */
final class Compaction {

    private static final Logger LOGGER = LoggerFactory.getLogger(Compaction.class);

    private static final int PIECES_AT_ONCE = 256;
    private static final int PIECES_A_SWAP = 2_000;

    private final ObjectStore store;
    private final PieceCatalog catalog;
    private final BatchCleaner cleaner;
    private final UpkeepSettings settings;
    private final UpkeepMetrics metrics;
    private final Pace pace;
    private final Clock clock;
    private final PieceReader reader;

    Compaction(
            ObjectStore store,
            PieceCatalog catalog,
            BatchCleaner cleaner,
            UpkeepSettings settings,
            UpkeepMetrics metrics,
            Pace pace,
            Clock clock) {
        this.store = store;
        this.catalog = catalog;
        this.cleaner = cleaner;
        this.settings = settings;
        this.metrics = metrics;
        this.pace = pace;
        this.clock = clock;
        this.reader = new PieceReader(store);
    }

    /** Compacts a log if enough of it is new, or some of it has waited for long. */
    void compactIfDue(long logId, LogPolicy policy) throws IOException, InterruptedException {
        if (due(logId, policy).isEmpty() || !catalog.claimLog(logId, settings.lease())) {
            return;
        }
        try {
            // What it was before the claim may have been compacted by another broker.
            Optional<PieceCatalog.Cleanable> log = due(logId, policy);
            if (log.isPresent()) {
                long start = System.nanoTime();
                compact(logId, log.get(), policy);
                metrics.compaction.record(
                        System.nanoTime() - start, java.util.concurrent.TimeUnit.NANOSECONDS);
            }
        } finally {
            catalog.releaseLog(logId);
        }
    }

    private Optional<PieceCatalog.Cleanable> due(long logId, LogPolicy policy) {
        long nowMs = clock.millis();
        return catalog.cleanable(logId, nowMs - policy.minCompactionLagMs())
                .filter(log -> log.dirtyBytes() > 0)
                .filter(
                        log ->
                                (double) log.dirtyBytes() / (log.dirtyBytes() + log.cleanBytes())
                                                >= policy.minDirtyRatio()
                                        || nowMs - log.oldestDirtyMs()
                                                > policy.maxCompactionLagMs());
    }

    private void compact(long logId, PieceCatalog.Cleanable log, LogPolicy policy)
            throws IOException, InterruptedException {
        KeyOffsets latest = new KeyOffsets(settings.compactionKeys());
        CleanedTransactions transactions =
                new CleanedTransactions(catalog.aborted(logId, log.startOffset(), log.end()));
        long begin = Math.max(log.cleanedTo(), log.startOffset());
        long end = noteKeys(logId, begin, log.end(), latest, transactions);
        if (end == log.cleanedTo()) {
            LOGGER.atWarn()
                    .addKeyValue("logId", logId)
                    .addKeyValue("offset", end)
                    .addKeyValue("keys", settings.compactionKeys())
                    .log("A log cannot be compacted: one batch has more keys than are remembered");
            return;
        }
        Result result = rewrite(logId, log.startOffset(), end, policy, latest, transactions);
        if (!result.complete) {
            // Somebody else changed the log meanwhile: the next round begins at the same place.
            return;
        }
        catalog.cleaned(logId, end);
        metrics.compactedBytes.increment(result.removedBytes);
        LOGGER.atInfo()
                .addKeyValue("logId", logId)
                .addKeyValue("keys", latest.size())
                .addKeyValue("from", log.cleanedTo())
                .addKeyValue("to", end)
                .addKeyValue("removedBytes", result.removedBytes)
                .log("Log compacted");
    }

    /** Returns the offset up to which keys were noted: where a batch begins. */
    private long noteKeys(
            long logId, long from, long end, KeyOffsets latest, CleanedTransactions transactions)
            throws IOException, InterruptedException {
        long next = from;
        while (next < end) {
            List<Piece> pieces = catalog.piecesFrom(logId, next, PIECES_AT_ONCE);
            for (Piece piece : pieces) {
                if (piece.baseOffset() >= end) {
                    return next;
                }
                for (ByteBuffer batch : batches(reader.read(piece))) {
                    long after =
                            BatchHeader.baseOffset(batch, 0) + BatchHeader.offsetCount(batch, 0);
                    if (after > next) {
                        if (!transactions.isAborted(batch)
                                && !cleaner.visitKeys(batch, latest::put)) {
                            return next;
                        }
                        next = after;
                    }
                }
                Upkeep.checkInterrupt();
            }
            if (pieces.isEmpty()) {
                return next;
            }
        }
        return next;
    }

    /**
     * What a rewrite has done.
     *
     * @param complete whether every piece was looked at and changed where it should
     */
    private record Result(boolean complete, long removedBytes) {}

    private Result rewrite(
            long logId,
            long from,
            long end,
            LogPolicy policy,
            KeyOffsets latest,
            CleanedTransactions transactions)
            throws IOException, InterruptedException {
        long nowMs = clock.millis();
        long removed = 0;
        boolean inRun = false;
        ArchiveWriter writer = newWriter();
        try {
            long next = from;
            while (next < end) {
                List<Piece> pieces = catalog.piecesFrom(logId, next, PIECES_AT_ONCE);
                if (pieces.isEmpty()) {
                    break;
                }
                for (Piece piece : pieces) {
                    if (piece.baseOffset() >= end) {
                        next = end;
                        break;
                    }
                    ByteBuffer bytes = reader.read(piece);
                    ByteBuffer kept = clean(bytes, nowMs, policy, latest, transactions);
                    boolean unchanged = kept.equals(bytes);
                    if (unchanged && (!inRun || piece.sizeBytes() >= settings.smallPieceBytes())) {
                        if (inRun) {
                            writer.endRun();
                            inRun = false;
                        }
                    } else {
                        if (!inRun) {
                            writer.beginRun(logId, piece.baseOffset());
                            inRun = true;
                        }
                        writer.add(piece, kept);
                        removed += bytes.remaining() - kept.remaining();
                    }
                    next = piece.lastOffset() + 1;
                    Upkeep.checkInterrupt();
                }
                if (inRun
                        && (writer.size() >= settings.maxObjectBytes()
                                || writer.replaced() >= PIECES_A_SWAP)) {
                    writer.endRun();
                    inRun = false;
                    catalog.forgetAborted(logId, transactions.takeRemovedMarkers());
                    if (writer.commit().isEmpty()) {
                        return new Result(false, 0);
                    }
                    writer.close();
                    writer = newWriter();
                }
            }
            if (inRun) {
                writer.endRun();
            }
            // Of what they ended nothing has been there for long: the order does not matter.
            catalog.forgetAborted(logId, transactions.takeRemovedMarkers());
            boolean complete = writer.replaced() == 0 || !writer.commit().isEmpty();
            return new Result(complete, removed);
        } finally {
            writer.close();
        }
    }

    /** A piece keeps its last batch, empty if need be: so its last offset can be read. */
    private ByteBuffer clean(
            ByteBuffer piece,
            long nowMs,
            LogPolicy policy,
            KeyOffsets latest,
            CleanedTransactions transactions) {
        List<ByteBuffer> kept = new ArrayList<>();
        int size = 0;
        List<ByteBuffer> batches = batches(piece);
        for (int i = 0; i < batches.size(); i++) {
            ByteBuffer before = batches.get(i);
            boolean aborted = transactions.isAborted(before);
            ByteBuffer batch =
                    cleaner.clean(
                            before,
                            nowMs,
                            policy.deleteRetentionMs(),
                            transactions.isMarkerOfNothing(before),
                            i == batches.size() - 1,
                            (key, offset) -> !aborted && offset >= latest.get(key));
            transactions.cleaned(before, batch);
            kept.add(batch);
            size += batch.remaining();
        }
        ByteBuffer all = ByteBuffer.allocate(size);
        kept.forEach(all::put);
        return all.flip();
    }

    private static List<ByteBuffer> batches(ByteBuffer piece) {
        List<ByteBuffer> batches = new ArrayList<>();
        int at = piece.position();
        while (at < piece.limit()) {
            int end = at + BatchHeader.sizeBytes(piece, at);
            batches.add(piece.slice(at, end - at));
            at = end;
        }
        return batches;
    }

    private ArchiveWriter newWriter() {
        return new ArchiveWriter(store, catalog, settings, metrics, pace, clock);
    }
}
