package io.fleuve.broker.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What was looked up of where pieces lie, for a short while: readers who go through old records, or
 * jump about in them, need not ask the database for each piece.
 *
 * <p>A page is what one look-up found. It is forgotten after a time that is shorter than the one
 * for which an object stays after its last piece has moved. Pages are bounded by the number of
 * pieces in them, the least recently used leaving first.
 */
final class PieceIndex {

    private final int maxPieces;
    private final long maxAgeNanos;
    private final Map<Long, TreeMap<Long, Page>> pagesByLog = new HashMap<>();
    private final LinkedHashMap<Page, Page> byUse = new LinkedHashMap<>(16, 0.75f, true);
    private int pieces;

    PieceIndex(int maxPieces, long maxAgeNanos) {
        this.maxPieces = maxPieces;
        this.maxAgeNanos = maxAgeNanos;
    }

    /** A piece, and what is known of where its batches begin. */
    record Entry(Sequencer.Piece piece, BatchPositions positions) {

        Entry(Sequencer.Piece piece) {
            this(piece, new BatchPositions(piece));
        }
    }

    /** Pieces from the one that holds the offset on; none if that is not known. */
    synchronized List<Entry> find(long logId, long offset) {
        TreeMap<Long, Page> pages = pagesByLog.get(logId);
        Map.Entry<Long, Page> floor = pages == null ? null : pages.floorEntry(offset);
        if (floor == null) {
            return List.of();
        }
        Page page = floor.getValue();
        if (isOld(page)) {
            remove(page);
            return List.of();
        }
        byUse.get(page);
        return page.from(offset);
    }

    /**
     * Keeps what a look-up has found, up to where what is known goes on; in the place of what was
     * known and is no longer so.
     */
    synchronized List<Entry> add(long logId, List<Sequencer.Piece> found) {
        if (found.isEmpty()) {
            return List.of();
        }
        Page page = new Page(logId, upToWhatIsKnown(logId, found));
        pagesByLog.computeIfAbsent(logId, _ -> new TreeMap<>()).put(page.base(), page);
        byUse.put(page, page);
        pieces += page.entries.size();
        while (pieces > maxPieces && byUse.size() > 1) {
            remove(byUse.firstEntry().getKey());
        }
        return page.entries;
    }

    private List<Sequencer.Piece> upToWhatIsKnown(long logId, List<Sequencer.Piece> found) {
        TreeMap<Long, Page> pages = pagesByLog.getOrDefault(logId, new TreeMap<>());
        long base = found.getFirst().baseOffset();
        Map.Entry<Long, Page> before = pages.lowerEntry(base);
        if (before != null && before.getValue().last() >= base) {
            remove(before.getValue());
        }
        NavigableMap<Long, Page> overlapping =
                pages.subMap(base, true, found.getLast().lastOffset(), true);
        for (Page next : new ArrayList<>(overlapping.values())) {
            int at = found.indexOf(next.entries.getFirst().piece);
            if (at > 0 && !isOld(next)) {
                return found.subList(0, at);
            }
            remove(next);
        }
        return found;
    }

    private boolean isOld(Page page) {
        return System.nanoTime() - page.loadedAtNanos > maxAgeNanos;
    }

    /** Drops all that is known of a log. */
    synchronized void forget(long logId) {
        TreeMap<Long, Page> pages = pagesByLog.get(logId);
        if (pages != null) {
            new ArrayList<>(pages.values()).forEach(this::remove);
        }
    }

    private void remove(Page page) {
        if (byUse.remove(page) != null) {
            pieces -= page.entries.size();
            TreeMap<Long, Page> pages = pagesByLog.get(page.logId);
            if (pages != null && pages.remove(page.base(), page) && pages.isEmpty()) {
                pagesByLog.remove(page.logId);
            }
        }
    }

    /** Neighbouring pieces of one log. Known by its identity. */
    private static final class Page {

        private final long logId;
        private final long loadedAtNanos = System.nanoTime();
        private final List<Entry> entries;

        Page(long logId, List<Sequencer.Piece> pieces) {
            this.logId = logId;
            this.entries = pieces.stream().map(Entry::new).toList();
        }

        long base() {
            return entries.getFirst().piece.baseOffset();
        }

        long last() {
            return entries.getLast().piece.lastOffset();
        }

        List<Entry> from(long offset) {
            int low = 0;
            int high = entries.size();
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (entries.get(middle).piece.lastOffset() < offset) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return entries.subList(low, entries.size());
        }
    }
}
