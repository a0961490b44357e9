package io.fleuve.conformance.bench;

import static org.awaitility.Awaitility.await;

import io.fleuve.conformance.platform.ApacheKafkaPlatform;
import io.fleuve.conformance.platform.FleuvePlatform;
import io.fleuve.conformance.platform.PlatformUnderTest;
import io.fleuve.kafkapeer.ApacheKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What transactions cost, on Apache Kafka as it comes, on Apache Kafka that syncs each write, and
 * on Fleuve, one after the other.
 *
 * <p>System properties: {@code seconds} of each measurement (5), {@code aborted} transactions in
 * the topic that is read (100000; 0 leaves that out), {@code only} a platform whose name contains
 * that.
 */
public final class TransactionCost {

    private static final int VALUE_BYTES = 200;
    private static final int ABORTERS = 8;

    private final long nanos = Duration.ofSeconds(Integer.getInteger("seconds", 5)).toNanos();
    private final int aborted = Integer.getInteger("aborted", 100_000);

    public static void main(String[] args) throws Exception {
        new TransactionCost().run();
    }

    private void run() throws Exception {
        Map<String, Supplier<PlatformUnderTest>> platforms = new LinkedHashMap<>();
        platforms.put("Apache Kafka", () -> new ApacheKafkaPlatform(kafka()));
        platforms.put(
                "Apache Kafka, fsync",
                () ->
                        new ApacheKafkaPlatform(
                                kafka().property("log.flush.interval.messages", "1")));
        platforms.put("Fleuve", () -> FleuvePlatform.start(List.of("-Xmx1g", "-XX:+UseG1GC")));
        String only = System.getProperty("only", "");
        Map<String, Measurement> found = new LinkedHashMap<>();
        for (var platform : platforms.entrySet()) {
            if (platform.getKey().contains(only)) {
                System.out.println("measuring " + platform.getKey());
                try (PlatformUnderTest started = platform.getValue().get()) {
                    found.put(platform.getKey(), measure(started.bootstrapServers()));
                }
            }
        }
        print(found);
    }

    private static ApacheKafka.Builder kafka() {
        return ApacheKafka.builder().heap("1g").jvmOptions("-XX:+UseG1GC");
    }

    private Measurement measure(String address) throws Exception {
        Measurement found = new Measurement();
        transactions(address, 1, 10, 6, false, new Measurement(), "warm-up");
        for (int partitions : new int[] {1, 6}) {
            for (int records : new int[] {1, 10, 100}) {
                String at = "%d records in %d partitions".formatted(records, partitions);
                transactions(address, 1, records, partitions, false, found, at);
            }
        }
        transactions(address, 10, 10, 6, false, found, "10 records in 6 partitions, 10 producers");
        transactions(address, 1, 10, 6, true, found, "10 records in 6 partitions and an offset");
        if (aborted > 0) {
            read(address, found);
        }
        return found;
    }

