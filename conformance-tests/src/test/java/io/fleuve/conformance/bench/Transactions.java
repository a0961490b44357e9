package io.fleuve.conformance.bench;

import io.fleuve.conformance.platform.PlatformUnderTest;
import java.time.Duration;
import java.util.Random;
import java.util.function.Supplier;
import org.apache.kafka.common.IsolationLevel;

/**
 * What transactions cost on Apache Kafka and on Fleuve, one after the other on the same machine
 * with the same heap, by stock clients: committing them, processing in them, and reading past
 * aborted ones. Prints a table with ratios. Each value is checked to be read once, and nothing that
 * was aborted at read_committed; otherwise the run fails. Aborted transactions are not read on
 * Kafka with fsync, as reading syncs nothing.
 *
 * <p>System properties: {@code seconds} that each kind of transaction is measured (5), {@code
 * warmUp} seconds before (2), {@code aborted} transactions (100000) by {@code aborters} producers
 * at once (64), {@code input} records that can be processed (200000), {@code reads} of a whole
 * topic (3), {@code samples} of a fetch (200), {@code seed} of its offsets (1), {@code heap} (1g),
 * {@code only} platforms whose name contains this.
 */
public final class Transactions {

    private static final int VALUE_BYTES = 200;
    private static final int PARTITIONS = 6;
    private static final int RECORDS = 10;
    private static final int PRODUCERS = 10;

    private final Duration measured = Duration.ofSeconds(positive("seconds", 5));
    private final Duration warmUp = Duration.ofSeconds(positive("warmUp", 2));
    private final int aborted = positive("aborted", 100_000);
    private final int aborters = positive("aborters", 64);
    private final int input = positive("input", 200_000);
    private final int reads = positive("reads", 3);
    private final int samples = positive("samples", 200);
    private final int seed = Integer.getInteger("seed", 1);
    private final String heap = System.getProperty("heap", "1g");

    public static void main(String[] args) throws Exception {
        new Transactions().run();
    }

    private void run() throws Exception {
        System.out.print(
                PlatformComparison.run(heap, System.getProperty("only", ""), this::measure)
                        .toMarkdown());
    }

    private static int positive(String property, int unlessSet) {
        int value = Integer.getInteger(property, unlessSet);
        if (value < 1) {
            throw new IllegalArgumentException(
                    "-D%s=%d: must be at least 1".formatted(property, value));
        }
        return value;
    }

    private Measurement measure(boolean fsync, Supplier<PlatformUnderTest> start) throws Exception {
        Measurement found = new Measurement();
        try (PlatformUnderTest platform = start.get()) {
            // The first transactions of a platform meet cold code, and topics not yet created.
            load(platform, 1, PARTITIONS, RECORDS);
            for (int partitions : new int[] {1, PARTITIONS}) {
                for (int records : new int[] {1, RECORDS, 100}) {
                    TransactionLoad load = load(platform, 1, partitions, records);
                    enter(
                            found,
                            load,
                            "%d records in %d partitions".formatted(records, partitions));
                }
            }
            enter(
                    found,
                    load(platform, PRODUCERS, PARTITIONS, RECORDS),
                    "%d producers, %d records in %d partitions each"
                            .formatted(PRODUCERS, RECORDS, PARTITIONS));
            found.put(
                    "read, process, write: %d records and their offsets, transactions a second"
                            .formatted(RECORDS),
                    new Processing(
                                    topic(platform, PARTITIONS),
                                    topic(platform, PARTITIONS),
                                    RECORDS)
                            .rate(input, VALUE_BYTES, warmUp, measured));

            if (!fsync) {
                read(platform, found);
            }
        }
        return found;
    }

    /**
     * Reading syncs nothing, so that Kafka with fsync need not be filled for it, which takes long.
     */
    private void read(PlatformUnderTest platform, Measurement found) throws Exception {
        CommittedReads mixed = CommittedReads.aborted(topic(platform, 1), aborted, aborters);
        mixed.measure(found, reads, samples, new Random(seed));
        CommittedReads.plain(topic(platform, 1), Math.toIntExact(mixed.records()))
                .measure(found, reads, samples, new Random(seed));
    }

    private TransactionLoad load(
            PlatformUnderTest platform, int producers, int partitions, int records)
            throws Exception {
        WholeTopic topic = topic(platform, partitions);
        TransactionLoad load =
                TransactionLoad.of(topic, producers, records, VALUE_BYTES, warmUp, measured);
        topic.read(IsolationLevel.READ_COMMITTED, load.written());
        return load;
    }

    private static void enter(Measurement found, TransactionLoad load, String what) {
        found.put(what + ": transactions a second", load.rate());
        load.commits().enter(found, what + ": commit");
    }

    private static WholeTopic topic(PlatformUnderTest platform, int partitions) throws Exception {
        return new WholeTopic(
                platform.bootstrapServers(), SideBySide.topic(platform, partitions), partitions);
    }
}
