package io.fleuve.conformance.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.requests.FetchResponse;

/**
 * What reading costs at read_committed, and at read_uncommitted: the whole of a partition, and a
 * single fetch at a random offset.
 */
final class CommittedReads {

    /** After so many aborted transactions of one record follows a committed one of as many. */
    private static final int IN_A_ROW = 10;

    private static final int VALUE_BYTES = 20;
    private static final int FETCH_BYTES = 16 << 10;
    private static final int TAIL_RECORDS = 200;

    private final WholeTopic topic;
    private final String what;
    private final Map<IsolationLevel, Written> visible = new EnumMap<>(IsolationLevel.class);
    private final boolean aborts;

    private CommittedReads(
            WholeTopic topic, String what, boolean aborts, Written committed, Written aborted) {
        this.topic = topic;
        this.what = what;
        this.aborts = aborts;
        visible.put(IsolationLevel.READ_COMMITTED, committed);
        visible.put(IsolationLevel.READ_UNCOMMITTED, committed.and(aborted));
    }

    /** Fills a topic of one partition with records and no transaction. */
    static CommittedReads plain(WholeTopic topic, int records) {
        return new CommittedReads(
                topic,
                "%d records without transactions".formatted(records),
                false,
                topic.fill(0, records, VALUE_BYTES),
                new Written(Map.of()));
    }

    /**
     * Fills a topic of one partition with transactions of one record that are aborted, and as many
     * committed records in between.
     *
     * @param count of either, at least; rounded up, so that all producers do the same
     */
    static CommittedReads aborted(WholeTopic topic, int count, int producers) throws Exception {
        int rounds = Math.ceilDiv(count, producers * IN_A_ROW);
        long start = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < producers; i++) {
                int number = i;
                running.add(threads.submit(() -> abort(topic, number, rounds)));
            }
            for (Future<?> each : running) {
                each.get();
            }
        }
        int each = rounds * IN_A_ROW;
        System.out.printf(
                "%d transactions aborted in %.0f s%n",
                each * producers, (System.nanoTime() - start) / 1e9);
        Map<Integer, Integer> committed = new HashMap<>();
        Map<Integer, Integer> aborted = new HashMap<>();
        for (int i = 0; i < producers; i++) {
            committed.put(2 * i, each);
            aborted.put(2 * i + 1, each);
        }
        return new CommittedReads(
                topic,
                "%d aborted transactions, as many committed records".formatted(each * producers),
                true,
                new Written(committed),
                new Written(aborted));
    }

    private static void abort(WholeTopic topic, int producerNumber, int rounds) {
        TopicPartition to = topic.all().getFirst();
        int committed = 2 * producerNumber;
        int aborted = committed + 1;
        try (KafkaProducer<byte[], byte[]> producer = TransactionLoad.producer(topic.address())) {
            producer.initTransactions();
            for (int round = 0; round < rounds; round++) {
                for (int i = round * IN_A_ROW; i < (round + 1) * IN_A_ROW; i++) {
                    producer.beginTransaction();
                    TransactionLoad.send(producer, to, Written.value(aborted, i, VALUE_BYTES));
                    // What is not sent yet would be dropped by the producer itself.
                    producer.flush();
                    producer.abortTransaction();
                }
                producer.beginTransaction();
                for (int i = round * IN_A_ROW; i < (round + 1) * IN_A_ROW; i++) {
                    TransactionLoad.send(producer, to, Written.value(committed, i, VALUE_BYTES));
                }
                producer.commitTransaction();
            }
        }
    }

    long records() {
        return visible.values().stream().mapToLong(Written::count).max().orElseThrow();
    }

    /**
     * Reads, at both levels in turns.
     *
     * @param times how often the whole is read; the median counts, and one reading before does not
     * @param samples fetches at either level
     */
    void measure(Measurement measured, int times, int samples, Random random) throws IOException {
        Map<IsolationLevel, List<Long>> nanos = new EnumMap<>(IsolationLevel.class);
        for (int time = -1; time < times; time++) {
            for (var level : visible.entrySet()) {
                double seconds = topic.read(level.getKey(), level.getValue());
                if (time >= 0) {
                    nanos.computeIfAbsent(level.getKey(), _ -> new ArrayList<>())
                            .add((long) (seconds * 1e9));
                }
            }
        }
        Map<IsolationLevel, Double> millis = new EnumMap<>(IsolationLevel.class);
        nanos.forEach(
                (level, each) -> {
                    millis.put(level, Quantiles.ofNanos(each).medianMs());
                    measured.put(
                            "%s: read whole, %s, ms".formatted(what, level),
                            Quantiles.ofNanos(each).medianMs());
                });
        measured.put(
                what + ": read whole, read_committed : read_uncommitted",
                millis.getOrDefault(IsolationLevel.READ_COMMITTED, Double.NaN)
                        / millis.getOrDefault(IsolationLevel.READ_UNCOMMITTED, Double.NaN));
        fetches(samples, random)
                .forEach(
                        (level, each) ->
                                Quantiles.ofNanos(each)
                                        .enter(
                                                measured,
                                                "%s: one fetch of 16 KiB, %s,"
                                                        .formatted(what, level)));
    }

    private Map<IsolationLevel, List<Long>> fetches(int samples, Random random) throws IOException {
        TopicPartition partition = topic.all().getFirst();
        long last = Math.max(1, topic.ends().getOrDefault(partition, 0L) - TAIL_RECORDS);
        Map<IsolationLevel, List<Long>> nanos = new EnumMap<>(IsolationLevel.class);
        long abortedSeen = 0;
        try (Wire wire = new Wire(topic.address())) {
            for (int sample = -samples / 10; sample < samples; sample++) {
                for (IsolationLevel level : visible.keySet()) {
                    long offset = random.nextLong(last);
                    long start = System.nanoTime();
                    var answer = wire.fetch(partition, offset, FETCH_BYTES, level);
                    long took = System.nanoTime() - start;
                    if (FetchResponse.recordsSize(answer) == 0) {
                        throw new IllegalStateException("nothing is at offset " + offset);
                    }
                    if (answer.abortedTransactions() != null) {
                        abortedSeen += answer.abortedTransactions().size();
                    }
                    if (sample >= 0) {
                        nanos.computeIfAbsent(level, _ -> new ArrayList<>()).add(took);
                    }
                }
            }
        }
        if (aborts != abortedSeen > 0) {
            throw new IllegalStateException(
                    "%s: fetches named %d aborted transactions".formatted(what, abortedSeen));
        }
        return nanos;
    }
}