    /** Producers that commit one transaction after the other. */
    private void transactions(
            String address,
            int producers,
            int records,
            int partitions,
            boolean offsets,
            Measurement found,
            String at)
            throws Exception {
        String topic = topic(address, partitions);
        List<long[]> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<long[]>> running = new ArrayList<>();
            for (int i = 0; i < producers; i++) {
                running.add(
                        threads.submit(
                                () -> commitsOf(address, topic, records, partitions, offsets)));
            }
            for (Future<long[]> each : running) {
                all.add(each.get());
            }
        }
        long[] commits = all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        found.put("transactions a second, " + at, commits.length * 1e9 / nanos);
        found.put("commit p50, ms, " + at, commits[commits.length / 2] / 1e6);
        found.put("commit p99, ms, " + at, commits[commits.length * 99 / 100] / 1e6);
        // Apache Kafka may still be writing the markers of the last one.
        await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> count(address, topic, partitions, "read_committed"),
                        seen -> seen == (long) commits.length * records);
    }

    private long[] commitsOf(
            String address, String topic, int records, int partitions, boolean offsets) {
        List<Long> times = new ArrayList<>();
        ConsumerGroupMetadata group = new ConsumerGroupMetadata("group-" + topic);
        try (KafkaProducer<byte[], byte[]> producer = producer(address)) {
            producer.initTransactions();
            long end = System.nanoTime() + nanos;
            for (int n = 0; System.nanoTime() < end; n++) {
                producer.beginTransaction();
                for (int i = 0; i < records; i++) {
                    producer.send(
                            new ProducerRecord<>(
                                    topic, i % partitions, null, new byte[VALUE_BYTES]));
                }
                if (offsets) {
                    producer.sendOffsetsToTransaction(
                            Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(n)), group);
                }
                producer.flush();
                long start = System.nanoTime();
                producer.commitTransaction();
                times.add(System.nanoTime() - start);
            }
        }
        return times.stream().mapToLong(Long::longValue).toArray();
    }

    /** A topic in which every second record was aborted, beside one without transactions. */
    private void read(String address, Measurement found) throws Exception {
        String mixed = topic(address, 1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < ABORTERS; i++) {
                running.add(threads.submit(() -> abort(address, mixed)));
            }
            for (Future<?> each : running) {
                each.get();
            }
        }
        String plain = topic(address, 1);
        int count = aborted / ABORTERS * ABORTERS;
        Map<String, Object> settings = new HashMap<>(Map.of("bootstrap.servers", address));
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < 2 * count; i++) {
                producer.send(new ProducerRecord<>(plain, 0, null, new byte[VALUE_BYTES]));
            }
        }
        timed(address, mixed, "read_committed", count, found);
        timed(address, mixed, "read_uncommitted", 2L * count, found);
        String what = "s to read %,d records, no transactions, read_committed";
        long start = System.nanoTime();
        count(address, plain, 1, "read_committed");
        found.put(what.formatted(2 * count), (System.nanoTime() - start) / 1e9);
    }

    private void timed(
            String address, String topic, String level, long expected, Measurement found) {
        long start = System.nanoTime();
        long seen = count(address, topic, 1, level);
        found.put(
                "s to read %,d aborted transactions and as many committed, %s"
                        .formatted(aborted / ABORTERS * ABORTERS, level),
                (System.nanoTime() - start) / 1e9);
        if (seen != expected) {
            throw new IllegalStateException(
                    "%d records at %s, not %d".formatted(seen, level, expected));
        }
    }

    private void abort(String address, String topic) {
        try (KafkaProducer<byte[], byte[]> producer = producer(address)) {
            producer.initTransactions();
            for (int i = 0; i < 2 * (aborted / ABORTERS); i++) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(topic, 0, null, new byte[VALUE_BYTES]));
                producer.flush();
                if (i % 2 == 0) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }
    }

    private static long count(String address, String topic, int partitions, String level) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", address, "isolation.level", level);
        long seen = 0;
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> all = new ArrayList<>();
            for (int i = 0; i < partitions; i++) {
                all.add(new TopicPartition(topic, i));
            }
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            while (all.stream()
                    .anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
                seen += consumer.poll(Duration.ofMillis(200)).count();
            }
        }
        return seen;
    }

    private static KafkaProducer<byte[], byte[]> producer(String address) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", address);
        settings.put("transactional.id", "cost-" + UUID.randomUUID());
        settings.put("linger.ms", 0);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static String topic(String address, int partitions) throws Exception {
        String topic = "cost-" + UUID.randomUUID();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
        }
        return topic;
    }

    private static void print(Map<String, Measurement> found) {
        Measurement fleuve = found.getOrDefault("Fleuve", new Measurement());
        StringBuilder text = new StringBuilder("| |");
        found.keySet().forEach(name -> text.append(' ').append(name).append(" |"));
        text.append(" Fleuve : Kafka | Fleuve : Kafka, fsync |\n|---|");
        text.repeat("---:|", found.size() + 2).append('\n');
        for (String figure : fleuve.figures().keySet()) {
            text.append("| ").append(figure).append(" |");
            found.values().forEach(each -> text.append(number(each.get(figure))).append(" |"));
            for (String peer : List.of("Apache Kafka", "Apache Kafka, fsync")) {
                double of = found.getOrDefault(peer, new Measurement()).get(figure);
                text.append(number(fleuve.get(figure) / of)).append("× |");
            }
            text.append('\n');
        }
        System.out.print(text);
    }

    private static String number(double value) {
        return " " + String.format(Locale.ROOT, value < 100 ? "%.2f" : "%.0f", value);
    }
}
