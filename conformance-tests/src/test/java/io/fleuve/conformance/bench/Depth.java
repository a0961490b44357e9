package io.fleuve.conformance.bench;

import io.fleuve.conformance.platform.FleuvePlatform;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Whether cost grows with depth (invariant 9): the same four requests to a partition of a thousand
 * records, to one of ten million, and to a thousand partitions, in turns on one connection.
 *
 * <p>System properties: {@code shallow} (1000) and {@code deep} (10000000) records of 100 B, {@code
 * partitions} (1000), {@code samples} of each (2000), {@code seed} (1). Prints medians, and ratios
 * to the shallow partition.
 */
public final class Depth {

    private static final int VALUE_BYTES = 100;
    private static final int FETCH_BYTES = 16 << 10;

    /** Ten seconds each: longer than an intake object stays open. */
    private static final int QUIET_LOOKS = 4;

    private static final long FIRST_TIME_MS = 1_700_000_000_000L;

    private final int shallowRecords = Integer.getInteger("shallow", 1_000);
    private final int deepRecords = Integer.getInteger("deep", 10_000_000);
    private final int partitions = Integer.getInteger("partitions", 1_000);
    private final int samples = Integer.getInteger("samples", 2_000);
    private final Random random = new Random(Integer.getInteger("seed", 1));

    private interface Request {
        void send(Wire wire, TopicPartition to, long records) throws IOException;
    }

    private record Place(String name, String topic, int partitions, long recordsEach) {}

    public static void main(String[] args) throws Exception {
        new Depth().run();
    }

    private void run() throws Exception {
        try (FleuvePlatform broker = FleuvePlatform.start(List.of("-Xmx1g", "-XX:+UseG1GC"))) {
            String address = broker.bootstrapServers();
            List<Place> places =
                    List.of(
                            fill(address, "shallow", 1, shallowRecords),
                            fill(address, "deep", 1, deepRecords),
                            fill(address, "many", partitions, shallowRecords));
            System.out.println("waiting for the background to settle");
            awaitQuiet(broker);
            Map<String, Request> requests = new LinkedHashMap<>();
            requests.put(
                    "produce at the head",
                    (wire, to, records) ->
                            wire.produce(
                                    to, new SimpleRecord(time(records), new byte[VALUE_BYTES])));
            requests.put(
                    "fetch at the tail",
                    // One batch: how much more follows it is chance.
                    (wire, to, records) -> wire.fetch(to, records - 1, 1));
            requests.put(
                    "fetch at a random offset",
                    (wire, to, records) ->
                            wire.fetch(to, random.nextLong(records - 200), FETCH_BYTES));
            requests.put(
                    "offset of a random time",
                    (wire, to, records) -> wire.offsetAt(to, time(random.nextLong(records))));
            try (Wire wire = new Wire(address)) {
                System.out.printf("%-26s", "median, µs");
                places.forEach(place -> System.out.printf("%16s%8s", place.name(), ""));
                System.out.println();
                for (var request : requests.entrySet()) {
                    print(request.getKey(), measure(wire, request.getValue(), places));
                }
            }
        }
    }

    private double[] measure(Wire wire, Request request, List<Place> places) throws IOException {
        long[][] nanos = new long[places.size()][samples];
        for (int sample = -samples / 10; sample < samples; sample++) {
            for (int place = 0; place < places.size(); place++) {
                Place at = places.get(place);
                TopicPartition to = new TopicPartition(at.topic(), random.nextInt(at.partitions()));
                long start = System.nanoTime();
                request.send(wire, to, at.recordsEach());
                if (sample >= 0) {
                    nanos[place][sample] = System.nanoTime() - start;
                }
            }
        }
        return Arrays.stream(nanos).mapToDouble(Depth::median).toArray();
    }

    private static double median(long[] nanos) {
        Arrays.sort(nanos);
        return nanos[nanos.length / 2] / 1e3;
    }

    private static void print(String request, double[] micros) {
        StringBuilder line = new StringBuilder("%-26s".formatted(request));
        for (double each : micros) {
            line.append(String.format(Locale.ROOT, "%16.0f  %4.2f×", each, each / micros[0]));
        }
        System.out.println(line);
    }

    private Place fill(String address, String name, int partitions, int recordsEach)
            throws Exception {
        String topic = name + "-" + UUID.randomUUID();
        long start = System.nanoTime();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            admin.createTopics(
                            List.of(
                                    new NewTopic(topic, partitions, (short) 1)
                                            .configs(Map.of("retention.ms", "-1"))))
                    .all()
                    .get();
        }
        Map<String, Object> settings =
                Map.of(
                        "bootstrap.servers",
                        address,
                        "linger.ms",
                        10,
                        "batch.size",
                        partitions == 1 ? 65_536 : 2_048,
                        "acks",
                        "all");
        byte[] value = new byte[VALUE_BYTES];
        List<java.util.concurrent.Future<?>> last = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < recordsEach; i++) {
                for (int partition = 0; partition < partitions; partition++) {
                    var sent =
                            producer.send(
                                    new ProducerRecord<>(topic, partition, time(i), null, value));
                    if (i == recordsEach - 1) {
                        last.add(sent);
                    }
                }
            }
            for (var each : last) {
                each.get();
            }
        }
        System.out.printf(
                "%s: %,d records in %d partitions, %.0f s%n",
                name,
                (long) recordsEach * partitions,
                partitions,
                (System.nanoTime() - start) / 1e9);
        return new Place(name, topic, partitions, recordsEach);
    }

    private static long time(long record) {
        return FIRST_TIME_MS + record * 100;
    }

    /** Waits until what was written is merged and what that left is deleted. */
    private static void awaitQuiet(FleuvePlatform broker) throws Exception {
        String before = "";
        for (int i = 0, same = 0; i < 40 && same < QUIET_LOOKS; i++) {
            TimeUnit.SECONDS.sleep(10);
            String now = Shape.of(broker).toString();
            same = now.equals(before) ? same + 1 : 0;
            before = now;
        }
        System.out.println(before);
    }
}
