package io.fleuve.conformance.scenario;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupResult;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.StreamsGroupDescribeRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ConsumerGroupDescribeResponse;
import org.apache.kafka.common.requests.DeleteGroupsResponse;
import org.apache.kafka.common.requests.DescribeGroupsResponse;
import org.apache.kafka.common.requests.HeartbeatResponse;
import org.apache.kafka.common.requests.LeaveGroupResponse;
import org.apache.kafka.common.requests.OffsetDeleteResponse;
import org.apache.kafka.common.requests.StreamsGroupDescribeResponse;
import org.apache.kafka.common.requests.SyncGroupResponse;

/** Requests about groups at all versions, whole answers, and what must not be. */
final class GroupApiScenarios {

    private GroupApiScenarios() {}

    static Stream<Scenario> all() {
        return Stream.of(
                new Scenario("groups that do not exist", GroupApiScenarios::absent),
                new Scenario("describing a group at all versions", GroupApiScenarios::described),
                new Scenario("listing some groups", GroupApiScenarios::listed),
                new Scenario("deleting offsets", GroupApiScenarios::deletedOffsets),
                new Scenario("removing members", GroupApiScenarios::removed));
    }

    private static void absent(Client client, Observation seen) throws Exception {
        try (Wire wire = client.wire()) {
            for (String group : List.of(Client.newName("absent"), "")) {
                String of = group.isEmpty() ? "a group without a name" : "an absent group";
                for (int version = 0;
                        version <= ApiKeys.DESCRIBE_GROUPS.latestVersion();
                        version++) {
                    sawAnswer(
                            seen,
                            "describe " + of,
                            wire,
                            group,
                            new DescribeGroupsRequestData().setGroups(List.of(group)),
                            version,
                            DescribeGroupsResponse.class);
                }
                for (int version = 0; version <= 1; version++) {
                    sawAnswer(
                            seen,
                            "describe consumers of " + of,
                            wire,
                            group,
                            new ConsumerGroupDescribeRequestData().setGroupIds(List.of(group)),
                            version,
                            ConsumerGroupDescribeResponse.class);
                }
                sawAnswer(
                        seen,
                        "describe streams of " + of,
                        wire,
                        group,
                        new StreamsGroupDescribeRequestData().setGroupIds(List.of(group)),
                        0,
                        StreamsGroupDescribeResponse.class);
                for (int version = 0; version <= ApiKeys.DELETE_GROUPS.latestVersion(); version++) {
                    sawAnswer(
                            seen,
                            "delete " + of,
                            wire,
                            group,
                            new DeleteGroupsRequestData().setGroupsNames(List.of(group)),
                            version,
                            DeleteGroupsResponse.class);
                }
                for (int version = 0; version <= ApiKeys.HEARTBEAT.latestVersion(); version++) {
                    sawAnswer(
                            seen,
                            "heartbeat to " + of,
                            wire,
                            group,
                            new HeartbeatRequestData()
                                    .setGroupId(group)
                                    .setMemberId("nobody")
                                    .setGenerationId(1),
                            version,
                            HeartbeatResponse.class);
                }
                for (int version = 0; version <= ApiKeys.LEAVE_GROUP.latestVersion(); version++) {
                    LeaveGroupRequestData request = new LeaveGroupRequestData().setGroupId(group);
                    if (version < 3) {
                        request.setMemberId("nobody");
                    } else {
                        request.setMembers(List.of(new MemberIdentity().setMemberId("nobody")));
                    }
                    sawAnswer(
                            seen,
                            "leave " + of,
                            wire,
                            group,
                            request,
                            version,
                            LeaveGroupResponse.class);
                }
                for (int version = 0; version <= ApiKeys.SYNC_GROUP.latestVersion(); version++) {
                    SyncGroupRequestData request =
                            new SyncGroupRequestData()
                                    .setGroupId(group)
                                    .setMemberId("nobody")
                                    .setGenerationId(1);
                    sawAnswer(
                            seen,
                            "sync " + of,
                            wire,
                            group,
                            request,
                            version,
                            SyncGroupResponse.class);
                    if (version >= 5) {
                        sawAnswer(
                                seen,
                                "sync by protocol " + of,
                                wire,
                                group,
                                request.setProtocolType("consumer").setProtocolName("range"),
                                version,
                                SyncGroupResponse.class);
                    }
                }
                sawAnswer(
                        seen,
                        "delete offsets of " + of,
                        wire,
                        group,
                        deletion(group, "topic", 0),
                        0,
                        OffsetDeleteResponse.class);
            }
        }
    }

