package io.fleuve.conformance.scenario;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitionsCollection;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.quota.ClientQuotaFilterComponent;
import org.apache.kafka.common.requests.ElectLeadersResponse;
import org.jspecify.annotations.Nullable;

/** Where partitions are and who leads them, as operators would have it. */
final class PlacementScenarios {

    private PlacementScenarios() {}

    static Stream<Scenario> all() {
        return Stream.of(
                new Scenario("electing leaders", PlacementScenarios::elect),
                new Scenario("electing leaders at all versions", PlacementScenarios::electAll),
                new Scenario("reassigning partitions", PlacementScenarios::reassign),
                new Scenario("replicas by hand", PlacementScenarios::byHand),
                new Scenario("quotas of clients", PlacementScenarios::quotas));
    }

    private static void elect(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(2, Map.of());
        try (Admin admin = client.admin()) {
            for (ElectionType type : ElectionType.values()) {
                for (var asked :
                        Map.of(
                                        "a partition",
                                        new TopicPartition(topic, 1),
                                        "a partition that does not exist",
                                        new TopicPartition(topic, 2),
                                        "a partition of a topic that does not exist",
                                        new TopicPartition(Client.newName("absent"), 0))
                                .entrySet()) {
                    seen.sawOutcome(
                            type + " for " + asked.getKey(),
                            () ->
                                    admin
                                            .electLeaders(type, Set.of(asked.getValue()))
                                            .partitions()
                                            .get()
                                            .values()
                                            .stream()
                                            .map(PlacementScenarios::kind)
                                            .toList());
                }
                seen.sawOutcome(
                        type + " for all partitions",
                        () -> admin.electLeaders(type, null).partitions().get());
            }
        }
    }

    private static String kind(Optional<Throwable> error) {
        return error.map(it -> it.getClass().getSimpleName()).orElse("elected");
    }

    private static void electAll(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(1, Map.of());
        try (Wire wire = client.wire()) {
            for (int version = 0; version <= 2; version++) {
                for (int type = 0; type <= (version == 0 ? 0 : 3); type++) {
                    ElectLeadersResponseData answer = elect(wire, version, type, topic);
                    String fact = "version %d, election type %d".formatted(version, type);
                    seen.saw(fact, Errors.forCode(answer.errorCode()));
                    answer.replicaElectionResults()
                            .forEach(
                                    result ->
                                            seen.saw(
                                                    fact + ", the partition",
                                                    result.partitionResult().stream()
                                                            .map(
                                                                    it ->
                                                                            Errors.forCode(
                                                                                    it.errorCode()))
                                                            .toList()));
                }
            }
        }
    }

    private static ElectLeadersResponseData elect(Wire wire, int version, int type, String topic)
            throws IOException {
        TopicPartitionsCollection topics = new TopicPartitionsCollection();
        topics.add(new TopicPartitions().setTopic(topic).setPartitions(List.of(0)));
        ElectLeadersRequestData request =
                new ElectLeadersRequestData().setTopicPartitions(topics).setTimeoutMs(10_000);
        if (version > 0) {
            request.setElectionType((byte) type);
        }
        return wire.ask(request, version, ElectLeadersResponse.class).data();
    }

    private static void reassign(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(1, Map.of());
        try (Admin admin = client.admin()) {
            int broker = admin.describeCluster().nodes().get().iterator().next().id();
            Map<String, List<Integer>> targets = new LinkedHashMap<>();
            targets.put("where it is", List.of(broker));
            targets.put("nowhere", List.of());
            targets.put("to a broker that does not exist", List.of(1_000));
            targets.put("twice to one broker", List.of(broker, broker));
            targets.put("to a broker below zero", List.of(-1));
            for (var target : targets.entrySet()) {
                seen.sawOutcome(
                        target.getKey(),
                        () -> reassign(admin, new TopicPartition(topic, 0), target.getValue()));
            }
            for (TopicPartition partition :
                    List.of(
                            new TopicPartition(topic, 0),
                            new TopicPartition(topic, 1),
                            new TopicPartition(Client.newName("absent"), 0))) {
                String name =
                        partition.topic().equals(topic)
                                ? "partition " + partition.partition()
                                : "an absent topic";
                seen.sawOutcome("cancel for " + name, () -> reassign(admin, partition, null));
                seen.sawOutcome(
                        "listed for " + name,
                        () ->
                                admin.listPartitionReassignments(Set.of(partition))
                                        .reassignments()
                                        .get());
            }
            seen.sawOutcome(
                    "the absent partition",
                    () -> reassign(admin, new TopicPartition(topic, 1), List.of(broker)));
            seen.saw("listed", admin.listPartitionReassignments().reassignments().get());
        }
    }

