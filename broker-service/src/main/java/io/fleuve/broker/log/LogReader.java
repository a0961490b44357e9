package io.fleuve.broker.log;

import io.fleuve.broker.storage.ObjectReader;
import io.fleuve.broker.storage.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads of logs: from what was just written, else from what was just read, else from the store.
 *
 * <p>What this broker knows of a log's end may be behind what others have written; for a reader who
 * is at the end it is looked up when it is older than the poll interval, or than a second while no
 * other broker is known to be alive.
 */
final class LogReader {

    /** Others may have written before they left, or be alive unseen. */
    private static final long STALE_WHEN_ALONE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Pieces up to this size are read as a whole, and kept for the next reader. */
    private static final int WHOLE_PIECE_BYTES = 64 << 10;

    /** From this size on a stretch is left in the store where that is asked for. */
    private static final int IN_PLACE_BYTES = 32 << 10;

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ObjectStore store;
    private final Sequencer sequencer;
    private final Heads heads;
    private final BlockCache tail;
    private final BlockCache recent;
    private final PieceIndex index;
    private final LogMetrics metrics;
    private final Semaphore storeReads;
    private final long staleAfterNanos;
    private volatile boolean peersPresent = true;
    private volatile boolean failed;
    private volatile long failedAtNanos;

    LogReader(
            ObjectStore store,
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
        this.index = new PieceIndex(settings.indexPieces(), settings.indexAge().toNanos());
        this.metrics = metrics;
        this.storeReads = new Semaphore(settings.maxStoreReads(), true);
        this.staleAfterNanos = settings.peerPollInterval().toNanos();
    }

    /** Drops what is known of where a log's pieces lie. */
    void forget(long logId) {
        index.forget(logId);
    }

    void setPeersPresent(boolean present) {
        peersPresent = present;
    }

    /**
     * @param inPlace whether large stretches may be left in the store
     * @param stable whether to read to the last stable offset only
     */
    ReadResult read(
            long logId,
            long fromOffset,
            int maxBytes,
            boolean atLeastOneBatch,
            boolean inPlace,
            boolean stable) {
        LogEnds ends = ends(logId, fromOffset).orElse(null);
        if (ends == null) {
            return new ReadResult.UnknownLog();
        }
        if (fromOffset < ends.logStartOffset() || fromOffset > ends.highWatermark()) {
            return new ReadResult.OutOfRange(ends.logStartOffset(), ends.highWatermark());
        }
        long end = stable ? ends.lastStableOffset() : ends.highWatermark();
        if (fromOffset >= end || (maxBytes <= 0 && !atLeastOneBatch)) {
            return new ReadResult.Batches(List.of(), List.of(), ends);
        }
        Found found = cached(logId, fromOffset, end, maxBytes, atLeastOneBatch);
        if (found == null) {
            metrics.readFromStore.increment();
            storeReads.acquireUninterruptibly();
            try {
                List<PieceIndex.Entry> pieces = locate(logId, fromOffset);
                if (pieces.isEmpty() || pieces.getFirst().piece().baseOffset() > fromOffset) {
                    return withoutPieceAt(logId, fromOffset);
                }
                found = stored(logId, pieces, fromOffset, maxBytes, atLeastOneBatch, inPlace, end);
            } finally {
                storeReads.release();
            }
        }
        return new ReadResult.Batches(Batches.before(found.read, end), found.stored, ends);
    }

    /** What was read, and what follows it and was left where it is. */
    private record Found(List<ByteBuffer> read, List<StoredBatches> stored) {

        /**
         * Adds what is wanted of whole batches that were read. Returns whether that reaches their
         * end.
         */
        boolean add(ByteBuffer batches, long fromOffset, int maxBytes, boolean atLeastOne) {
            ByteBuffer slice = Batches.slice(batches, fromOffset, maxBytes, atLeastOne);
            if (slice.hasRemaining()) {
                read.add(slice.asReadOnlyBuffer());
            }
            return slice.limit() == batches.limit();
        }

        int sizeBytes() {
            return read.stream().mapToInt(ByteBuffer::remaining).sum()
                    + stored.stream().mapToInt(StoredBatches::sizeBytes).sum();
        }
    }

    /** How old the knowledge of an end may be for a reader who is there. */
    long staleAfterNanos() {
        return peersPresent ? staleAfterNanos : STALE_WHEN_ALONE_NANOS;
    }

