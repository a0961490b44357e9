package io.fleuve.conformance.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Records in and out. */
final class RecordScenarios {

    /**
     * The same on all platforms of a run, and recent, since retention counts from a record's time.
     */
    private static final long TIME = System.currentTimeMillis() - Duration.ofHours(1).toMillis();

    private RecordScenarios() {}

    static Stream<Scenario> all() {
        Stream<Scenario> compressions =
                Stream.of("none", "gzip", "snappy", "lz4", "zstd")
                        .map(
                                type ->
                                        new Scenario(
                                                "records compressed with " + type,
                                                (client, seen) -> compressed(client, seen, type)));
        return Stream.concat(
                compressions,
                Stream.of(
                        new Scenario(
                                "keys, headers, timestamps, tombstones", RecordScenarios::shapes),
                        new Scenario("order within partitions", RecordScenarios::order),
                        new Scenario("append time", RecordScenarios::appendTime),
                        new Scenario(
                                "reading from the middle of a batch",
                                RecordScenarios::middleOfBatch),
                        new Scenario("reading with tiny limits", RecordScenarios::tinyLimits),
                        new Scenario("offsets by kind and time", RecordScenarios::offsets),
                        new Scenario("deleting records", RecordScenarios::deleteRecords),
                        new Scenario("acknowledgements", RecordScenarios::acknowledgements)));
    }

    private static void shapes(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(1, Map.of());
        List<ProducerRecord<byte[], byte[]>> messages =
                List.of(
                        new ProducerRecord<>(
                                topic, 0, TIME, Client.bytes("key"), Client.bytes("value")),
                        new ProducerRecord<>(
                                topic, 0, TIME - 5, Client.bytes("key"), (byte[]) null),
                        new ProducerRecord<>(topic, 0, TIME + 5, null, Client.bytes("no key")),
                        new ProducerRecord<>(topic, 0, TIME, new byte[0], new byte[0]),
                        new ProducerRecord<>(
                                topic,
                                0,
                                TIME,
                                Client.bytes("headers"),
                                Client.bytes("é 水"),
                                List.of(
                                        new RecordHeader("a", Client.bytes("1")),
                                        new RecordHeader("a", Client.bytes("2")),
                                        new RecordHeader("none", (byte[]) null),
                                        new RecordHeader("", new byte[0]))),
                        new ProducerRecord<>(topic, 0, 0L, null, new byte[100_000]));
        try (KafkaProducer<byte[], byte[]> producer = client.producer(Map.of())) {
            for (int i = 0; i < messages.size(); i++) {
                RecordMetadata metadata = producer.send(messages.get(i)).get();
                seen.saw("acknowledged " + i, describe(metadata));
            }
        }
        for (ConsumerRecord<byte[], byte[]> message :
                client.read(topic, 1, messages.size(), Map.of())) {
            seen.saw("read " + message.offset(), describe(message));
            seen.saw("leader epoch known " + message.offset(), message.leaderEpoch().isPresent());
        }
    }

    private static void compressed(Client client, Observation seen, String type) throws Exception {
        String topic = client.newTopic(1, Map.of());
        produceNumbers(client, topic, 500, Map.of("compression.type", type, "linger.ms", 50));
        List<ConsumerRecord<byte[], byte[]>> records = client.read(topic, 1, 500, Map.of());
        seen.saw("count", records.size());
        seen.saw("first", describe(records.getFirst()));
        seen.saw("last", describe(records.getLast()));
        seen.saw("all", records.stream().map(RecordScenarios::describe).toList().hashCode());
    }

    private static void order(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(6, Map.of());
        try (KafkaProducer<byte[], byte[]> producer = client.producer(Map.of("linger.ms", 0))) {
            for (int i = 0; i < 2_000; i++) {
                var _ =
                        producer.send(
                                new ProducerRecord<>(
                                        topic,
                                        null,
                                        TIME + i,
                                        Client.bytes("key-" + i % 50),
                                        Client.bytes("" + i)));
                if (i % 20 == 19) {
                    // Many small batches instead of a few large ones.
                    producer.flush();
                }
            }
        }
        List<ConsumerRecord<byte[], byte[]>> records = client.read(topic, 6, 2_000, Map.of());
        for (int partition = 0; partition < 6; partition++) {
            int wanted = partition;
            seen.saw(
                    "partition " + partition,
                    records.stream()
                            .filter(message -> message.partition() == wanted)
                            .map(message -> message.offset() + "=" + Client.text(message.value()))
                            .toList());
        }
    }

    private static void appendTime(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(1, Map.of("message.timestamp.type", "LogAppendTime"));
        long before = System.currentTimeMillis();
        try (KafkaProducer<byte[], byte[]> producer = client.producer(Map.of())) {
            RecordMetadata metadata =
                    producer.send(new ProducerRecord<>(topic, 0, TIME, null, Client.bytes("value")))
                            .get();
            seen.saw("the producer is told the append time", metadata.timestamp() >= before);
        }
        ConsumerRecord<byte[], byte[]> message = client.read(topic, 1, 1, Map.of()).getFirst();
        seen.saw("type", message.timestampType());
        seen.saw("the consumer is told the append time", message.timestamp() >= before);
    }

