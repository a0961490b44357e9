package io.fleuve.broker.upkeep;

import io.fleuve.broker.log.BatchHeader;
import io.fleuve.broker.storage.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads pieces, and checks that they are what the catalog says before anything is made of them. */
final class PieceReader {

    private final ObjectStore store;

    PieceReader(ObjectStore store) {
        this.store = store;
    }

    /**
     * The bytes of a piece, with offsets in place.
     *
     * @throws IOException if the store does not have them, or they are not whole batches of these
     *     offsets
     */
    ByteBuffer read(Piece piece) throws IOException {
        ByteBuffer bytes = store.read(piece.objectKey(), piece.position(), piece.sizeBytes());
        if (!piece.settled()) {
            BatchHeader.settle(bytes, piece.baseOffset());
        }
        long next = piece.baseOffset();
        int at = 0;
        while (at < bytes.limit()) {
            int left = bytes.limit() - at;
            int size = left < BatchHeader.SIZE_BYTES ? 0 : BatchHeader.sizeBytes(bytes, at);
            if (size < BatchHeader.SIZE_BYTES
                    || size > left
                    || BatchHeader.baseOffset(bytes, at) < next) {
                throw damaged(piece, at);
            }
            next = BatchHeader.baseOffset(bytes, at) + BatchHeader.offsetCount(bytes, at);
            at += size;
        }
        if (next != piece.lastOffset() + 1) {
            throw damaged(piece, at);
        }
        return bytes;
    }

    private static IOException damaged(Piece piece, int at) {
        return new IOException(
                "object %s holds no batch of log %d where it should, at %d: offsets %d to %d"
                        .formatted(
                                piece.objectKey(),
                                piece.logId(),
                                piece.position() + at,
                                piece.baseOffset(),
                                piece.lastOffset()));
    }
}