    /**
     * The ends as known, looked up if they are not known or may be behind what the reader wants.
     * While the database is away, what is known is served.
     */
    private Optional<LogEnds> ends(long logId, long wanted) {
        Heads.Known known = heads.known(logId).orElse(null);
        boolean reached = known != null && wanted <= known.ends().highWatermark();
        if (known != null && reached) {
            boolean stale = System.nanoTime() - known.atNanos() > staleAfterNanos();
            if (wanted < known.ends().highWatermark() || !stale || lookUpsFail()) {
                return Optional.of(known.ends());
            }
        }
        try {
            Optional<LogEnds> ends = lookUp(() -> sequencer.ends(logId));
            ends.ifPresent(found -> heads.learn(logId, found));
            return ends;
        } catch (LogUnavailableException e) {
            if (known != null && reached) {
                return Optional.of(known.ends());
            }
            throw e;
        }
    }

    /**
     * Asks the sequencer, unless it failed to answer a moment ago: then everybody would wait in
     * turn.
     */
    private <T> T lookUp(Supplier<T> question) {
        if (lookUpsFail()) {
            throw new LogUnavailableException("the database did not answer a moment ago", null);
        }
        try {
            return question.get();
        } catch (LogUnavailableException e) {
            failedAtNanos = System.nanoTime();
            failed = true;
            throw e;
        }
    }

    private boolean lookUpsFail() {
        return failed && System.nanoTime() - failedAtNanos < PAUSE_NANOS;
    }

    private @Nullable Found cached(
            long logId, long fromOffset, long endOffset, int maxBytes, boolean atLeastOneBatch) {
        List<ByteBuffer> found = tail.find(logId, fromOffset, endOffset, maxBytes, atLeastOneBatch);
        if (found != null) {
            metrics.readFromTail.increment();
            return new Found(found, List.of());
        }
        found = recent.find(logId, fromOffset, endOffset, maxBytes, atLeastOneBatch);
        if (found != null) {
            metrics.readFromCache.increment();
            return new Found(found, List.of());
        }
        return null;
    }

    /** What lay at the offset was removed: the log's start is not what this broker thinks. */
    private ReadResult withoutPieceAt(long logId, long fromOffset) {
        LogEnds ends = lookUp(() -> sequencer.ends(logId)).orElse(null);
        if (ends == null) {
            return new ReadResult.UnknownLog();
        }
        heads.learn(logId, ends);
        return fromOffset < ends.logStartOffset()
                ? new ReadResult.OutOfRange(ends.logStartOffset(), ends.highWatermark())
                : new ReadResult.Batches(List.of(), List.of(), ends);
    }

    private List<PieceIndex.Entry> locate(long logId, long offset) {
        List<PieceIndex.Entry> known = index.find(logId, offset);
        return known.isEmpty()
                ? index.add(logId, lookUp(() -> sequencer.locate(logId, offset, Integer.MAX_VALUE)))
                : known;
    }

    private Found stored(
            long logId,
            List<PieceIndex.Entry> pieces,
            long fromOffset,
            int maxBytes,
            boolean atLeastOneBatch,
            boolean inPlace,
            long end) {
        Found found = new Found(new ArrayList<>(), new ArrayList<>());
        boolean toTheEnd = true;
        for (PieceIndex.Entry entry : pieces) {
            boolean first = atLeastOneBatch && found.read.isEmpty() && found.stored.isEmpty();
            int room = maxBytes - found.sizeBytes();
            Sequencer.Piece piece = entry.piece();
            if (!toTheEnd || (room <= 0 && !first) || piece.baseOffset() >= end) {
                break;
            }
            boolean large = piece.settled() && piece.sizeBytes() > WHOLE_PIECE_BYTES;
            try {
                if (large) {
                    toTheEnd =
                            addPart(
                                    found,
                                    entry,
                                    fromOffset,
                                    room,
                                    first,
                                    inPlace && piece.lastOffset() < end);
                } else if (found.stored.isEmpty()) {
                    toTheEnd = found.add(whole(logId, piece), fromOffset, room, first);
                } else {
                    // What is read comes before what is not.
                    break;
                }
            } catch (IOException e) {
                // Whoever asks next looks the place up anew.
                index.forget(logId);
                throw unreadable(piece, e);
            }
        }
        return found;
    }

    /**
     * Reads as much of a large piece as is wanted, or leaves it in place. Returns whether that
     * reaches the piece's end.
     */
    private boolean addPart(
            Found found,
            PieceIndex.Entry entry,
            long fromOffset,
            int room,
            boolean first,
            boolean inPlace)
            throws IOException {
        Sequencer.Piece piece = entry.piece();
        try (ObjectReader object = store.open(piece.objectKey())) {
            if (inPlace) {
                BatchPositions.Cut cut = entry.positions().cut(object, fromOffset, room);
                if (cut.rest().sizeBytes() >= IN_PLACE_BYTES) {
                    if (cut.head().sizeBytes() > 0) {
                        ByteBuffer head = read(object, piece, cut.head());
                        found.add(head, fromOffset, Integer.MAX_VALUE, true);
                    }
                    found.stored.add(left(piece, cut.rest()));
                    return cut.rest().nextOffset() < 0;
                }
            }
            // What is read comes before what is not.
            return found.stored.isEmpty()
                    && readPart(found, entry, object, fromOffset, room, first);
        }
    }

