package io.fleuve.conformance.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Transactions that producers commit, each one after the other, for a time.
 *
 * @param rate transactions a second, of all producers
 * @param commits how long {@code commitTransaction} took alone, after all records were acknowledged
 * @param written all that was committed, before the measured time too
 */
record TransactionLoad(double rate, Quantiles commits, Written written) {

    /**
     * How long a load lasts: from its start to {@code from} nothing is measured, what ends from
     * then to {@code until} is. Both are values of {@link System#nanoTime}.
     */
    record Window(long from, long until) {

        static Window startingNow(Duration warmUp, Duration measured) {
            long from = System.nanoTime() + warmUp.toNanos();
            return new Window(from, from + measured.toNanos());
        }

        boolean isOver() {
            return System.nanoTime() - until >= 0;
        }

        boolean holds(long time) {
            return time - from >= 0 && time - until < 0;
        }

        double seconds() {
            return (until - from) / 1e9;
        }
    }

    private record Share(List<Long> commitNanos, int values) {}

    static TransactionLoad of(
            WholeTopic topic,
            int producers,
            int records,
            int valueBytes,
            Duration warmUp,
            Duration measured)
            throws Exception {
        List<KafkaProducer<byte[], byte[]>> clients = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < producers; i++) {
                clients.add(producer(topic.address()));
                clients.getLast().initTransactions();
            }
            Window window = Window.startingNow(warmUp, measured);
            List<Future<Share>> shares = new ArrayList<>();
            for (int i = 0; i < producers; i++) {
                int author = i;
                shares.add(
                        threads.submit(
                                () ->
                                        commit(
                                                clients.get(author),
                                                topic,
                                                author,
                                                records,
                                                valueBytes,
                                                window)));
            }
            List<Long> nanos = new ArrayList<>();
            Map<Integer, Integer> values = new HashMap<>();
            for (int author = 0; author < producers; author++) {
                Share share = shares.get(author).get();
                nanos.addAll(share.commitNanos());
                values.put(author, share.values());
            }
            return new TransactionLoad(
                    nanos.size() / window.seconds(), Quantiles.ofNanos(nanos), new Written(values));
        } finally {
            clients.forEach(KafkaProducer::close);
        }
    }

    private static Share commit(
            KafkaProducer<byte[], byte[]> producer,
            WholeTopic topic,
            int author,
            int records,
            int valueBytes,
            Window window) {
        List<Long> nanos = new ArrayList<>();
        List<TopicPartition> partitions = topic.all();
        int next = 0;
        while (!window.isOver()) {
            producer.beginTransaction();
            for (int i = 0; i < records; i++, next++) {
                send(
                        producer,
                        partitions.get(i % partitions.size()),
                        Written.value(author, next, valueBytes));
            }
            producer.flush();
            long start = System.nanoTime();
            producer.commitTransaction();
            long end = System.nanoTime();
            if (window.holds(end)) {
                nanos.add(end - start);
            }
        }
        return new Share(nanos, next);
    }

    /** A stock producer with a transactional id of its own. */
    static KafkaProducer<byte[], byte[]> producer(String address) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        address,
                        "transactional.id",
                        "bench-" + UUID.randomUUID()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    static void send(KafkaProducer<byte[], byte[]> producer, TopicPartition to, byte[] value) {
        // An error of the record comes out of the commit.
        var _ = producer.send(new ProducerRecord<>(to.topic(), to.partition(), null, value));
    }
}
