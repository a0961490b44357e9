package io.fleuve.conformance.scenario;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** What goes wrong, and how a client is told. */
final class ErrorScenarios {

    private ErrorScenarios() {}

    static Stream<Scenario> all() {
        return Stream.of(
                new Scenario("topics that cannot be created", ErrorScenarios::badTopics),
                new Scenario("records that cannot be appended", ErrorScenarios::badRecords),
                new Scenario("offsets that do not exist", ErrorScenarios::badOffsets),
                new Scenario("partitions that do not exist", ErrorScenarios::badPartitions));
    }

    private static void badTopics(Client client, Observation seen) throws Exception {
        String taken = client.newTopic(1, Map.of());
        try (Admin admin = client.admin()) {
            Map<String, NewTopic> requests =
                    Map.ofEntries(
                            Map.entry("a name that is taken", topic(taken)),
                            Map.entry(
                                    "no partition",
                                    new NewTopic(Client.newName("bad"), 0, (short) 1)),
                            Map.entry(
                                    "fewer partitions than none",
                                    new NewTopic(Client.newName("bad"), -5, (short) 1)),
                            Map.entry(
                                    "replication factor 0",
                                    new NewTopic(Client.newName("bad"), 1, (short) 0)),
                            Map.entry(
                                    "replication factor -2",
                                    new NewTopic(Client.newName("bad"), 1, (short) -2)),
                            Map.entry(
                                    "replication factor 3 on one broker",
                                    new NewTopic(Client.newName("bad"), 1, (short) 3)),
                            Map.entry("an empty name", topic("")),
                            Map.entry("a name of dots", topic("..")),
                            Map.entry("a name with a space", topic("a b")),
                            Map.entry("a name of 250 letters", topic("a".repeat(250))),
                            Map.entry(
                                    "an unknown configuration",
                                    topic(Client.newName("bad"))
                                            .configs(Map.of("no.such.key", "1"))),
                            Map.entry(
                                    "a configuration that is no number",
                                    topic(Client.newName("bad"))
                                            .configs(Map.of("retention.ms", "soon"))),
                            Map.entry(
                                    "a replica on a broker that does not exist",
                                    new NewTopic(
                                            Client.newName("bad"), Map.of(0, List.of(1_000)))));
            for (var request : requests.entrySet()) {
                seen.sawOutcome(
                        request.getKey(),
                        () -> admin.createTopics(List.of(request.getValue())).all().get());
            }
        }
    }

    private static NewTopic topic(String name) {
        return new NewTopic(name, Optional.of(1), Optional.empty());
    }

    private static void badRecords(Client client, Observation seen) throws Exception {
        String small = client.newTopic(1, Map.of("max.message.bytes", "1000"));
        String compacted = client.newTopic(1, Map.of("cleanup.policy", "compact"));
        String plain = client.newTopic(1, Map.of());
        long tomorrow = System.currentTimeMillis() + Duration.ofDays(1).toMillis();
        Map<String, ProducerRecord<byte[], byte[]>> messages =
                Map.of(
                        "larger than the topic takes",
                                new ProducerRecord<>(small, 0, null, null, new byte[2_000]),
                        "small enough", new ProducerRecord<>(small, 0, null, null, new byte[500]),
                        "without a key in a compacted topic",
                                new ProducerRecord<>(compacted, 0, null, null, new byte[1]),
                        "from tomorrow",
                                new ProducerRecord<>(plain, 0, tomorrow, null, new byte[1]),
                        "from long ago", new ProducerRecord<>(plain, 0, 0L, null, new byte[1]),
                        "larger than any topic takes",
                                new ProducerRecord<>(plain, 0, null, null, new byte[3_000_000]));
        for (var message : messages.entrySet()) {
            try (KafkaProducer<byte[], byte[]> producer =
                    client.producer(
                            Map.of(
                                    "max.request.size",
                                    10_000_000,
                                    "delivery.timeout.ms",
                                    10_000,
                                    "request.timeout.ms",
                                    5_000))) {
                seen.sawOutcome(
                        message.getKey(), () -> producer.send(message.getValue()).get().offset());
            }
        }
    }

    private static void badOffsets(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(1, Map.of());
        RecordScenarios.produceNumbers(client, topic, 10, Map.of());
        TopicPartition partition = new TopicPartition(topic, 0);
        for (long offset : List.of(10L, 11L, 1_000_000L)) {
            try (KafkaConsumer<byte[], byte[]> consumer =
                    client.consumer(Map.of("auto.offset.reset", "none"))) {
                consumer.assign(List.of(partition));
                consumer.seek(partition, offset);
                seen.sawOutcome(
                        "from " + offset,
                        () -> {
                            for (int poll = 0; poll < 5; poll++) {
                                int count = consumer.poll(Duration.ofMillis(300)).count();
                                if (count > 0) {
                                    return count;
                                }
                            }
                            return "nothing";
                        });
            }
        }
        try (KafkaConsumer<byte[], byte[]> consumer =
                client.consumer(Map.of("auto.offset.reset", "earliest"))) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, 1_000_000L);
            seen.saw("reset to", client.poll(consumer, 10).getFirst().offset());
        }
    }

    private static void badPartitions(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(1, Map.of());
        try (Admin admin = client.admin()) {
            TopicPartition absent = new TopicPartition(topic, 7);
            seen.sawOutcome(
                    "offset of a partition that does not exist",
                    () ->
                            admin.listOffsets(
                                            Map.of(absent, OffsetSpec.latest()),
                                            new ListOffsetsOptions().timeoutMs(3_000))
                                    .partitionResult(absent)
                                    .get());
        }
        try (KafkaProducer<byte[], byte[]> producer =
                client.producer(Map.of("max.block.ms", 2_000))) {
            seen.sawOutcome(
                    "record for a partition that does not exist",
                    () -> producer.send(new ProducerRecord<>(topic, 7, null, new byte[1])).get());
        }
        try (KafkaConsumer<byte[], byte[]> consumer = client.consumer(Map.of())) {
            seen.sawOutcome(
                    "partitions of a topic that does not exist",
                    () -> consumer.partitionsFor(Client.newName("absent"), Duration.ofSeconds(3)));
        }
    }
}