    private StoredBatches left(Sequencer.Piece piece, BatchPositions.Stretch stretch) {
        return new StoredBatches(
                store,
                piece.objectKey(),
                piece.position() + stretch.from(),
                stretch.sizeBytes(),
                stretch.nextOffset() >= 0 ? stretch.nextOffset() : piece.lastOffset() + 1);
    }

    private static boolean readPart(
            Found found,
            PieceIndex.Entry entry,
            ObjectReader object,
            long fromOffset,
            int room,
            boolean first)
            throws IOException {
        int before = found.read.size();
        long from = fromOffset;
        while (true) {
            BatchPositions.Stretch stretch = entry.positions().around(object, from, room);
            ByteBuffer batches = read(object, entry.piece(), stretch);
            boolean used = found.add(batches, fromOffset, room, first);
            boolean toTheEnd = used && stretch.nextOffset() < 0;
            if (!used || toTheEnd || found.read.size() > before) {
                return toTheEnd;
            }
            // Compaction has removed what lay between the offset and the next noted batch.
            from = stretch.nextOffset();
        }
    }

    private static ByteBuffer read(
            ObjectReader object, Sequencer.Piece piece, BatchPositions.Stretch stretch)
            throws IOException {
        return object.read(piece.position() + stretch.from(), stretch.sizeBytes());
    }

    /**
     * A batch that holds a record at or after a time, the first one that does not end before the
     * offset.
     */
    Optional<ByteBuffer> seekTimestamp(long logId, long fromOffset, long timestampMs) {
        storeReads.acquireUninterruptibly();
        try {
            long from = fromOffset;
            while (true) {
                long begin = from;
                Sequencer.Piece piece =
                        lookUp(() -> sequencer.locateTimestamp(logId, begin, timestampMs))
                                .orElse(null);
                if (piece == null) {
                    return Optional.empty();
                }
                try {
                    Optional<ByteBuffer> batch = batchAt(logId, piece, begin, timestampMs);
                    if (batch.isPresent()) {
                        return batch;
                    }
                } catch (IOException e) {
                    throw unreadable(piece, e);
                }
                from = piece.lastOffset() + 1;
            }
        } finally {
            storeReads.release();
        }
    }

    private Optional<ByteBuffer> batchAt(
            long logId, Sequencer.Piece piece, long fromOffset, long timestampMs)
            throws IOException {
        if (!piece.settled()) {
            return Optional.of(whole(logId, piece));
        }
        try (ObjectReader object = store.open(piece.objectKey())) {
            BatchPositions.Headers headers = new BatchPositions.Headers(object, piece);
            int begin = lookFrom(logId, piece, object, fromOffset, timestampMs);
            for (int at = begin; at < piece.sizeBytes(); at += headers.sizeBytes()) {
                headers.moveTo(at);
                if (headers.maxTimestamp() >= timestampMs && headers.lastOffset() >= fromOffset) {
                    return Optional.of(object.read(piece.position() + at, headers.sizeBytes()));
                }
            }
        }
        return Optional.empty();
    }

    /** Where in a piece to begin the search, in bytes from its beginning. */
    private int lookFrom(
            long logId,
            Sequencer.Piece piece,
            ObjectReader object,
            long fromOffset,
            long timestampMs)
            throws IOException {
        if (piece.sizeBytes() <= WHOLE_PIECE_BYTES) {
            return 0;
        }
        for (PieceIndex.Entry entry : locate(logId, piece.baseOffset())) {
            if (entry.piece().equals(piece)) {
                return entry.positions().beforeTimestamp(object, fromOffset, timestampMs);
            }
        }
        // What is known of this part of the log is older than the piece.
        index.forget(logId);
        return 0;
    }

    /** All of a piece, with offsets in place. */
    private ByteBuffer whole(long logId, Sequencer.Piece piece) throws IOException {
        ByteBuffer bytes = store.read(piece.objectKey(), piece.position(), piece.sizeBytes());
        if (!piece.settled()) {
            BatchHeader.settle(bytes, piece.baseOffset());
        }
        recent.add(logId, piece.baseOffset(), piece.lastOffset(), bytes);
        return bytes;
    }

    private static LogUnavailableException unreadable(Sequencer.Piece piece, IOException cause) {
        return new LogUnavailableException(
                "object " + piece.objectKey() + " cannot be read", cause);
    }
}
