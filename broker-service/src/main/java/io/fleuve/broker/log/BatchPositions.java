package io.fleuve.broker.log;

import io.fleuve.broker.storage.ObjectReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/**
 * Where batches begin within a piece whose batches carry their offsets: one of them for every few
 * kilobytes, so that a read need not begin at the piece's first.
 *
 * <p>Made by going through the headers of the batches, not their records, and as far only as
 * somebody wanted to know. Safe for use by several threads.
 */
final class BatchPositions {

    /** How far apart two noted batches are at least. */
    private static final int SPACING_BYTES = 16 << 10;

    private static final int WINDOW_BYTES = 4 << 10;

    private final Sequencer.Piece piece;
    private long[] offsets = {};
    private int[] positions = {};

    /** The latest timestamp, in ms, of the batches before the noted one. */
    private long[] maxTimestampBefore = {};

    private int count;

    /** The headers before this byte were gone through. */
    private int seenTo;

    private long seenMaxTimestamp = Long.MIN_VALUE;

    BatchPositions(Sequencer.Piece piece) {
        this.piece = piece;
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

    /**
     * Whole batches, among them the one that holds the offset, of at most {@code maxBytes} bytes
     * unless the noted batch and those up to the next one are larger. Where compaction has removed
     * the offset's batch, the first after it may begin where the stretch ends.
     */
    synchronized Stretch around(ObjectReader object, long offset, int maxBytes) throws IOException {
        see(object, () -> reaches(offset, maxBytes));
        int first = notedAtOrBefore(offset);
        return stretch(first, Math.max(first + 1, fitting(first, maxBytes)));
    }

    /**
     * Where to begin, in bytes from the beginning of the piece, to look for the first batch that
     * ends at or after the offset and holds a record at or after the time.
     */
    synchronized int beforeTimestamp(ObjectReader object, long offset, long timestampMs)
            throws IOException {
        see(
                object,
                () -> maxTimestampBefore[count - 1] >= timestampMs && offsets[count - 1] > offset);
        int low = 0;
        int high = count;
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
    synchronized Cut cut(ObjectReader object, long offset, int maxBytes) throws IOException {
        see(object, () -> reaches(offset, maxBytes));
        int first = Arrays.binarySearch(offsets, 0, count, offset);
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
        return new Stretch(position(first), position(last), last < count ? offsets[last] : -1);
    }

    /** Whether enough is known to say what lies at an offset and in the bytes after it. */
    private boolean reaches(long offset, int maxBytes) {
        return offsets[count - 1] > offset
                && positions[count - 1] > (long) positions[notedAtOrBefore(offset)] + maxBytes;
    }

    /** Goes on through the headers until enough is known, or the piece ends. */
    private void see(ObjectReader object, BooleanSupplier enough) throws IOException {
        Headers headers = new Headers(object, piece);
        while (seenTo < piece.sizeBytes() && (count == 0 || !enough.getAsBoolean())) {
            headers.moveTo(seenTo);
            if (count == 0 || seenTo - positions[count - 1] >= SPACING_BYTES) {
                note(headers.baseOffset());
            }
            seenMaxTimestamp = Math.max(seenMaxTimestamp, headers.maxTimestamp());
            seenTo += headers.sizeBytes();
        }
    }

    private void note(long offset) {
        if (count == offsets.length) {
            int capacity = Math.max(4, 2 * count);
            offsets = Arrays.copyOf(offsets, capacity);
            positions = Arrays.copyOf(positions, capacity);
            maxTimestampBefore = Arrays.copyOf(maxTimestampBefore, capacity);
        }
        offsets[count] = offset;
        positions[count] = seenTo;
        maxTimestampBefore[count] = seenMaxTimestamp;
        count++;
    }

    private int notedAtOrBefore(long offset) {
        int found = Arrays.binarySearch(offsets, 0, count, offset);
        return found < 0 ? Math.max(0, -found - 2) : found;
    }

    /** The last noted batch before which at most that many bytes lie, from another noted one on. */
    private int fitting(int first, int maxBytes) {
        long limit = (long) positions[first] + Math.max(0, maxBytes);
        if (limit >= piece.sizeBytes()) {
            return count;
        }
        int last = Arrays.binarySearch(positions, 0, count, (int) limit);
        return last < 0 ? -last - 2 : last;
    }

    private int position(int index) {
        return index < count ? positions[index] : piece.sizeBytes();
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
                // Where the last batch was larger than a window, the next one will be, too.
                int wanted =
                        position - windowAt > WINDOW_BYTES ? BatchHeader.SIZE_BYTES : WINDOW_BYTES;
                window = object.read(piece.position() + position, Math.min(left, wanted));
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
