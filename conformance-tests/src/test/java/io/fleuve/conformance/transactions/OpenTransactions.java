package io.fleuve.conformance.transactions;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Transactions that are certainly open, and where they begin on each partition: no reader at
 * read_committed may have got past there while one is listed.
 */
final class OpenTransactions {

    private record Opening(int partition, int transaction) {}

    private record Span(long offset, long until) {}

    private final Map<Opening, Span> spans = new ConcurrentHashMap<>();

    /**
     * A value of it was acknowledged at that offset.
     *
     * @param until the time ({@link System#nanoTime}) from which the broker may end it by itself
     */
    void opened(Transaction transaction, int partition, long offset, long until) {
        Opening opening = new Opening(partition, transaction.id());
        spans.putIfAbsent(opening, new Span(offset, until));
        if (transaction.isEnding()) {
            spans.remove(opening);
        }
    }

    /** It is about to be ended, by whomever. */
    void ending(Transaction transaction) {
        transaction.ending();
        for (int number = 0; number < transaction.size(); number++) {
            spans.remove(new Opening(transaction.partition(number), transaction.id()));
        }
    }

    /** The id of one that a reader who has this record has read past, or -1. */
    int readPast(int partition, long offset, long now) {
        for (Map.Entry<Opening, Span> open : spans.entrySet()) {
            if (open.getKey().partition() == partition
                    && open.getValue().offset() <= offset
                    && open.getValue().until() - now > 0) {
                return open.getKey().transaction();
            }
        }
        return -1;
    }
}
