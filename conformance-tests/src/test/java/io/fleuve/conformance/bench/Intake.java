package io.fleuve.conformance.bench;

import io.fleuve.conformance.platform.FleuvePlatform;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What sustained intake of small batches leaves behind: rows and objects over time.
 *
 * <p>System properties: {@code minutes} (10), {@code rate} of records of 200 B a second (5000),
 * {@code partitions} (200), {@code every} so many seconds a line (30).
 */
public final class Intake {

    private static final int VALUE_BYTES = 200;

    public static void main(String[] args) throws Exception {
        int minutes = Integer.getInteger("minutes", 10);
        int rate = Integer.getInteger("rate", 5_000);
        int partitions = Integer.getInteger("partitions", 200);
        int every = Integer.getInteger("every", 30);
        try (FleuvePlatform broker = FleuvePlatform.start(List.of("-Xmx1g", "-XX:+UseG1GC"))) {
            String topic = "intake-" + UUID.randomUUID();
            try (Admin admin =
                    Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
            }
            AtomicLong acknowledged = new AtomicLong();
            Thread load =
                    Thread.ofPlatform()
                            .daemon()
                            .start(() -> produce(broker, topic, partitions, rate, acknowledged));
            System.out.println(
                    "| s | records | pieces | objects | files | live MB | store MB | tables MB |");
            System.out.println("|--:|--:|--:|--:|--:|--:|--:|--:|");
            for (int second = every; second <= minutes * 60; second += every) {
                TimeUnit.SECONDS.sleep(every);
                print(second, acknowledged.get(), Shape.of(broker));
            }
            load.interrupt();
            load.join();
            for (int second = every; second <= 5 * 60; second += every) {
                TimeUnit.SECONDS.sleep(every);
                print(minutes * 60 + second, acknowledged.get(), Shape.of(broker));
            }
        }
    }

    private static void print(int second, long records, Shape shape) {
        System.out.println(
                String.format(
                        Locale.ROOT,
                        "| %d | %,d | %,d | %,d | %,d | %.0f | %.0f | %.1f |",
                        second,
                        records,
                        shape.pieces(),
                        shape.objects(),
                        shape.files(),
                        shape.liveBytes() / 1e6,
                        shape.storeBytes() / 1e6,
                        shape.databaseBytes() / 1e6));
    }

    /** Small batches to many partitions: the most rows that a record can cost. */
    private static void produce(
            FleuvePlatform broker,
            String topic,
            int partitions,
            int rate,
            AtomicLong acknowledged) {
        Random random = new Random(1);
        byte[] value = new byte[VALUE_BYTES];
        Map<String, Object> settings =
                Map.of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", 0);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            long start = System.nanoTime();
            for (long sent = 0; !Thread.interrupted(); sent++) {
                random.nextBytes(value);
                var unused =
                        producer.send(
                                new ProducerRecord<>(
                                        topic, random.nextInt(partitions), null, value),
                                (_, failure) -> {
                                    if (failure == null) {
                                        acknowledged.incrementAndGet();
                                    }
                                });
                long ahead = start + sent * 1_000_000_000L / rate - System.nanoTime();
                if (ahead > 1_000_000) {
                    TimeUnit.NANOSECONDS.sleep(ahead);
                }
            }
        } catch (InterruptedException | org.apache.kafka.common.errors.InterruptException _) {
            Thread.currentThread().interrupt();
        }
    }
}