    private static Object reassign(
            Admin admin, TopicPartition partition, @Nullable List<Integer> brokers)
            throws Exception {
        admin.alterPartitionReassignments(
                        Map.of(
                                partition,
                                Optional.ofNullable(brokers).map(NewPartitionReassignment::new)))
                .all()
                .get();
        return "done";
    }

    private static void byHand(Client client, Observation seen) throws Exception {
        try (Admin admin = client.admin()) {
            int broker = admin.describeCluster().nodes().get().iterator().next().id();
            Map<String, Map<Integer, List<Integer>>> plans = new LinkedHashMap<>();
            plans.put("two partitions", Map.of(0, List.of(broker), 1, List.of(broker)));
            plans.put("a broker twice", Map.of(0, List.of(broker, broker)));
            plans.put("no broker", Map.of(0, List.of()));
            plans.put("an unknown broker", Map.of(0, List.of(broker), 1, List.of(1_000)));
            plans.put("no partition 0", Map.of(1, List.of(broker)));
            plans.put("a gap", Map.of(0, List.of(broker), 2, List.of(broker)));
            for (var plan : plans.entrySet()) {
                String topic = Client.newName("byhand");
                seen.sawOutcome(
                        plan.getKey(),
                        () ->
                                admin.createTopics(List.of(new NewTopic(topic, plan.getValue())))
                                        .numPartitions(topic)
                                        .get());
            }
            String topic = client.newTopic(1, Map.of());
            Map<String, List<List<Integer>>> additions = new LinkedHashMap<>();
            additions.put("added on an unknown broker", List.of(List.of(1_000)));
            additions.put("added on a broker twice", List.of(List.of(broker, broker)));
            additions.put("added on no broker", List.of(List.of()));
            additions.put("added with too many places", List.of(List.of(broker), List.of(broker)));
            additions.put("added", List.of(List.of(broker)));
            for (var addition : additions.entrySet()) {
                seen.sawOutcome(
                        addition.getKey(),
                        () ->
                                admin.createPartitions(
                                                Map.of(
                                                        topic,
                                                        NewPartitions.increaseTo(
                                                                2,
                                                                new ArrayList<>(
                                                                        addition.getValue()))))
                                        .all()
                                        .get());
            }
        }
    }

    private static void quotas(Client client, Observation seen) throws Exception {
        ClientQuotaEntity entity =
                new ClientQuotaEntity(Map.of(ClientQuotaEntity.USER, Client.newName("user")));
        try (Admin admin = client.admin()) {
            seen.saw("all", admin.describeClientQuotas(ClientQuotaFilter.all()).entities().get());
            Map<String, List<ClientQuotaFilterComponent>> filters = new LinkedHashMap<>();
            filters.put(
                    "of a user",
                    List.of(ClientQuotaFilterComponent.ofEntity(ClientQuotaEntity.USER, "ada")));
            filters.put(
                    "of users twice",
                    List.of(
                            ClientQuotaFilterComponent.ofEntityType(ClientQuotaEntity.USER),
                            ClientQuotaFilterComponent.ofEntityType(ClientQuotaEntity.USER)));
            filters.put(
                    "of something else",
                    List.of(ClientQuotaFilterComponent.ofEntityType("something-else")));
            filters.put("of a nameless type", List.of(ClientQuotaFilterComponent.ofEntityType("")));
            filters.put(
                    "of an address and a user",
                    List.of(
                            ClientQuotaFilterComponent.ofEntityType(ClientQuotaEntity.IP),
                            ClientQuotaFilterComponent.ofEntityType(ClientQuotaEntity.USER)));
            for (var filter : filters.entrySet()) {
                seen.sawOutcome(
                        filter.getKey(),
                        () ->
                                admin.describeClientQuotas(
                                                ClientQuotaFilter.contains(filter.getValue()))
                                        .entities()
                                        .get());
            }
            seen.sawOutcome("removed", () -> alter(admin, entity, "producer_byte_rate", null));
            seen.sawOutcome("set", () -> alter(admin, entity, "producer_byte_rate", 1e9));
            seen.sawOutcome("set without meaning", () -> alter(admin, entity, "no_such_rate", 1e9));
        }
    }

    private static @Nullable Object alter(
            Admin admin, ClientQuotaEntity entity, String key, @Nullable Double value)
            throws Exception {
        return admin.alterClientQuotas(
                        List.of(
                                new ClientQuotaAlteration(
                                        entity, List.of(new ClientQuotaAlteration.Op(key, value)))))
                .all()
                .get();
    }
}
