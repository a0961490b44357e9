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
import org.apache.kafka.clients.admin.ListConfigResourcesOptions;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.ConfigResource.Type;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ConsumerGroupHeartbeatResponse;
import org.apache.kafka.common.requests.ListConfigResourcesResponse;
import org.jspecify.annotations.Nullable;

/** Configurations of what is no topic. */
final class ConfigScenarios {

    private ConfigScenarios() {}

    static Stream<Scenario> all() {
        return Stream.of(
                new Scenario("default configuration of a group", ConfigScenarios::groupDefaults),
                new Scenario("altering configuration of a group", ConfigScenarios::alterGroup),
                new Scenario("configuration of brokers", ConfigScenarios::brokers),
                new Scenario("what has configurations", ConfigScenarios::resources));
    }

    private static void groupDefaults(Client client, Observation seen) throws Exception {
        try (Admin admin = client.admin()) {
            Config config = config(admin, Type.GROUP, Client.newName("group"));
            for (ConfigEntry entry : config.entries()) {
                seen.saw(entry.name(), entry.value());
                seen.saw(
                        entry.name() + " is",
                        "type: %s, read-only: %s, sensitive: %s"
                                .formatted(entry.type(), entry.isReadOnly(), entry.isSensitive()));
            }
            seen.sawOutcome("of no group", () -> config(admin, Type.GROUP, ""));
        }
    }

    private static void alterGroup(Client client, Observation seen) throws Exception {
        String group = Client.newName("group");
        try (Admin admin = client.admin()) {
            record Change(String key, String value, OpType type) {}
            for (Change change :
                    List.of(
                            new Change("consumer.session.timeout.ms", "50000", OpType.SET),
                            new Change("consumer.heartbeat.interval.ms", "7000", OpType.SET),
                            new Change("consumer.heartbeat.interval.ms", "50000", OpType.SET),
                            new Change("consumer.session.timeout.ms", "5", OpType.SET),
                            new Change("consumer.session.timeout.ms", "soon", OpType.SET),
                            new Change("consumer.session.timeout.ms", "1", OpType.APPEND),
                            new Change("streams.num.standby.replicas", "1", OpType.SET),
                            new Change("streams.num.standby.replicas", "99", OpType.SET),
                            new Change("share.auto.offset.reset", "earliest", OpType.SET),
                            new Change("share.auto.offset.reset", "somewhere", OpType.SET),
                            new Change("share.isolation.level", "read_committed", OpType.SET),
                            new Change("share.record.lock.duration.ms", "20000", OpType.SET),
                            new Change("consumer.session.timeout.ms", "", OpType.DELETE),
                            new Change("no.such.key", "1", OpType.SET))) {
                String before = value(admin, group, change.key());
                String outcome =
                        seen.sawOutcome(
                                change.toString(),
                                () ->
                                        alter(
                                                admin,
                                                Type.GROUP,
                                                group,
                                                change.key(),
                                                change.value(),
                                                change.type()));
                if (outcome.equals("null")) {
                    // Apache Kafka answers before all brokers know.
                    await().until(() -> !value(admin, group, change.key()).equals(before));
                }
                seen.saw(change + " then", value(admin, group, change.key()));
            }
            seen.sawOutcome(
                    "of no group",
                    () ->
                            alter(
                                    admin,
                                    Type.GROUP,
                                    "",
                                    "consumer.session.timeout.ms",
                                    "50000",
                                    OpType.SET));
            Config config = config(admin, Type.GROUP, group);
            seen.saw(
                    "set by the group",
                    config.entries().stream()
                            .filter(
                                    entry ->
                                            entry.source()
                                                    == ConfigEntry.ConfigSource
                                                            .DYNAMIC_GROUP_CONFIG)
                            .map(ConfigEntry::name)
                            .sorted()
                            .toList());
            seen.saw("heartbeat interval of a member", heartbeatInterval(client, group));
        }
    }

    private static int heartbeatInterval(Client client, String group) throws Exception {
        ConsumerGroupHeartbeatRequestData request =
                new ConsumerGroupHeartbeatRequestData()
                        .setGroupId(group)
                        .setMemberId("member")
                        .setMemberEpoch(0)
                        .setRebalanceTimeoutMs(60_000)
                        .setSubscribedTopicNames(List.of("absent"))
                        .setTopicPartitions(List.of());
        try (Wire wire = client.wire()) {
            return wire.askCoordinator(group, request, 1, ConsumerGroupHeartbeatResponse.class)
                    .data()
                    .heartbeatIntervalMs();
        }
    }