    private static OffsetDeleteRequestData deletion(String group, String topic, int partition) {
        OffsetDeleteRequestTopicCollection topics = new OffsetDeleteRequestTopicCollection();
        topics.add(
                new OffsetDeleteRequestTopic()
                        .setName(topic)
                        .setPartitions(
                                List.of(
                                        new OffsetDeleteRequestPartition()
                                                .setPartitionIndex(partition))));
        return new OffsetDeleteRequestData().setGroupId(group).setTopics(topics);
    }

    /** The whole answer: its texts come from the library that both platforms use. */
    private static <T extends AbstractResponse> void sawAnswer(
            Observation seen,
            String fact,
            Wire wire,
            String group,
            ApiMessage request,
            int version,
            Class<T> type) {
        T answer = wire.askCoordinator(group, request, version, type);
        String text = answer.data().toString();
        seen.saw(
                fact + ", version " + version,
                group.isEmpty() ? text : text.replace(group, "<group>"));
    }

    private static void described(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(2, Map.of());
        for (String protocol : List.of("classic", "consumer")) {
            String group = Client.newName("group");
            try (KafkaConsumer<byte[], byte[]> consumer =
                            client.consumer(Map.of("group.id", group, "group.protocol", protocol));
                    Wire wire = client.wire()) {
                consumer.subscribe(List.of(topic));
                client.awaitAssignment(consumer, 2);
                for (boolean operations : List.of(true, false)) {
                    for (int version = operations ? 3 : 0; version <= 6; version++) {
                        DescribeGroupsResponse answer =
                                wire.askCoordinator(
                                        group,
                                        new DescribeGroupsRequestData()
                                                .setGroups(List.of(group))
                                                .setIncludeAuthorizedOperations(operations),
                                        version,
                                        DescribeGroupsResponse.class);
                        var one = answer.data().groups().getFirst();
                        seen.saw(
                                "%s group, operations: %s, version %d"
                                        .formatted(protocol, operations, version),
                                "error %d, state %s, type %s, protocol %s, members %d, operations %d"
                                        .formatted(
                                                one.errorCode(),
                                                one.groupState(),
                                                one.protocolType(),
                                                one.protocolData(),
                                                one.members().size(),
                                                one.authorizedOperations()));
                    }
                    for (int version = 0; version <= 1; version++) {
                        ConsumerGroupDescribeResponse answer =
                                wire.askCoordinator(
                                        group,
                                        new ConsumerGroupDescribeRequestData()
                                                .setGroupIds(List.of(group))
                                                .setIncludeAuthorizedOperations(operations),
                                        version,
                                        ConsumerGroupDescribeResponse.class);
                        var one = answer.data().groups().getFirst();
                        seen.saw(
                                "%s group as consumers, operations: %s, version %d"
                                        .formatted(protocol, operations, version),
                                "error %d, state %s, assignor %s, members %s, operations %d"
                                        .formatted(
                                                one.errorCode(),
                                                one.groupState(),
                                                one.assignorName(),
                                                one.members().stream()
                                                        .map(
                                                                it ->
                                                                        it.subscribedTopicNames()
                                                                                        .size()
                                                                                + " "
                                                                                + it.assignment()
                                                                                        .topicPartitions()
                                                                                        .size())
                                                        .toList(),
                                                one.authorizedOperations()));
                    }
                }
            }
        }
    }

