package io.fleuve.broker.upkeep;

import io.fleuve.broker.log.AbortedTransaction;
import io.fleuve.broker.log.BatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is left of transactions while a log is rewritten from its start: nothing of aborted ones,
 * and of all others what compaction leaves. The marker of a transaction of which nothing is left is
 * not needed any more.
 */
final class CleanedTransactions {

    /** By producer, the first offset of each aborted transaction, and the offset of its marker. */
    private final Map<Long, TreeMap<Long, Long>> aborted = new HashMap<>();

    /** Producers of whose transaction something was kept, and whose marker has not come yet. */
    private final Set<Long> kept = new HashSet<>();

    private final List<Long> removedMarkers = new ArrayList<>();

    CleanedTransactions(List<AbortedTransaction> found) {
        for (AbortedTransaction each : found) {
            aborted.computeIfAbsent(each.producerId(), _ -> new TreeMap<>())
                    .put(each.firstOffset(), each.lastOffset());
        }
    }

    /** Whether a batch belongs to a transaction that was aborted. */
    boolean isAborted(ByteBuffer batch) {
        if (!BatchHeader.isTransactional(batch, 0) || BatchHeader.isControl(batch, 0)) {
            return false;
        }
        TreeMap<Long, Long> own = aborted.get(BatchHeader.producerId(batch, 0));
        if (own == null) {
            return false;
        }
        long offset = BatchHeader.baseOffset(batch, 0);
        Map.Entry<Long, Long> floor = own.floorEntry(offset);
        return floor != null && offset < floor.getValue();
    }

    /** Whether a batch is the marker of a transaction of which nothing was kept. */
    boolean isMarkerOfNothing(ByteBuffer batch) {
        return BatchHeader.isControl(batch, 0) && !kept.contains(BatchHeader.producerId(batch, 0));
    }

    /** Takes note of what was made of a batch. */
    void cleaned(ByteBuffer batch, ByteBuffer left) {
        long producer = BatchHeader.producerId(batch, 0);
        if (BatchHeader.isControl(batch, 0)) {
            kept.remove(producer);
            if (hasNoRecords(left)) {
                removedMarkers.add(BatchHeader.baseOffset(batch, 0));
            }
        } else if (BatchHeader.isTransactional(batch, 0) && !hasNoRecords(left)) {
            kept.add(producer);
        }
    }

    private static boolean hasNoRecords(ByteBuffer batch) {
        return !batch.hasRemaining()
                || BatchHeader.sizeBytes(batch, batch.position()) == BatchHeader.SIZE_BYTES;
    }

    /** The offsets of markers that were removed since this was last asked. */
    List<Long> takeRemovedMarkers() {
        List<Long> taken = List.copyOf(removedMarkers);
        removedMarkers.clear();
        return taken;
    }
}
