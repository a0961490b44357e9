package io.fleuve.conformance.transactions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Holds what was seen against what the owners of transactions were told. */
final class TransactionAudit {

    private static final int MAX_VIOLATIONS = 100;

    private final List<Transaction> transactions;
    private final List<String> violations = new ArrayList<>();

    /**
     * @param transactions by id, all of them ended
     */
    TransactionAudit(List<Transaction> transactions) {
        this.transactions = transactions;
    }

    List<String> violations() {
        return violations;
    }

    /** All of it at both isolation levels, read when no transaction was open any more. */
    void finalLogs(SeenLog committed, SeenLog uncommitted) {
        long[] seen = values(committed);
        for (Transaction transaction : transactions) {
            visibility(transaction, seen[transaction.id()]);
        }
        values(uncommitted);
        for (int partition = 0; partition < committed.partitions(); partition++) {
            superset(committed, uncommitted, partition);
        }
    }

    /** A reader that followed the log has seen a beginning of it, and nothing else. */
    void prefix(SeenLog seen, SeenLog all) {
        for (int partition = 0; partition < all.partitions(); partition++) {
            if (seen.size(partition) > all.size(partition)) {
                violated(
                        "%s: saw %d records of partition %d, which has %d",
                        seen.reader(), seen.size(partition), partition, all.size(partition));
            }
            int common = Math.min(seen.size(partition), all.size(partition));
            for (int i = 0; i < common; i++) {
                if (seen.offset(partition, i) != all.offset(partition, i)
                        || seen.value(partition, i) != all.value(partition, i)) {
                    violated(
                            "%s: partition %d: saw %s at offset %d where the log has %s at %d",
                            seen.reader(),
                            partition,
                            Transaction.describe(seen.value(partition, i)),
                            seen.offset(partition, i),
                            Transaction.describe(all.value(partition, i)),
                            all.offset(partition, i));
                    break;
                }
            }
        }
    }

    /**
     * What a group has committed and what it has made from its input are one: each input below its
     * offset was processed once, in order, none above.
     *
     * @param inputs the partitions that are its input
     * @param offsets what it has committed, by partition
     */
    void processed(int processor, int[] inputs, SeenLog committed, Map<Integer, Long> offsets) {
        Map<Long, Integer> places = new HashMap<>();
        Map<Integer, BitSet> done = new HashMap<>();
        for (int input : inputs) {
            done.put(input, new BitSet());
            for (int i = 0; i < committed.size(input); i++) {
                places.put(committed.value(input, i), i);
            }
        }
        for (int partition = 0; partition < committed.partitions(); partition++) {
            Map<Integer, Integer> last = new HashMap<>();
            for (int i = 0; i < committed.size(partition); i++) {
                long value = committed.value(partition, i);
                if (isForeign(value, partition) || of(value).processor() != processor) {
                    continue;
                }
                long source = of(value).source(Transaction.numberOf(value));
                Integer place = places.get(source);
                if (place == null) {
                    violated(
                            "group %d: processed %s, which is not in its input",
                            processor, Transaction.describe(source));
                    continue;
                }
                int input = of(source).partition(Transaction.numberOf(source));
                BitSet ofInput = done.getOrDefault(input, new BitSet());
                if (ofInput.get(place)) {
                    violated(
                            "group %d: processed twice: %s",
                            processor, Transaction.describe(source));
                }
                ofInput.set(place);
                if (last.getOrDefault(input, -1) > place) {
                    violated(
                            "group %d: processed out of order: %s",
                            processor, Transaction.describe(source));
                }
                last.put(input, place);
            }
        }
        for (int input : inputs) {
            agree(processor, input, committed, done, offsets.getOrDefault(input, 0L));
        }
    }

    private void agree(
            int processor,
            int input,
            SeenLog committed,
            Map<Integer, BitSet> done,
            long committedOffset) {
        BitSet processed = done.getOrDefault(input, new BitSet());
        for (int i = 0; i < committed.size(input); i++) {
            boolean below = committed.offset(input, i) < committedOffset;
            if (below != processed.get(i)) {
                violated(
                        "group %d: %s: %s at offset %d of partition %d, committed offset %d; %s",
                        processor,
                        below ? "not processed" : "processed without its offset",
                        Transaction.describe(committed.value(input, i)),
                        committed.offset(input, i),
                        input,
                        committedOffset,
                        attempts(processor, committed.value(input, i)));
            }
        }
    }