    private static void brokers(Client client, Observation seen) throws Exception {
        try (Admin admin = client.admin()) {
            int broker = admin.describeCluster().nodes().get().iterator().next().id();
            String id = Integer.toString(broker);
            Config config = config(admin, Type.BROKER, id);
            for (String key :
                    List.of(
                            "log.cleanup.policy",
                            "compression.type",
                            "message.max.bytes",
                            "log.message.timestamp.type",
                            "auto.create.topics.enable")) {
                seen.saw(key, Optional.ofNullable(config.get(key)).map(ConfigEntry::value));
            }
            seen.saw(
                    "default for brokers",
                    config(admin, Type.BROKER, "").entries().stream()
                            // Apache Kafka sets it when eligible leader replicas are on.
                            .filter(entry -> !entry.name().equals("min.insync.replicas"))
                            .toList());
            seen.sawOutcome("of an absent broker", () -> config(admin, Type.BROKER, "1000"));
            seen.sawOutcome("of no number", () -> config(admin, Type.BROKER, "first"));
            seen.sawOutcome(
                    "a configuration that cannot be changed",
                    () -> alter(admin, Type.BROKER, id, "node.id", "7", OpType.SET));
            seen.sawOutcome(
                    "metrics of clients",
                    () -> config(admin, Type.CLIENT_METRICS, Client.newName("m")).entries());
            seen.sawOutcome("metrics of nobody", () -> config(admin, Type.CLIENT_METRICS, ""));
        }
    }

    private static void resources(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(1, Map.of());
        String group = Client.newName("group");
        try (Admin admin = client.admin()) {
            alter(admin, Type.GROUP, group, "consumer.session.timeout.ms", "50000", OpType.SET);
            ConfigResource one = new ConfigResource(Type.GROUP, group);
            await().until(() -> resources(admin, Type.GROUP).contains(one));
            seen.saw("groups", resources(admin, Type.GROUP).contains(one));
            seen.saw(
                    "topics",
                    resources(admin, Type.TOPIC).contains(new ConfigResource(Type.TOPIC, topic)));
            seen.saw("brokers", resources(admin, Type.BROKER).size());
            seen.saw("metrics", resources(admin, Type.CLIENT_METRICS));
            seen.sawOutcome("unknown", () -> resources(admin, Type.UNKNOWN));
        }
        try (Wire wire = client.wire()) {
            for (int version = 0; version <= 1; version++) {
                for (Type type : Type.values()) {
                    ListConfigResourcesRequestData request = new ListConfigResourcesRequestData();
                    if (version > 0) {
                        request.setResourceTypes(List.of(type.id()));
                    }
                    seen.saw(
                            "version %d, %s".formatted(version, type),
                            Errors.forCode(
                                    wire.ask(request, version, ListConfigResourcesResponse.class)
                                            .data()
                                            .errorCode()));
                }
            }
        }
    }

    private static Set<ConfigResource> resources(Admin admin, Type type) throws Exception {
        return Set.copyOf(
                admin.listConfigResources(Set.of(type), new ListConfigResourcesOptions())
                        .all()
                        .get());
    }

    static @Nullable Object alter(
            Admin admin, Type type, String name, String key, String value, OpType operation)
            throws Exception {
        return admin.incrementalAlterConfigs(
                        Map.of(
                                new ConfigResource(type, name),
                                Set.of(new AlterConfigOp(new ConfigEntry(key, value), operation))))
                .all()
                .get();
    }

    private static Config config(Admin admin, Type type, String name) throws Exception {
        ConfigResource resource = new ConfigResource(type, name);
        return Objects.requireNonNull(
                admin.describeConfigs(List.of(resource)).all().get().get(resource));
    }

    /** Has the members of a group get their assignments at once, in the answer. */
    static void assignAtOnce(Client client, String group) throws Exception {
        try (Admin admin = client.admin()) {
            String key = "consumer.assignment.interval.ms";
            alter(admin, Type.GROUP, group, key, "0", OpType.SET);
            await().until(() -> value(admin, group, key).equals("0"));
        }
    }

    private static String value(Admin admin, String group, String key) throws Exception {
        return Optional.ofNullable(config(admin, Type.GROUP, group).get(key))
                .map(ConfigEntry::value)
                .orElse("absent");
    }
}
