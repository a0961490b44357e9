package io.fleuve.conformance.scenario;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.ListOffsetsResponse;

/** What topics demand of records, and make of them. */
final class TopicRuleScenarios {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final short FETCH_VERSION = 12;

    private TopicRuleScenarios() {}

    static Stream<Scenario> all() {
        return Stream.of(
                new Scenario("compression of a topic", TopicRuleScenarios::compression),
                new Scenario("size of what is recompressed", TopicRuleScenarios::recompressed),
                new Scenario("rules that change", TopicRuleScenarios::changes),
                new Scenario("special times at all versions", TopicRuleScenarios::specialTimes));
    }

    private static void compression(Client client, Observation seen) throws Exception {
        for (String wanted : List.of("producer", "uncompressed", "gzip", "snappy", "lz4", "zstd")) {
            String topic = client.newTopic(1, Map.of("compression.type", wanted));
            for (String sent : List.of("none", "gzip", "zstd")) {
                try (KafkaProducer<byte[], byte[]> producer =
                        client.producer(Map.of("compression.type", sent))) {
                    producer.send(new ProducerRecord<>(topic, 0, 5L, null, new byte[1_000])).get();
                }
            }
            seen.saw(
                    wanted,
                    batches(client, topic).stream().map(TopicRuleScenarios::describe).toList());
            seen.saw(
                    wanted + " as read",
                    client.read(topic, 1, 3, Map.of()).stream()
                            .map(it -> it.timestamp() + " " + it.value().length)
                            .toList());
        }
        String stamped =
                client.newTopic(
                        1,
                        Map.of(
                                "compression.type",
                                "lz4",
                                "message.timestamp.type",
                                "LogAppendTime"));
        try (KafkaProducer<byte[], byte[]> producer = client.producer(Map.of())) {
            RecordMetadata sent =
                    producer.send(new ProducerRecord<>(stamped, 0, 5L, null, new byte[10])).get();
            RecordBatch batch = batches(client, stamped).getFirst();
            seen.saw("stamped", describe(batch));
            seen.saw("with the time that was told", batch.maxTimestamp() == sent.timestamp());
        }
    }

    private static String describe(RecordBatch batch) {
        return "%s at %d, %d records, %s, sequence %d"
                .formatted(
                        batch.compressionType(),
                        batch.baseOffset(),
                        batch.countOrNull(),
                        batch.timestampType(),
                        batch.baseSequence());
    }

    private static List<RecordBatch> batches(Client client, String topic) throws IOException {
        FetchTopic asked = new FetchTopic().setTopic(topic);
        asked.partitions().add(new FetchPartition().setPartitionMaxBytes(10_000_000));
        FetchRequestData request =
                new FetchRequestData().setMaxWaitMs(100).setMinBytes(1).setMaxBytes(10_000_000);
        request.topics().add(asked);
        try (Wire wire = client.wire()) {
            FetchResponse answer = wire.ask(request, FETCH_VERSION, FetchResponse.class);
            List<RecordBatch> batches = new ArrayList<>();
            FetchResponse.recordsOrFail(
                            answer.data().responses().getFirst().partitions().getFirst())
                    .batches()
                    .forEach(batches::add);
            return batches;
        }
    }

    private static void recompressed(Client client, Observation seen) throws Exception {
        Map<String, String> limit = Map.of("max.message.bytes", "5000");
        for (var rule : Map.of("uncompressed", "gzip", "gzip", "none").entrySet()) {
            String topic =
                    client.newTopic(
                            1,
                            Map.of(
                                    "compression.type",
                                    rule.getKey(),
                                    "max.message.bytes",
                                    limit.get("max.message.bytes")));
            try (KafkaProducer<byte[], byte[]> producer =
                    client.producer(Map.of("compression.type", rule.getValue()))) {
                for (int size : List.of(1_000, 10_000)) {
                    seen.sawOutcome(
                            "%d bytes, sent as %s, kept as %s"
                                    .formatted(size, rule.getValue(), rule.getKey()),
                            () ->
                                    producer.send(
                                                    new ProducerRecord<>(
                                                            topic, 0, null, null, new byte[size]))
                                            .get()
                                            .offset());
                }
            }
        }
    }