    /** What has become of all transactions that processed a value. */
    private String attempts(int processor, long source) {
        List<String> attempts = new ArrayList<>();
        for (Transaction transaction : transactions) {
            for (int i = 0; transaction.processor() == processor && i < transaction.size(); i++) {
                if (transaction.source(i) == source) {
                    attempts.add(
                            "transaction %d with %d values was %s"
                                    .formatted(
                                            transaction.id(),
                                            transaction.size(),
                                            transaction.outcome().description()));
                }
            }
        }
        return attempts.isEmpty() ? "no transaction has read it" : String.join("; ", attempts);
    }

    /** Each value at most once, where it was sent to, in order; returns a bit for each, by id. */
    private long[] values(SeenLog log) {
        long[] seen = new long[transactions.size()];
        int[] last = new int[transactions.size()];
        for (int partition = 0; partition < log.partitions(); partition++) {
            Arrays.fill(last, -1);
            for (int i = 0; i < log.size(partition); i++) {
                long value = log.value(partition, i);
                if (i > 0 && log.offset(partition, i) <= log.offset(partition, i - 1)) {
                    violated("%s: partition %d: offsets go back", log.reader(), partition);
                }
                if (isForeign(value, partition)) {
                    violated(
                            "%s: phantom: %s on partition %d",
                            log.reader(), Transaction.describe(value), partition);
                    continue;
                }
                int id = Transaction.idOf(value);
                int number = Transaction.numberOf(value);
                if ((seen[id] & 1L << number) != 0) {
                    violated("%s: twice: %s", log.reader(), Transaction.describe(value));
                } else if (number < last[id]) {
                    violated("%s: out of order: %s", log.reader(), Transaction.describe(value));
                }
                seen[id] |= 1L << number;
                last[id] = number;
            }
        }
        return seen;
    }

    private void visibility(Transaction transaction, long seen) {
        long all = (1L << transaction.size()) - 1;
        switch (transaction.outcome()) {
            case COMMITTED -> {
                if (seen != all) {
                    violated(
                            "lost: transaction %d was committed with %d values, %d are there",
                            transaction.id(), transaction.size(), Long.bitCount(seen));
                }
            }
            case ABORTED, NEVER_COMMITTED -> {
                if (seen != 0) {
                    violated(
                            "visible: transaction %d was %s, %d of its %d values are there",
                            transaction.id(),
                            transaction.outcome().description(),
                            Long.bitCount(seen),
                            transaction.size());
                }
            }
            case UNKNOWN -> {
                if (seen != 0 && seen != all) {
                    violated(
                            "torn: %d of the %d values of transaction %d are there",
                            Long.bitCount(seen), transaction.size(), transaction.id());
                }
            }
        }
    }

    private void superset(SeenLog committed, SeenLog uncommitted, int partition) {
        int other = 0;
        for (int i = 0; i < committed.size(partition); i++) {
            long offset = committed.offset(partition, i);
            while (other < uncommitted.size(partition)
                    && uncommitted.offset(partition, other) < offset) {
                other++;
            }
            if (other == uncommitted.size(partition)
                    || uncommitted.offset(partition, other) != offset
                    || uncommitted.value(partition, other) != committed.value(partition, i)) {
                violated(
                        "partition %d, offset %d: only read_committed sees %s",
                        partition, offset, Transaction.describe(committed.value(partition, i)));
            }
        }
    }

    private boolean isForeign(long value, int partition) {
        long id = value >> 8;
        if (id < 0 || id >= transactions.size()) {
            return true;
        }
        Transaction transaction = of(value);
        int number = Transaction.numberOf(value);
        return number >= transaction.size() || transaction.partition(number) != partition;
    }

    private Transaction of(long value) {
        return transactions.get(Transaction.idOf(value));
    }

    private void violated(String format, Object... what) {
        if (violations.size() < MAX_VIOLATIONS) {
            violations.add(format.formatted(what));
        }
    }
}