    private static void listed(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(1, Map.of());
        String classic = Client.newName("classic");
        String modern = Client.newName("modern");
        Map<String, ListGroupsOptions> filters = new LinkedHashMap<>();
        filters.put("all", new ListGroupsOptions());
        filters.put("classic ones", new ListGroupsOptions().withTypes(Set.of(GroupType.CLASSIC)));
        filters.put(
                "those of the consumer protocol",
                new ListGroupsOptions().withTypes(Set.of(GroupType.CONSUMER)));
        filters.put(
                "those for consumers",
                new ListGroupsOptions().withProtocolTypes(Set.of("consumer")));
        filters.put(
                "those for nothing known", new ListGroupsOptions().withProtocolTypes(Set.of("x")));
        filters.put(
                "stable ones", new ListGroupsOptions().inGroupStates(Set.of(GroupState.STABLE)));
        filters.put("empty ones", new ListGroupsOptions().inGroupStates(Set.of(GroupState.EMPTY)));
        filters.put(
                "empty or stable classic ones",
                new ListGroupsOptions()
                        .inGroupStates(Set.of(GroupState.EMPTY, GroupState.STABLE))
                        .withTypes(Set.of(GroupType.CLASSIC)));
        filters.put("share groups", new ListGroupsOptions().withTypes(Set.of(GroupType.SHARE)));
        try (Admin admin = client.admin();
                KafkaConsumer<byte[], byte[]> one =
                        client.consumer(Map.of("group.id", classic, "group.protocol", "classic"));
                KafkaConsumer<byte[], byte[]> other =
                        client.consumer(Map.of("group.id", modern, "group.protocol", "consumer"))) {
            one.subscribe(List.of(topic));
            other.subscribe(List.of(topic));
            client.awaitAssignment(one, 1);
            client.awaitAssignment(other, 1);
            for (var filter : filters.entrySet()) {
                seen.saw(
                        filter.getKey(),
                        admin.listGroups(filter.getValue()).all().get().stream()
                                .filter(it -> Set.of(classic, modern).contains(it.groupId()))
                                .map(GroupApiScenarios::describe)
                                .sorted()
                                .toList());
            }
        }
    }

    private static String describe(GroupListing group) {
        return "%s: type %s, protocol %s, state %s"
                .formatted(
                        group.groupId().startsWith("classic") ? "classic" : "modern",
                        group.type(),
                        group.protocol(),
                        group.groupState());
    }

    private static void deletedOffsets(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(2, Map.of());
        String group = Client.newName("group");
        RecordScenarios.produceNumbers(client, topic, 10, Map.of());
        try (KafkaConsumer<byte[], byte[]> consumer =
                        client.consumer(
                                Map.of("group.id", group, "auto.offset.reset", "earliest"));
                Wire wire = client.wire()) {
            consumer.subscribe(List.of(topic));
            client.poll(consumer, 10);
            consumer.commitSync();
            for (int partition : List.of(0, 7)) {
                saw(seen, "subscribed", wire, group, topic, partition);
            }
            consumer.unsubscribe();
            for (int partition : List.of(0, 7)) {
                saw(seen, "unsubscribed", wire, group, topic, partition);
            }
            saw(seen, "an absent topic", wire, group, Client.newName("absent"), 0);
        }
    }

    private static void saw(
            Observation seen, String fact, Wire wire, String group, String topic, int partition) {
        OffsetDeleteResponse answer =
                wire.askCoordinator(
                        group, deletion(group, topic, partition), 0, OffsetDeleteResponse.class);
        seen.saw(
                fact + ", partition " + partition,
                answer.data().toString().replace(topic, "<topic>"));
    }

    private static void removed(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(2, Map.of());
        String group = Client.newName("group");
        Map<String, Object> properties =
                Map.of("group.id", group, "group.protocol", "classic", "group.instance.id", "one");
        try (Admin admin = client.admin();
                KafkaConsumer<byte[], byte[]> consumer = client.consumer(properties);
                Wire wire = client.wire()) {
            consumer.subscribe(List.of(topic));
            client.awaitAssignment(consumer, 2);
            RemoveMembersFromConsumerGroupResult result =
                    admin.removeMembersFromConsumerGroup(
                            group,
                            new RemoveMembersFromConsumerGroupOptions(
                                    List.of(new MemberToRemove("one"), new MemberToRemove("two"))));
            seen.sawOutcome(
                    "one that is there",
                    () -> result.memberResult(new MemberToRemove("one")).get());
            seen.sawOutcome(
                    "one that is not", () -> result.memberResult(new MemberToRemove("two")).get());
            for (int version = 3; version <= ApiKeys.LEAVE_GROUP.latestVersion(); version++) {
                sawAnswer(
                        seen,
                        "several at once",
                        wire,
                        group,
                        new LeaveGroupRequestData()
                                .setGroupId(group)
                                .setMembers(
                                        List.of(
                                                new MemberIdentity().setMemberId("nobody"),
                                                new MemberIdentity()
                                                        .setMemberId("")
                                                        .setGroupInstanceId("two"))),
                        version,
                        LeaveGroupResponse.class);
            }
        }
    }
}
