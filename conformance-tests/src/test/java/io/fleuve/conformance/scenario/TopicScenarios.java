package io.fleuve.conformance.scenario;

import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;

/** Topics, their partitions and their configuration. */
final class TopicScenarios {

    /** What clients and tools read. */
    private static final List<String> MAIN_KEYS =
            List.of(
                    "cleanup.policy",
                    "compression.type",
                    "delete.retention.ms",
                    "max.message.bytes",
                    "message.timestamp.after.max.ms",
                    "message.timestamp.before.max.ms",
                    "message.timestamp.type",
                    "min.cleanable.dirty.ratio",
                    "min.compaction.lag.ms",
                    "min.insync.replicas",
                    "retention.bytes",
                    "retention.ms",
                    "segment.bytes",
                    "segment.ms",
                    "unclean.leader.election.enable");

    private TopicScenarios() {}

    static Stream<Scenario> all() {
        return Stream.of(
                new Scenario("creating and describing topics", TopicScenarios::create),
                new Scenario("adding partitions", TopicScenarios::addPartitions),
                new Scenario("deleting topics", TopicScenarios::delete),
                new Scenario("default configuration", TopicScenarios::defaultConfigs),
                new Scenario("altering configuration", TopicScenarios::alterConfigs),
                new Scenario("the cluster", TopicScenarios::cluster));
    }

    private static void create(Client client, Observation seen) throws Exception {
        String topic = Client.newName("topic");
        try (Admin admin = client.admin()) {
            NewTopic request =
                    new NewTopic(topic, 3, (short) 1).configs(Map.of("cleanup.policy", "compact"));
            var dryRun =
                    admin.createTopics(
                            List.of(request), new CreateTopicsOptions().validateOnly(true));
            seen.saw("partitions of a dry run", dryRun.numPartitions(topic).get());
            seen.saw("listed after a dry run", admin.listTopics().names().get().contains(topic));
            var created = admin.createTopics(List.of(request));
            seen.saw("partitions", created.numPartitions(topic).get());
            seen.saw("replication factor", created.replicationFactor(topic).get());
            seen.saw("policy", created.config(topic).get().get("cleanup.policy").value());
            Uuid id = created.topicId(topic).get();
            seen.saw("has an id", !id.equals(Uuid.ZERO_UUID));
            Client.awaitTopic(admin, topic, 3);
            TopicDescription description = describe(admin, topic);
            seen.saw("described with that id", description.topicId().equals(id));
            seen.saw("internal", description.isInternal());
            description
                    .partitions()
                    .forEach(
                            partition ->
                                    seen.saw(
                                            "partition " + partition.partition(),
                                            "led: %s, replicas: %d, in sync: %d"
                                                    .formatted(
                                                            partition.leader() != null,
                                                            partition.replicas().size(),
                                                            partition.isr().size())));
            seen.saw("listed", admin.listTopics().names().get().contains(topic));
        }
    }

    private static void addPartitions(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(2, Map.of());
        RecordScenarios.produceNumbers(client, topic, 10, Map.of());
        try (Admin admin = client.admin()) {
            for (int count : List.of(5, 5, 3, 0)) {
                seen.sawOutcome(
                        "increase to "
                                + count
                                + (count == 5
                                        ? " at " + describe(admin, topic).partitions().size()
                                        : ""),
                        () ->
                                admin.createPartitions(
                                                Map.of(topic, NewPartitions.increaseTo(count)))
                                        .all()
                                        .get());
                if (count == 5) {
                    await().until(() -> describe(admin, topic).partitions().size() == 5);
                }
            }
            seen.saw("partitions", describe(admin, topic).partitions().size());
        }
        RecordScenarios.produceNumbers(client, topic, 10, Map.of());
        seen.saw(
                "records",
                client.read(topic, 5, 20, Map.of()).stream()
                        .map(
                                message ->
                                        message.partition()
                                                + ":"
                                                + message.offset()
                                                + Client.text(message.value()))
                        .sorted()
                        .toList());
    }

