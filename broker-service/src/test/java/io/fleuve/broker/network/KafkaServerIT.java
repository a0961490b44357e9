package io.fleuve.broker.network;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaServerIT {

    private BrokerOnFakes broker;

    @BeforeEach
    void start() {
        broker = new BrokerOnFakes();
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void consumerReadsWhatProducerWrote(String compression) throws Exception {
        TopicPartition partition = new TopicPartition("round-trip", 0);
        List<String> written = new ArrayList<>();
        try (var producer =
                producer(Map.of("compression.type", compression, "batch.size", 2_000))) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                written.add("value " + i);
                sent.add(producer.send(record(partition, i, "value " + i)));
            }
            for (int i = 0; i < sent.size(); i++) {
                assertThat(sent.get(i).get().offset()).isEqualTo(i);
            }
        }
        assertThat(read(partition, 500)).isEqualTo(written);
    }

    @Test
    void fetchGathersBatchesOfManyAppends() throws Exception {
        TopicPartition partition = new TopicPartition("many-batches", 0);
        try (var producer = producer(Map.of("batch.size", 0))) {
            for (int i = 0; i < 100; i++) {
                producer.send(record(partition, i, "x" + i)).get();
            }
        }
        assertThat(read(partition, 100)).hasSize(100).startsWith("x0").endsWith("x99");
    }

    @Test
    void waitingFetchIsAnsweredWhenRecordsArrive() throws Exception {
        TopicPartition partition = new TopicPartition("tail", 0);
        try (var consumer = consumer(Map.of("fetch.max.wait.ms", 60_000));
                var producer = producer(Map.of())) {
            producer.send(record(partition, 0, "first")).get();
            consumer.assign(List.of(partition));
            consumer.seek(partition, 1);
            assertThat(consumer.poll(Duration.ofMillis(300)).isEmpty()).isTrue();
            producer.send(record(partition, 1, "second")).get();
            var records = consumer.poll(Duration.ofSeconds(20));
            assertThat(records.records(partition)).hasSize(1);
            assertThat(records.records(partition).getFirst().offset()).isEqualTo(1);
        }
    }

    @Test
    void fireAndForgetProducerIsServed() throws Exception {
        TopicPartition partition = new TopicPartition("acks-0", 0);
        try (var producer = producer(Map.of("acks", "0", "enable.idempotence", false))) {
            for (int i = 0; i < 50; i++) {
                producer.send(record(partition, i, "y" + i));
            }
        }
        assertThat(read(partition, 50)).hasSize(50);
    }

    @Test
    void adminManagesTopics() throws Exception {
        try (Admin admin = Admin.create(broker.clientConfig())) {
            admin.createTopics(
                            List.of(
                                    new NewTopic("managed", 3, (short) 3)
                                            .configs(Map.of("retention.ms", "-1"))))
                    .all()
                    .get();
            assertThatThrownBy(
                            () ->
                                    admin.createTopics(
                                                    List.of(
                                                            new NewTopic(
                                                                    "managed",
                                                                    Optional.empty(),
                                                                    Optional.empty())))
                                            .all()
                                            .get())
                    .hasCauseInstanceOf(TopicExistsException.class);
            admin.createPartitions(Map.of("managed", NewPartitions.increaseTo(5))).all().get();
            TopicDescription description =
                    admin.describeTopics(List.of("managed"))
                            .topicNameValues()
                            .values()
                            .iterator()
                            .next()
                            .get();
            assertThat(description.partitions()).hasSize(5);
            assertThat(description.partitions().get(4).leader().port())
                    .isEqualTo(broker.server.port());
            assertThat(admin.listTopics().names().get()).contains("managed");
            assertThat(admin.describeCluster().clusterId().get()).isEqualTo("in-memory-cluster");
            admin.deleteTopics(List.of("managed")).all().get();
            assertThatThrownBy(() -> admin.describeTopics(List.of("managed")).allTopicNames().get())
                    .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }

    @Test
    void adminReadsAndChangesConfigurations() throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, "configured");
        try (Admin admin = Admin.create(broker.clientConfig())) {
            admin.createTopics(List.of(new NewTopic("configured", 1, (short) 1))).all().get();
            admin.incrementalAlterConfigs(
                            Map.of(
                                    resource,
                                    List.of(
                                                    set("cleanup.policy", "compact"),
                                                    new AlterConfigOp(
                                                            new ConfigEntry(
                                                                    "cleanup.policy", "delete"),
                                                            AlterConfigOp.OpType.APPEND))
                                            .subList(0, 1)))
                    .all()
                    .get();
            admin.incrementalAlterConfigs(
                            Map.of(
                                    resource,
                                    List.of(
                                            new AlterConfigOp(
                                                    new ConfigEntry("cleanup.policy", "delete"),
                                                    AlterConfigOp.OpType.APPEND))))
                    .all()
                    .get();
            var config = describe(admin, resource);
            assertThat(config.get("cleanup.policy").value()).isEqualTo("compact,delete");
            assertThat(config.get("cleanup.policy").source())
                    .isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG);
            assertThat(config.get("retention.ms").isDefault()).isTrue();
            assertThatThrownBy(
                            () ->
                                    admin.incrementalAlterConfigs(
                                                    Map.of(
                                                            resource,
                                                            List.of(set("retention.ms", "soon"))))
                                            .all()
                                            .get())
                    .hasCauseInstanceOf(InvalidConfigurationException.class)
                    .hasMessageContaining("retention.ms");
            ConfigResource self = new ConfigResource(ConfigResource.Type.BROKER, "1");
            var own = describe(admin, self);
            assertThat(own.get("num.partitions").isReadOnly()).isTrue();
        }
    }

    @Test
    void offsetsAreFoundByTime() throws Exception {
        TopicPartition partition = new TopicPartition("times", 0);
        long now = System.currentTimeMillis();
        try (var producer = producer(Map.of("linger.ms", 50));
                var consumer = consumer(Map.of());
                Admin admin = Admin.create(broker.clientConfig())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                long timestamp = i == 4 ? now : now - 10_000 + i;
                sent.add(
                        producer.send(
                                new ProducerRecord<>(
                                        partition.topic(), 0, timestamp, null, new byte[] {1})));
            }
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
            OffsetAndTimestamp found =
                    requireNonNull(
                            consumer.offsetsForTimes(Map.of(partition, now - 9_998))
                                    .get(partition));
            assertThat(found.offset()).isEqualTo(2);
            assertThat(found.timestamp()).isEqualTo(now - 9_998);
            assertThat(consumer.endOffsets(List.of(partition))).containsEntry(partition, 10L);
            assertThat(consumer.beginningOffsets(List.of(partition))).containsEntry(partition, 0L);
            var latest =
                    admin.listOffsets(Map.of(partition, OffsetSpec.maxTimestamp()))
                            .partitionResult(partition)
                            .get();
            assertThat(latest.offset()).isEqualTo(4);
            assertThat(latest.timestamp()).isEqualTo(now);
        }
    }

    @Test
    void refusalsReachTheProducer() throws Exception {
        try (Admin admin = Admin.create(broker.clientConfig());
                var producer = producer(Map.of())) {
            admin.createTopics(
                            List.of(
                                    new NewTopic("strict", 1, (short) 1)
                                            .configs(Map.of("max.message.bytes", "1000"))))
                    .all()
                    .get();
            assertThatThrownBy(
                            () ->
                                    producer.send(new ProducerRecord<>("strict", new byte[5_000]))
                                            .get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(RecordTooLargeException.class);
            long tomorrow = System.currentTimeMillis() + 86_400_000;
            assertThatThrownBy(
                            () ->
                                    producer.send(
                                                    new ProducerRecord<>(
                                                            "strict",
                                                            0,
                                                            tomorrow,
                                                            null,
                                                            new byte[1]))
                                            .get())
                    .hasCauseInstanceOf(InvalidTimestampException.class);
        }
    }

    @Test
    void producerRetriesWhileTheStoreIsAway() throws Exception {
        TopicPartition partition = new TopicPartition("patient", 0);
        try (var producer = producer(Map.of("retry.backoff.ms", 20))) {
            producer.send(record(partition, 0, "a")).get();
            broker.logs.setAvailable(false);
            Future<RecordMetadata> late = producer.send(record(partition, 1, "b"));
            await().untilAsserted(
                            () ->
                                    assertThat(
                                                    broker.meters
                                                            .find("fleuve.kafka.errors")
                                                            .tag("error", "NOT_ENOUGH_REPLICAS")
                                                            .counter())
                                            .isNotNull());
            assertThat(late.isDone()).isFalse();
            broker.logs.setAvailable(true);
            assertThat(late.get().offset()).isEqualTo(1);
        }
    }

    private static Config describe(Admin admin, ConfigResource resource) throws Exception {
        return requireNonNull(admin.describeConfigs(List.of(resource)).all().get().get(resource));
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    }

    private static ProducerRecord<byte[], byte[]> record(
            TopicPartition partition, int key, String value) {
        return new ProducerRecord<>(
                partition.topic(),
                partition.partition(),
                Integer.toString(key).getBytes(StandardCharsets.UTF_8),
                value.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> read(TopicPartition partition, int count) {
        List<String> values = new ArrayList<>();
        try (var consumer = consumer(Map.of())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (values.size() < count && System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> each : consumer.poll(Duration.ofMillis(200))) {
                    values.add(new String(each.value(), StandardCharsets.UTF_8));
                }
            }
        }
        return values;
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> configs) {
        Map<String, Object> all = new HashMap<>(broker.clientConfig());
        all.putAll(configs);
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> configs) {
        Map<String, Object> all = new HashMap<>(broker.clientConfig());
        all.put("isolation.level", "read_committed");
        all.putAll(configs);
        return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
