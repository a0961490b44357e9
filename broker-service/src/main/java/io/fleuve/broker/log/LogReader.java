package io.fleuve.broker.log;

import io.fleuve.broker.storage.IntakeStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Reads of logs: from what was just written, else from what was just read, else from the store.
 *
 * <p>While no other broker is alive this broker's knowledge of a log's end is exact; otherwise it
 * is looked up when it is older than the poll interval and the reader is at the end.
 */
final class LogReader {

    private final IntakeStore store;
    private final Sequencer sequencer;
    private final Heads heads;
    private final BlockCache tail;
    private final BlockCache recent;
    private final LogMetrics metrics;
    private final Semaphore storeReads;
    private final long staleAfterNanos;
    private volatile boolean peersPresent = true;

    LogReader(
            IntakeStore store,
            Sequencer sequencer,
            Heads heads,
            BlockCache tail,
            BlockCache recent,
            LogMetrics metrics,
            LogSettings settings) {
        this.store = store;
        this.sequencer = sequencer;
        this.heads = heads;
        this.tail = tail;
        this.recent = recent;
        this.metrics = metrics;
        this.storeReads = new Semaphore(settings.maxStoreReads(), true);
        this.staleAfterNanos = settings.peerPollInterval().toNanos();
    }

    void setPeersPresent(boolean present) {
        peersPresent = present;
    }

    ReadResult read(long logId, long fromOffset, int maxBytes, boolean atLeastOneBatch) {
        LogEnds ends = ends(logId, fromOffset).orElse(null);
        if (ends == null) {
            return new ReadResult.UnknownLog();
        }
        if (fromOffset < ends.logStartOffset() || fromOffset > ends.highWatermark()) {
            return new ReadResult.OutOfRange(ends.logStartOffset(), ends.highWatermark());
        }
        if (fromOffset == ends.highWatermark() || (maxBytes <= 0 && !atLeastOneBatch)) {
            return new ReadResult.Batches(List.of(), ends.highWatermark(), ends.logStartOffset());
        }
        List<ByteBuffer> found =
                cached(logId, fromOffset, ends.highWatermark(), maxBytes, atLeastOneBatch);
        if (found == null) {
            metrics.readFromStore.increment();
            storeReads.acquireUninterruptibly();
            try {
                found = stored(logId, fromOffset, maxBytes, atLeastOneBatch);
            } finally {
                storeReads.release();
            }
        }
        return new ReadResult.Batches(found, ends.highWatermark(), ends.logStartOffset());
    }

    /**
     * The ends as known, looked up if they are not known or may be behind what the reader wants.
     */
    private Optional<LogEnds> ends(long logId, long wanted) {
        Heads.Known known = heads.known(logId).orElse(null);
        if (known != null) {
            long high = known.ends().highWatermark();
            boolean stale = peersPresent && System.nanoTime() - known.atNanos() > staleAfterNanos;
            if (wanted < high || (wanted == high && !stale)) {
                return Optional.of(known.ends());
            }
        }
        Optional<LogEnds> ends = sequencer.ends(logId);
        ends.ifPresent(found -> heads.learn(logId, found));
        return ends;
    }

    private @Nullable List<ByteBuffer> cached(
            long logId, long fromOffset, long endOffset, int maxBytes, boolean atLeastOneBatch) {
        List<ByteBuffer> found = tail.find(logId, fromOffset, endOffset, maxBytes, atLeastOneBatch);
        if (found != null) {
            metrics.readFromTail.increment();
            return found;
        }
        found = recent.find(logId, fromOffset, endOffset, maxBytes, atLeastOneBatch);
        if (found != null) {
            metrics.readFromCache.increment();
        }
        return found;
    }

    private List<ByteBuffer> stored(
            long logId, long fromOffset, int maxBytes, boolean atLeastOneBatch) {
        List<ByteBuffer> found = new ArrayList<>();
        int room = maxBytes;
        for (Sequencer.Piece piece : sequencer.locate(logId, fromOffset, maxBytes)) {
            ByteBuffer bytes = bytes(piece);
            recent.add(logId, piece.baseOffset(), piece.lastOffset(), bytes);
            ByteBuffer slice =
                    Batches.slice(bytes, fromOffset, room, atLeastOneBatch && found.isEmpty());
            if (slice.hasRemaining()) {
                found.add(slice.asReadOnlyBuffer());
                room -= slice.remaining();
            }
            if (slice.limit() < bytes.limit()) {
                break;
            }
        }
        return found;
    }

    /** The bytes of a piece, with offsets in place. */
    ByteBuffer bytes(Sequencer.Piece piece) {
        try {
            ByteBuffer bytes = store.read(piece.objectKey(), piece.position(), piece.sizeBytes());
            if (!piece.settled()) {
                BatchHeader.settle(bytes, piece.baseOffset());
            }
            return bytes;
        } catch (IOException e) {
            throw new LogUnavailableException("object " + piece.objectKey() + " cannot be read", e);
        }
    }
}
