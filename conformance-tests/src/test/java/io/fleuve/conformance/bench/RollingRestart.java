package io.fleuve.conformance.bench;

import io.fleuve.conformance.platform.BrokerProcess;
import io.fleuve.postgres.EmbeddedPostgres;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Three brokers, restarted one after the other under load as an upgrade would: SIGTERM, start, next
 * one when it serves. A stock idempotent producer sends at a rate, a group of two reads. What is
 * measured is what they notice: sends that fail, the slowest acknowledgement, how late a record is
 * read. At the end every record must be in the log once.
 *
 * <p>System properties: {@code rounds} (2), {@code rate} of records a second (2000), {@code
 * protocol} of the group (consumer), {@code partitions} (12). Ends with status 1 if a send failed,
 * a record is missing or there twice, or a reader was 5 s behind.
 */
public final class RollingRestart {

    private static final int BROKERS = 3;
    private static final String TOPIC = "rolling";
    private static final Duration BETWEEN = Duration.ofSeconds(5);
    private static final long MAX_BEHIND_MS = 5_000;

    private final int rounds = Integer.getInteger("rounds", 2);
    private final int rate = Integer.getInteger("rate", 2_000);
    private final int partitions = Integer.getInteger("partitions", 12);
    private final String protocol = System.getProperty("protocol", "consumer");

    private final AtomicBoolean sending = new AtomicBoolean(true);
    private final AtomicBoolean reading = new AtomicBoolean(true);
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final ConcurrentLinkedQueue<Long> acks = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Long> delays = new ConcurrentLinkedQueue<>();

    public static void main(String[] args) throws Exception {
        System.exit(new RollingRestart().run() ? 0 : 1);
    }

    private boolean run() throws Exception {
        Path directory = Files.createTempDirectory("fleuve-rolling-");
        List<BrokerProcess> brokers = new ArrayList<>();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.temporary()) {
            try {
                for (int id = 1; id <= BROKERS; id++) {
                    brokers.add(launch(directory, postgres, id));
                    brokers.getLast().awaitReady();
                }
                return measure(brokers);
            } finally {
                brokers.forEach(BrokerProcess::stop);
            }
        }
    }

    private static BrokerProcess launch(Path directory, EmbeddedPostgres postgres, int id) {
        return BrokerProcess.launch(
                directory.resolve("broker-" + id + ".log"),
                List.of("-Xmx320m", "-XX:+UseSerialGC"),
                Map.of(
                        "FLEUVE_BROKER_ID", Integer.toString(id),
                        "FLEUVE_POSTGRES_URL", postgres.jdbcUrl(),
                        "FLEUVE_POSTGRES_USER", postgres.user(),
                        "FLEUVE_POSTGRES_PASSWORD", postgres.password(),
                        "FLEUVE_STORE", directory.resolve("store").toString()));
    }

    private boolean measure(List<BrokerProcess> brokers) throws Exception {
        String servers =
                brokers.stream().map(BrokerProcess::address).collect(Collectors.joining(","));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, partitions, (short) -1))).all().get();
        }
        List<Thread> readers =
                IntStream.range(0, 2)
                        .mapToObj(
                                i ->
                                        Thread.ofPlatform()
                                                .name("reader-" + i)
                                                .start(() -> read(servers)))
                        .toList();
        Thread sender = Thread.ofPlatform().name("sender").start(() -> send(servers));
        pause(BETWEEN.multipliedBy(2));
        // What a group does when it forms is not what a restart does.
        delays.clear();
        acks.clear();
        List<Long> restarts = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            for (BrokerProcess broker : brokers) {
                long begin = System.nanoTime();
                broker.stop();
                broker.relaunch();
                broker.awaitReady();
                restarts.add(System.nanoTime() - begin);
                pause(BETWEEN);
            }
        }
        sending.set(false);
        sender.join();
        pause(BETWEEN);
        reading.set(false);
        for (Thread reader : readers) {
            reader.join();
        }
        return report(servers, restarts);
    }

    private boolean report(String servers, List<Long> restarts) {
        BitSet seen = new BitSet();
        long twice = audit(servers, seen);
        long missing = sent.get() - seen.cardinality();
        long slowestDelay = delays.stream().mapToLong(Long::longValue).max().orElse(0);
        Measurement figures = new Measurement();
        figures.put("restarts", restarts.size());
        figures.put(
                "slowest restart, s",
                restarts.stream().mapToLong(Long::longValue).max().orElse(0) / 1e9);
        figures.put("records sent", sent.get());
        figures.put("sends that failed", failed.get());
        figures.put("records missing", missing);
        figures.put("records there twice", twice);
        Quantiles.ofNanos(acks).enter(figures, "acknowledgement");
        figures.put(
                "slowest acknowledgement, ms",
                acks.stream().mapToLong(Long::longValue).max().orElse(0) / 1e6);
        Quantiles.ofNanos(delays.stream().map(ms -> ms * 1_000_000).toList())
                .enter(figures, "from send to reader");
        figures.put("slowest from send to reader, ms", slowestDelay);
        System.out.println("| rolling restart, group protocol " + protocol + " | |\n|---|---|");
        figures.figures()
                .forEach((what, value) -> System.out.printf("| %s | %,.0f |%n", what, value));
        return failed.get() == 0 && missing == 0 && twice == 0 && slowestDelay < MAX_BEHIND_MS;
    }

    private void send(String servers) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", servers, "acks", "all", "linger.ms", 5);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            long begin = System.nanoTime();
            while (sending.get()) {
                long number = sent.getAndIncrement();
                byte[] value = ByteBuffer.allocate(200).putLong(number).array();
                long asked = System.nanoTime();
                producer.send(
                        new ProducerRecord<>(TOPIC, (int) (number % partitions), null, value),
                        (_, failure) -> {
                            if (failure != null) {
                                failed.incrementAndGet();
                            }
                            acks.add(System.nanoTime() - asked);
                        });
                long due = begin + (number + 1) * 1_000_000_000L / rate;
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }
    }

    private void read(String servers) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", servers);
        settings.put("group.id", "readers");
        settings.put("group.protocol", protocol);
        settings.put("auto.offset.reset", "earliest");
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(settings)) {
            consumer.subscribe(List.of(TOPIC));
            while (reading.get()) {
                for (ConsumerRecord<byte[], byte[]> each : consumer.poll(Duration.ofMillis(200))) {
                    delays.add(System.currentTimeMillis() - each.timestamp());
                }
            }
        }
    }

    /** Reads the whole log; says how many records are there more than once. */
    private long audit(String servers, BitSet seen) {
        long twice = 0;
        try (KafkaConsumer<byte[], byte[]> consumer =
                consumer(new HashMap<>(Map.of("bootstrap.servers", servers)))) {
            List<TopicPartition> all =
                    IntStream.range(0, partitions)
                            .mapToObj(i -> new TopicPartition(TOPIC, i))
                            .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            while (all.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                for (ConsumerRecord<byte[], byte[]> each : consumer.poll(Duration.ofSeconds(1))) {
                    int number = Math.toIntExact(ByteBuffer.wrap(each.value()).getLong());
                    if (seen.get(number)) {
                        twice++;
                    }
                    seen.set(number);
                }
            }
        }
        return twice;
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> settings) {
        return new KafkaConsumer<>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }
}
