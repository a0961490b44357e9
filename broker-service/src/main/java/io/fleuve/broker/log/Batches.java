package io.fleuve.broker.log;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Walks through runs of whole batches. */
final class Batches {

    private Batches() {}

    /** The same bytes, in an array that is not much larger than they are. */
    static ByteBuffer ofItsOwn(ByteBuffer bytes) {
        if (bytes.array().length <= 2 * bytes.remaining()) {
            return bytes;
        }
        return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
    }

    /**
     * The part of a run that begins with the batch that contains {@code offset}, or with the run's
     * first batch if that lies after it, and has at most {@code maxBytes} bytes in whole batches;
     * with {@code atLeastOne}, the first batch in any case.
     *
     * @param run whole batches with their offsets in place
     */
    static ByteBuffer slice(ByteBuffer run, long offset, int maxBytes, boolean atLeastOne) {
        int at = run.position();
        while (at < run.limit()
                && BatchHeader.baseOffset(run, at) + BatchHeader.offsetCount(run, at) <= offset) {
            at += BatchHeader.sizeBytes(run, at);
        }
        int end = at;
        while (end < run.limit()) {
            int next = end + BatchHeader.sizeBytes(run, end);
            if (next - at > maxBytes && !(atLeastOne && end == at)) {
                break;
            }
            end = next;
        }
        return run.duplicate().limit(end).position(at);
    }

    /** The same runs without the batches that begin at an offset or after it. */
    static List<ByteBuffer> before(List<ByteBuffer> runs, long endOffset) {
        List<ByteBuffer> kept = new ArrayList<>(runs.size());
        for (ByteBuffer run : runs) {
            int at = run.position();
            while (at < run.limit() && BatchHeader.baseOffset(run, at) < endOffset) {
                at += BatchHeader.sizeBytes(run, at);
            }
            if (at > run.position()) {
                kept.add(at == run.limit() ? run : run.duplicate().limit(at));
            }
            if (at < run.limit()) {
                break;
            }
        }
        return kept;
    }
}