    private static void middleOfBatch(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(1, Map.of());
        produceNumbers(client, topic, 100, Map.of("linger.ms", 200, "compression.type", "lz4"));
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<byte[], byte[]> consumer = client.consumer(Map.of())) {
            consumer.assign(List.of(partition));
            for (long offset : List.of(57L, 3L, 99L)) {
                consumer.seek(partition, offset);
                ConsumerRecord<byte[], byte[]> first = client.poll(consumer, 1).getFirst();
                seen.saw("from " + offset, describe(first));
            }
        }
    }

    private static void tinyLimits(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(3, Map.of());
        produceNumbers(client, topic, 300, Map.of("linger.ms", 0));
        List<ConsumerRecord<byte[], byte[]>> records =
                client.read(
                        topic,
                        3,
                        300,
                        Map.of(
                                "max.partition.fetch.bytes",
                                1,
                                "fetch.max.bytes",
                                1,
                                "max.poll.records",
                                7));
        seen.saw("count", records.size());
        seen.saw("sum", records.stream().mapToLong(ConsumerRecord::offset).sum());
    }

    private static void offsets(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(2, Map.of());
        try (KafkaProducer<byte[], byte[]> producer = client.producer(Map.of())) {
            for (int i = 0; i < 50; i++) {
                // Out of order in time, and in batches of one.
                long time = TIME + 1_000L * (i ^ 1);
                producer.send(new ProducerRecord<>(topic, 0, time, null, Client.bytes("" + i)))
                        .get();
            }
        }
        TopicPartition full = new TopicPartition(topic, 0);
        TopicPartition empty = new TopicPartition(topic, 1);
        Map<String, OffsetSpec> kinds =
                Map.of(
                        "earliest", OffsetSpec.earliest(),
                        "latest", OffsetSpec.latest(),
                        "max timestamp", OffsetSpec.maxTimestamp(),
                        "time before all", OffsetSpec.forTimestamp(1),
                        "time of the first", OffsetSpec.forTimestamp(TIME),
                        "time in between", OffsetSpec.forTimestamp(TIME + 20_500),
                        "time of the last", OffsetSpec.forTimestamp(TIME + 49_000),
                        "time after all", OffsetSpec.forTimestamp(TIME + 49_001));
        try (Admin admin = client.admin()) {
            for (var kind : kinds.entrySet()) {
                for (TopicPartition partition : List.of(full, empty)) {
                    seen.sawOutcome(
                            kind.getKey() + " of " + partition.partition(),
                            () -> {
                                var found =
                                        admin.listOffsets(Map.of(partition, kind.getValue()))
                                                .partitionResult(partition)
                                                .get();
                                return found.offset() + " at " + found.timestamp();
                            });
                }
            }
        }
    }

    private static void deleteRecords(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(1, Map.of());
        produceNumbers(client, topic, 100, Map.of("linger.ms", 0));
        TopicPartition partition = new TopicPartition(topic, 0);
        try (Admin admin = client.admin();
                KafkaConsumer<byte[], byte[]> consumer = client.consumer(Map.of())) {
            for (long before : List.of(42L, 10L, 1_000L, -1L)) {
                seen.sawOutcome(
                        "low watermark after deleting before " + before,
                        () ->
                                Objects.requireNonNull(
                                                admin.deleteRecords(
                                                                Map.of(
                                                                        partition,
                                                                        RecordsToDelete
                                                                                .beforeOffset(
                                                                                        before)))
                                                        .lowWatermarks()
                                                        .get(partition))
                                        .get()
                                        .lowWatermark());
                if (before == 42L) {
                    consumer.assign(List.of(partition));
                    consumer.seekToBeginning(List.of(partition));
                    seen.saw("first", describe(client.poll(consumer, 58).getFirst()));
                }
            }
            seen.saw("beginning", consumer.beginningOffsets(List.of(partition)).get(partition));
            seen.saw("end", consumer.endOffsets(List.of(partition)).get(partition));
        }
    }

    private static void acknowledgements(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(1, Map.of());
        for (String acks : List.of("0", "1", "all")) {
            try (KafkaProducer<byte[], byte[]> producer =
                    client.producer(Map.of("acks", acks, "enable.idempotence", false))) {
                RecordMetadata metadata =
                        producer.send(
                                        new ProducerRecord<>(
                                                topic, 0, TIME, null, Client.bytes(acks)))
                                .get();
                seen.saw("acks " + acks, metadata.hasOffset() ? metadata.offset() : "no offset");
                client.read(topic, 1, 1, Map.of());
            }
        }
        seen.saw(
                "read",
                client.read(topic, 1, 3, Map.of()).stream()
                        .map(message -> Client.text(message.value()))
                        .toList());
    }

    /** Sends values that count up, from one producer, to partitions in turn, in order. */
    static void produceNumbers(
            Client client, String topic, int count, Map<String, Object> properties)
            throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = client.producer(properties)) {
            int partitions = producer.partitionsFor(topic).size();
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                sent.add(
                        producer.send(
                                new ProducerRecord<>(
                                        topic,
                                        i % partitions,
                                        TIME + i,
                                        Client.bytes("k" + i),
                                        Client.bytes("value " + i))));
            }
            for (Future<RecordMetadata> acknowledgement : sent) {
                acknowledgement.get();
            }
        }
    }

    private static String describe(RecordMetadata metadata) {
        return "partition %d, offset %d, time %d, key size %d, value size %d"
                .formatted(
                        metadata.partition(),
                        metadata.offset(),
                        metadata.timestamp(),
                        metadata.serializedKeySize(),
                        metadata.serializedValueSize());
    }

    private static String describe(ConsumerRecord<byte[], byte[]> message) {
        String headers =
                Arrays.stream(message.headers().toArray())
                        .map(header -> header.key() + "=" + Client.text(header.value()))
                        .toList()
                        .toString();
        return "offset %d, %s %d, key %s, value %s, headers %s"
                .formatted(
                        message.offset(),
                        message.timestampType(),
                        message.timestamp(),
                        Client.text(message.key()),
                        message.serializedValueSize() > 1_000
                                ? message.serializedValueSize() + " bytes"
                                : Client.text(message.value()),
                        headers);
    }
}
