package io.fleuve.broker.log;

import io.fleuve.broker.storage.ObjectReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Where batches begin within a piece: one of them for every few kilobytes, so that a read need not
 * begin at the piece's first.
 *
 * <p>Made by going through the headers of the batches, not their records.
 */
final class BatchPositions {

    /** How far apart two noted batches are at least. */
    private static final int SPACING_BYTES = 16 << 10;

    private static final int WINDOW_BYTES = 4 << 10;

    private final long[] offsets;
    private final int[] positions;

    /** The latest timestamp, in ms, of the batches before the noted one. */
    private final long[] maxTimestampBefore;

    private final int end;

    private BatchPositions(long[] offsets, int[] positions, long[] maxTimestampBefore, int end) {
        this.offsets = offsets;
        this.positions = positions;
        this.maxTimestampBefore = maxTimestampBefore;
        this.end = end;
    }

    /**
     * A stretch of a piece, in bytes from its beginning.
     *
     * @param to the byte after its last
     * @param nextOffset the base offset of the batch that follows, or -1 if the piece ends there
     */
    record Stretch(int from, int to, long nextOffset) {

        int sizeBytes() {
            return to - from;
        }
    }

    /** Goes through the headers of a piece whose batches carry their offsets. */
    static BatchPositions of(ObjectReader object, Sequencer.Piece piece) throws IOException {
        long[] offsets = new long[1 + piece.sizeBytes() / SPACING_BYTES];
        int[] positions = new int[offsets.length];
        long[] maxTimestampBefore = new long[offsets.length];
        long maxTimestamp = Long.MIN_VALUE;
        int count = 0;
        Headers headers = new Headers(object, piece);
        for (int at = 0; at < piece.sizeBytes(); at += headers.sizeBytes()) {
            headers.moveTo(at);
            if (count == 0 || at - positions[count - 1] >= SPACING_BYTES) {
                offsets[count] = headers.baseOffset();
                positions[count] = at;
                maxTimestampBefore[count] = maxTimestamp;
                count++;
            }
            maxTimestamp = Math.max(maxTimestamp, headers.maxTimestamp());
        }
        return new BatchPositions(
                Arrays.copyOf(offsets, count),
                Arrays.copyOf(positions, count),
                Arrays.copyOf(maxTimestampBefore, count),
                piece.sizeBytes());
    }

    /**
     * Whole batches, among them the one that holds the offset, of at most {@code maxBytes} bytes
     * unless the noted batch and those up to the next one are larger. Where compaction has removed
     * the offset's batch, the first after it may begin where the stretch ends.
     */
    Stretch around(long offset, int maxBytes) {
        int first = notedAtOrBefore(offset);
        return stretch(first, Math.max(first + 1, fitting(first, maxBytes)));
    }

    /**
     * Where to begin, in bytes from the beginning of the piece, to look for the first batch that
     * ends at or after the offset and holds a record at or after the time.
     */
    int beforeTimestamp(long offset, long timestampMs) {
        int low = 0;
        int high = positions.length;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (maxTimestampBefore[middle] < timestampMs) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return positions[Math.max(low, notedAtOrBefore(offset))];
    }

    /**
     * The same as {@link #around}, in two parts: the noted batches around the offset, which have to
     * be looked at, and those after them that fit.
     *
     * @param rest whole batches
     */
    record Cut(Stretch head, Stretch rest) {}

    /** Cuts at noted batches, so that no more than {@code maxBytes} bytes are in both parts. */
    Cut cut(long offset, int maxBytes) {
        int first = Arrays.binarySearch(offsets, offset);
        // A noted batch begins at the offset: nothing has to be looked at.
        int begin = first;
        if (first < 0) {
            first = Math.max(0, -first - 2);
            begin = offsets[first] > offset ? first : first + 1;
        }
        int last = Math.max(begin, fitting(first, maxBytes));
        return new Cut(stretch(first, begin), stretch(begin, last));
    }

    /** From one noted batch to before another. */
    private Stretch stretch(int first, int last) {
        return new Stretch(
                position(first), position(last), last < offsets.length ? offsets[last] : -1);
    }

    private int notedAtOrBefore(long offset) {
        int found = Arrays.binarySearch(offsets, offset);
        return found < 0 ? Math.max(0, -found - 2) : found;
    }

    /** The last noted batch before which at most that many bytes lie, from another noted one on. */
    private int fitting(int first, int maxBytes) {
        long limit = (long) positions[first] + Math.max(0, maxBytes);
        if (limit >= end) {
            return positions.length;
        }
        int last = Arrays.binarySearch(positions, (int) limit);
        return last < 0 ? -last - 2 : last;
    }

    private int position(int index) {
        return index < positions.length ? positions[index] : end;
    }

    /** The headers of a piece's batches, read a few at a time. */
    static final class Headers {

        private final ObjectReader object;
        private final Sequencer.Piece piece;
        private ByteBuffer window = ByteBuffer.allocate(0);
        private int windowAt;
        private int at;

        Headers(ObjectReader object, Sequencer.Piece piece) {
            this.object = object;
            this.piece = piece;
        }

        /**
         * Moves to the header at that many bytes from the beginning of the piece.
         *
         * @throws IOException if there is no header
         */
        void moveTo(int position) throws IOException {
            int left = piece.sizeBytes() - position;
            if (left < BatchHeader.SIZE_BYTES) {
                throw damaged(position);
            }
            if (position < windowAt
                    || position + BatchHeader.SIZE_BYTES > windowAt + window.limit()) {
                window = object.read(piece.position() + position, Math.min(left, WINDOW_BYTES));
                windowAt = position;
            }
            at = position - windowAt;
            if (sizeBytes() < BatchHeader.SIZE_BYTES || sizeBytes() > left) {
                throw damaged(position);
            }
        }

        int sizeBytes() {
            return BatchHeader.sizeBytes(window, at);
        }

        long baseOffset() {
            return BatchHeader.baseOffset(window, at);
        }

        long lastOffset() {
            return baseOffset() + BatchHeader.offsetCount(window, at) - 1;
        }

        long maxTimestamp() {
            return BatchHeader.maxTimestamp(window, at);
        }

        private IOException damaged(int position) {
            return new IOException(
                    "object %s holds no batch at %d"
                            .formatted(piece.objectKey(), piece.position() + position));
        }
    }
}