    private static void delete(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(2, Map.of());
        RecordScenarios.produceNumbers(client, topic, 10, Map.of());
        try (Admin admin = client.admin()) {
            Uuid id = describe(admin, topic).topicId();
            seen.sawOutcome("delete", () -> admin.deleteTopics(List.of(topic)).all().get());
            await().until(() -> !admin.listTopics().names().get().contains(topic));
            seen.sawOutcome("describe", () -> describe(admin, topic));
            seen.sawOutcome("delete again", () -> admin.deleteTopics(List.of(topic)).all().get());
            await().ignoreExceptions()
                    .until(
                            () -> {
                                admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1)))
                                        .all()
                                        .get();
                                return true;
                            });
            Client.awaitTopic(admin, topic, 1);
            seen.saw(
                    "the same id after creating it again",
                    describe(admin, topic).topicId().equals(id));
        }
        RecordScenarios.produceNumbers(client, topic, 1, Map.of());
        seen.saw("first record", client.read(topic, 1, 1, Map.of()).getFirst().offset());
    }

    private static void defaultConfigs(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(1, Map.of());
        try (Admin admin = client.admin()) {
            Config config = config(admin, topic);
            for (String key : MAIN_KEYS) {
                seen.saw(key, value(config, key));
                ConfigEntry entry = config.get(key);
                seen.saw(
                        key + " is",
                        entry == null
                                ? "absent"
                                : "default: %s, read-only: %s, sensitive: %s"
                                        .formatted(
                                                entry.isDefault(),
                                                entry.isReadOnly(),
                                                entry.isSensitive()));
            }
        }
    }

    private static void alterConfigs(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(1, Map.of("retention.ms", "60000"));
        try (Admin admin = client.admin()) {
            seen.saw("given at creation", value(config(admin, topic), "retention.ms"));
            record Change(String key, String value, OpType type) {}
            for (Change change :
                    List.of(
                            new Change("retention.ms", "120000", OpType.SET),
                            new Change("retention.ms", "-1", OpType.SET),
                            new Change("retention.ms", "", OpType.DELETE),
                            new Change("retention.ms", "soon", OpType.SET),
                            new Change("retention.ms", "-2", OpType.SET),
                            new Change("cleanup.policy", "compact", OpType.APPEND),
                            new Change("cleanup.policy", "delete", OpType.SUBTRACT),
                            new Change("cleanup.policy", "burn", OpType.SET),
                            new Change("max.message.bytes", "2000000", OpType.SET),
                            new Change("no.such.key", "1", OpType.SET))) {
                AlterConfigOp op =
                        new AlterConfigOp(
                                new ConfigEntry(change.key(), change.value()), change.type());
                ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
                String before = value(config(admin, topic), change.key());
                String outcome =
                        seen.sawOutcome(
                                change.toString(),
                                () ->
                                        admin.incrementalAlterConfigs(Map.of(resource, Set.of(op)))
                                                .all()
                                                .get());
                if (outcome.equals("null")) {
                    // Apache Kafka answers before all brokers know.
                    await().until(() -> !value(config(admin, topic), change.key()).equals(before));
                }
                seen.saw(change + " then", value(config(admin, topic), change.key()));
            }
        }
    }

    private static void cluster(Client client, Observation seen) throws Exception {
        try (Admin admin = client.admin()) {
            var cluster = admin.describeCluster();
            seen.saw("nodes", cluster.nodes().get().size());
            seen.saw("has an id", !cluster.clusterId().get().isBlank());
            seen.saw("has a controller", cluster.controller().get() != null);
            seen.sawOutcome(
                    "a topic that does not exist", () -> describe(admin, Client.newName("absent")));
            seen.sawOutcome(
                    "configuration of a topic that does not exist",
                    () -> config(admin, Client.newName("absent")));
        }
    }

    static TopicDescription describe(Admin admin, String topic) throws Exception {
        KafkaFuture<TopicDescription> description =
                Objects.requireNonNull(
                        admin.describeTopics(List.of(topic)).topicNameValues().get(topic));
        return description.get();
    }

    private static Config config(Admin admin, String topic) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return Objects.requireNonNull(
                admin.describeConfigs(List.of(resource)).all().get().get(resource));
    }

    private static String value(Config config, String key) {
        return Optional.ofNullable(config.get(key)).map(ConfigEntry::value).orElse("absent");
    }
}