    private static void changes(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(1, Map.of());
        long now = System.currentTimeMillis();
        long hour = Duration.ofHours(1).toMillis();
        record Step(
                String name, String key, String value, ProducerRecord<byte[], byte[]> message) {}
        ProducerRecord<byte[], byte[]> large =
                new ProducerRecord<>(topic, 0, null, null, new byte[2_000]);
        ProducerRecord<byte[], byte[]> old =
                new ProducerRecord<>(topic, 0, now - hour, null, new byte[1]);
        ProducerRecord<byte[], byte[]> future =
                new ProducerRecord<>(topic, 0, now + 3 * hour, null, new byte[1]);
        ProducerRecord<byte[], byte[]> keyless =
                new ProducerRecord<>(topic, 0, null, null, new byte[1]);
        try (Admin admin = client.admin();
                KafkaProducer<byte[], byte[]> producer = client.producer(Map.of("retries", 0))) {
            for (Step step :
                    List.of(
                            new Step("smaller", "max.message.bytes", "1000", large),
                            new Step("larger", "max.message.bytes", "100000", large),
                            new Step("not old", "message.timestamp.before.max.ms", "1000", old),
                            new Step("stamped", "message.timestamp.type", "LogAppendTime", old),
                            new Step("not stamped", "message.timestamp.type", "CreateTime", old),
                            new Step(
                                    "old again",
                                    "message.timestamp.before.max.ms",
                                    Long.toString(Long.MAX_VALUE),
                                    old),
                            new Step(
                                    "from the future",
                                    "message.timestamp.after.max.ms",
                                    Long.toString(10 * hour),
                                    future),
                            new Step(
                                    "not from the future",
                                    "message.timestamp.after.max.ms",
                                    "1000",
                                    future),
                            new Step("with keys", "cleanup.policy", "compact", keyless),
                            new Step("without keys", "cleanup.policy", "delete", keyless))) {
                String before = outcome(producer, step.message());
                admin.incrementalAlterConfigs(
                                Map.of(
                                        new ConfigResource(ConfigResource.Type.TOPIC, topic),
                                        Set.of(
                                                new AlterConfigOp(
                                                        new ConfigEntry(step.key(), step.value()),
                                                        AlterConfigOp.OpType.SET))))
                        .all()
                        .get();
                String after =
                        await().atMost(PATIENCE)
                                .until(
                                        () -> outcome(producer, step.message()),
                                        outcome -> !outcome.equals(before));
                seen.saw(step.name(), before + ", then " + after);
            }
        }
    }

    private static String outcome(
            KafkaProducer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> message)
            throws InterruptedException {
        try {
            RecordMetadata metadata = producer.send(message).get();
            Long sent = message.timestamp();
            return sent == null || metadata.timestamp() == sent ? "accepted" : "stamped";
        } catch (ExecutionException e) {
            return String.valueOf(e.getCause()).replaceAll(":.*", "");
        }
    }

    private static void specialTimes(Client client, Observation seen) throws Exception {
        String empty = client.newTopic(1, Map.of());
        String filled = client.newTopic(1, Map.of());
        RecordScenarios.produceNumbers(client, filled, 20, Map.of());
        try (Wire wire = client.wire()) {
            for (int version = ApiKeys.LIST_OFFSETS.oldestVersion();
                    version <= ApiKeys.LIST_OFFSETS.latestVersion();
                    version++) {
                for (long time = -7; time <= 0; time++) {
                    for (String topic : List.of(empty, filled)) {
                        seen.saw(
                                "%s, time %d, version %d"
                                        .formatted(
                                                topic.equals(empty) ? "empty" : "filled",
                                                time,
                                                version),
                                listOffset(wire, topic, time, version));
                    }
                }
            }
        }
    }

    private static String listOffset(Wire wire, String topic, long time, int version)
            throws IOException {
        ListOffsetsRequestData request =
                new ListOffsetsRequestData()
                        .setReplicaId(-1)
                        .setTopics(
                                List.of(
                                        new ListOffsetsTopic()
                                                .setName(topic)
                                                .setPartitions(
                                                        List.of(
                                                                new ListOffsetsPartition()
                                                                        .setTimestamp(time)))));
        var answer =
                wire.ask(request, version, ListOffsetsResponse.class)
                        .topics()
                        .getFirst()
                        .partitions()
                        .getFirst();
        return "%s, offset %d, has a time: %s, has an epoch: %s"
                .formatted(
                        Errors.forCode(answer.errorCode()),
                        answer.offset(),
                        answer.timestamp() >= 0,
                        answer.leaderEpoch() >= 0);
    }
}
