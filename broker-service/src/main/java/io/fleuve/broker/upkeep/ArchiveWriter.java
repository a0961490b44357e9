package io.fleuve.broker.upkeep;

import io.fleuve.broker.log.BatchHeader;
import io.fleuve.broker.storage.ObjectStore;
import io.fleuve.broker.storage.ObjectWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes one object of merged pieces, and puts them in the place of those that they were made from.
 *
 * <p>A run is one log's: whole batches with their offsets in place, in order, cut into pieces of
 * the size that merged pieces have. The object is entered with the catalog before its first byte is
 * written; if it is not finished, the catalog forgets it in time.
 */
final class ArchiveWriter implements AutoCloseable {

    /** How much is made durable at once: a longer write would hold up those of producers. */
    private static final int APPEND_BYTES = 4 << 20;

    private final ObjectStore store;
    private final PieceCatalog catalog;
    private final UpkeepSettings settings;
    private final UpkeepMetrics metrics;
    private final Pace pace;
    private final Clock clock;
    private final List<Piece> old = new ArrayList<>();
    private final List<Piece> fresh = new ArrayList<>();
    private final List<ByteBuffer> buffered = new ArrayList<>();
    private String key = "";
    private long objectId;
    private @Nullable ObjectWriter writer;
    private long size;
    private int bufferedBytes;

    // the piece that is being made
    private long logId;
    private long base;
    private long next;
    private long pieceAt;
    private int pieceBytes;
    private long maxTimestamp;
    private long runningMax;

    ArchiveWriter(
            ObjectStore store,
            PieceCatalog catalog,
            UpkeepSettings settings,
            UpkeepMetrics metrics,
            Pace pace,
            Clock clock) {
        this.store = store;
        this.catalog = catalog;
        this.settings = settings;
        this.metrics = metrics;
        this.pace = pace;
        this.clock = clock;
    }

    /** Bytes so far. */
    long size() {
        return size;
    }

    /** Pieces that will be replaced. */
    int replaced() {
        return old.size();
    }

    /** Begins a run of a log at that offset. */
    void beginRun(long logId, long baseOffset) throws IOException {
        if (writer == null) {
            key =
                    "archive/%s/%s.log"
                            .formatted(
                                    LocalDate.now(clock.withZone(ZoneOffset.UTC)),
                                    UUID.randomUUID());
            objectId = catalog.begin(key, settings.lease());
            writer = store.create(key);
        }
        this.logId = logId;
        base = baseOffset;
        next = baseOffset;
        startPiece();
    }

    /**
     * Adds what is left of a piece to the run.
     *
     * @param batches whole batches with their offsets in place, possibly none
     */
    void add(Piece source, ByteBuffer batches) throws IOException, InterruptedException {
        old.add(source);
        runningMax = source.runningMax();
        int at = batches.position();
        int from = at;
        while (at < batches.limit()) {
            int end = at + BatchHeader.sizeBytes(batches, at);
            if (pieceBytes > 0 && pieceBytes + end - at > settings.mergedPieceBytes()) {
                buffer(batches, from, at);
                endPiece(next - 1);
                from = at;
            }
            pieceBytes += end - at;
            maxTimestamp = Math.max(maxTimestamp, BatchHeader.maxTimestamp(batches, at));
            next = BatchHeader.baseOffset(batches, at) + BatchHeader.offsetCount(batches, at);
            at = end;
        }
        buffer(batches, from, at);
        next = source.lastOffset() + 1;
    }

    /** Ends the run: its last piece reaches as far as what was added. */
    void endRun() {
        if (pieceBytes == 0) {
            throw new IllegalStateException("log %d: a run without a batch".formatted(logId));
        }
        endPiece(next - 1);
    }

    /** Makes everything durable and puts it in its place. Returns the logs that were changed. */
    Set<Long> commit() throws IOException, InterruptedException {
        if (old.isEmpty()) {
            return Set.of();
        }
        flush();
        Set<Long> changed = catalog.swap(objectId, size, old, fresh);
        metrics.mergedPieces.increment(old.size());
        metrics.writtenPieces.increment(fresh.size());
        metrics.conflicts.increment(
                old.stream().map(Piece::logId).distinct().count() - changed.size());
        return changed;
    }

    @Override
    public void close() throws IOException {
        if (writer != null) {
            writer.close();
        }
    }

    private void startPiece() {
        pieceAt = size;
        pieceBytes = 0;
        maxTimestamp = -1;
    }

    private void endPiece(long lastOffset) {
        fresh.add(
                new Piece(
                        logId,
                        base,
                        lastOffset,
                        objectId,
                        key,
                        pieceAt,
                        pieceBytes,
                        maxTimestamp,
                        runningMax,
                        true));
        base = lastOffset + 1;
        startPiece();
    }

    private void buffer(ByteBuffer batches, int from, int to)
            throws IOException, InterruptedException {
        if (from < to) {
            buffered.add(batches.duplicate().limit(to).position(from));
            bufferedBytes += to - from;
            size += to - from;
            if (bufferedBytes >= APPEND_BYTES) {
                flush();
            }
        }
    }

    private void flush() throws IOException, InterruptedException {
        if (writer != null && bufferedBytes > 0) {
            pace.take(bufferedBytes);
            writer.append(buffered);
            metrics.writtenBytes.increment(bufferedBytes);
            buffered.clear();
            bufferedBytes = 0;
        }
    }
}
