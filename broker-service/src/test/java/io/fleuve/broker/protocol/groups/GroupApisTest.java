package io.fleuve.broker.protocol.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fleuve.broker.coordinator.GroupCoordinatorHost;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.StreamsGroupDescribeRequestData;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupApisTest extends GroupApisFixture {

    @Test
    void servesAllVersionsThatKafkaServes() {
        assertThat(wire.apis().all())
                .allSatisfy(
                        api -> {
                            assertThat(api.minVersion()).isEqualTo(api.key().oldestVersion());
                            assertThat(api.maxVersion()).isEqualTo(api.key().latestVersion(false));
                        });
        assertThat(GroupCoordinatorHost.finalizedFeatures())
                .containsEntry("group.version", (short) 1)
                .containsEntry("streams.version", (short) 1);
    }

    @Test
    void findsTheCoordinatorAtAllVersions() throws Exception {
        for (int version = 0; version <= 3; version++) {
            var found = findOld(version, (byte) 0);
            assertThat(found.errorCode()).isZero();
            assertThat(found.nodeId()).isEqualTo(1);
            assertThat(found.host()).isEqualTo("broker-1");
            assertThat(found.port()).isEqualTo(9092);
        }
        for (int version = 4; version <= ApiKeys.FIND_COORDINATOR.latestVersion(); version++) {
            var found =
                    wire.call(
                            ApiKeys.FIND_COORDINATOR,
                            version,
                            new FindCoordinatorRequestData()
                                    .setKeyType((byte) 0)
                                    .setCoordinatorKeys(List.of("a", "b")),
                            FindCoordinatorResponseData.class);
            assertThat(found.coordinators())
                    .extracting(c -> c.key() + "@" + c.nodeId())
                    .containsExactly("a@1", "b@1");
        }
    }

    @Test
    void saysThatCoordinatorsOfOtherTypesAreNotServed() throws Exception {
        var found = findOld(3, (byte) 1);

        assertThat(found.errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(found.errorMessage()).contains("transaction");
    }

    @Test
    void saysThatThereIsNoCoordinatorWhileTheTopicCannotBeCreated() throws Exception {
        broker.isolated(true);

        for (int version = 0; version <= 3; version++) {
            assertThat(findOld(version, (byte) 0).errorCode())
                    .isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE.code());
        }
    }

    private FindCoordinatorResponseData findOld(int version, byte type) throws Exception {
        var request = new FindCoordinatorRequestData().setKey(GROUP);
        return wire.call(
                ApiKeys.FIND_COORDINATOR,
                version,
                version == 0 ? request : request.setKeyType(type),
                FindCoordinatorResponseData.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void letsMembersOfAllVersionsThroughAWholeGeneration(int joinVersion) throws Exception {
        awaitCoordinator();

        JoinGroupResponseData joined = join(joinVersion, "");
        if (joined.errorCode() == Errors.MEMBER_ID_REQUIRED.code()) {
            joined = join(joinVersion, joined.memberId());
        }

        assertThat(joined.errorCode()).isZero();
        assertThat(joined.leader()).isEqualTo(joined.memberId());
        assertThat(joined.members()).hasSize(1);
        var synced =
                wire.call(
                        ApiKeys.SYNC_GROUP,
                        1,
                        new SyncGroupRequestData()
                                .setGroupId(GROUP)
                                .setGenerationId(joined.generationId())
                                .setMemberId(joined.memberId())
                                .setAssignments(
                                        List.of(
                                                new SyncGroupRequestData
                                                                .SyncGroupRequestAssignment()
                                                        .setMemberId(joined.memberId())
                                                        .setAssignment(new byte[] {7}))),
                        SyncGroupResponseData.class);
        assertThat(synced.assignment()).containsExactly(7);
        assertThat(heartbeat(joined)).isEqualTo(Errors.NONE);
        var left =
                wire.call(
                        ApiKeys.LEAVE_GROUP,
                        1,
                        new LeaveGroupRequestData()
                                .setGroupId(GROUP)
                                .setMemberId(joined.memberId()),
                        LeaveGroupResponseData.class);
        assertThat(left.errorCode()).isZero();
        assertThat(heartbeat(joined)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    private Errors heartbeat(JoinGroupResponseData joined) throws Exception {
        return Errors.forCode(
                wire.call(
                                ApiKeys.HEARTBEAT,
                                1,
                                new HeartbeatRequestData()
                                        .setGroupId(GROUP)
                                        .setGenerationId(joined.generationId())
                                        .setMemberId(joined.memberId()),
                                HeartbeatResponseData.class)
                        .errorCode());
    }

    private JoinGroupResponseData join(int version, String memberId) throws Exception {
        var request =
                new JoinGroupRequestData()
                        .setGroupId(GROUP)
                        .setMemberId(memberId)
                        .setProtocolType("consumer")
                        .setSessionTimeoutMs(10_000)
                        .setRebalanceTimeoutMs(10_000);
        request.protocols()
                .add(new JoinGroupRequestProtocol().setName("range").setMetadata(new byte[0]));
        return wire.call(ApiKeys.JOIN_GROUP, version, request, JoinGroupResponseData.class);
    }

    @Test
    void refusesSessionTimeoutsOutsideTheBounds() throws Exception {
        awaitCoordinator();
        var request =
                new JoinGroupRequestData()
                        .setGroupId(GROUP)
                        .setProtocolType("consumer")
                        .setSessionTimeoutMs(10)
                        .setRebalanceTimeoutMs(10_000);
        request.protocols()
                .add(new JoinGroupRequestProtocol().setName("range").setMetadata(new byte[0]));

        var joined = wire.call(ApiKeys.JOIN_GROUP, 9, request, JoinGroupResponseData.class);

        assertThat(joined.errorCode()).isEqualTo(Errors.INVALID_SESSION_TIMEOUT.code());
    }

    @Test
    void refusesSyncWithoutProtocolFromVersionFiveOn() throws Exception {
        awaitCoordinator();

        var synced =
                wire.call(
                        ApiKeys.SYNC_GROUP,
                        5,
                        new SyncGroupRequestData().setGroupId(GROUP).setMemberId("m"),
                        SyncGroupResponseData.class);

        assertThat(synced.errorCode()).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL.code());
    }

    @Test
    void listsNothingBeforeThereIsAnOffsetsTopic() throws Exception {
        var listed =
                wire.call(
                        ApiKeys.LIST_GROUPS,
                        0,
                        new ListGroupsRequestData(),
                        ListGroupsResponseData.class);

        assertThat(listed.errorCode()).isZero();
        assertThat(listed.groups()).isEmpty();
    }

    @Test
    void listsDescribesAndDeletesGroups() throws Exception {
        awaitCoordinator();
        commit(GROUP, 42);

        for (short version : ApiKeys.LIST_GROUPS.allVersions()) {
            await().untilAsserted(
                            () ->
                                    assertThat(
                                                    wire.call(
                                                                    ApiKeys.LIST_GROUPS,
                                                                    version,
                                                                    new ListGroupsRequestData(),
                                                                    ListGroupsResponseData.class)
                                                            .groups())
                                            .extracting(g -> g.groupId())
                                            .containsExactly(GROUP));
        }
        var described =
                wire.call(
                        ApiKeys.DESCRIBE_GROUPS,
                        6,
                        new DescribeGroupsRequestData()
                                .setGroups(List.of(GROUP, "missing"))
                                .setIncludeAuthorizedOperations(true),
                        DescribeGroupsResponseData.class);
        assertThat(described.groups())
                .extracting(g -> g.groupId() + " " + g.groupState())
                .contains(GROUP + " Empty");
        assertThat(described.groups().get(0).authorizedOperations()).isPositive();
        var deleted =
                wire.call(
                        ApiKeys.DELETE_GROUPS,
                        0,
                        new DeleteGroupsRequestData().setGroupsNames(List.of(GROUP, GROUP)),
                        DeleteGroupsResponseData.class);
        assertThat(deleted.results()).hasSize(1);
        assertThat(deleted.results().find(GROUP).errorCode()).isZero();
    }

    @Test
    void describesGroupsAtAllVersions() throws Exception {
        awaitCoordinator();
        JoinGroupResponseData joined = join(2, "");

        for (short version : ApiKeys.DESCRIBE_GROUPS.allVersions()) {
            var described =
                    wire.call(
                            ApiKeys.DESCRIBE_GROUPS,
                            version,
                            new DescribeGroupsRequestData().setGroups(List.of(GROUP, "missing")),
                            DescribeGroupsResponseData.class);
            assertThat(described.groups())
                    .filteredOn(group -> group.groupId().equals(GROUP))
                    .flatExtracting(group -> group.members())
                    .extracting(member -> member.memberId())
                    .containsExactly(joined.memberId());
        }
    }

    @Test
    void refusesGroupRequestsForShardsOfOtherBrokers() throws Exception {
        awaitCoordinator();
        cluster.addBroker(2);
        cluster.moveLeadership(2);

        await().untilAsserted(
                        () ->
                                assertThat(join(9, "").errorCode())
                                        .isEqualTo(Errors.NOT_COORDINATOR.code()));
        assertThat(fetch(8, GROUP).errorCode()).isEqualTo(Errors.NOT_COORDINATOR.code());
        assertThat(commit(GROUP, 1)).isEqualTo(Errors.NOT_COORDINATOR);
    }

    @Test
    void assignsAndDescribesGroupsOfTheConsumerProtocol() throws Exception {
        awaitCoordinator();

        var beat =
                wire.call(
                        ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                        1,
                        new ConsumerGroupHeartbeatRequestData()
                                .setGroupId(GROUP)
                                .setMemberId(Uuid.randomUuid().toString())
                                .setMemberEpoch(0)
                                .setRebalanceTimeoutMs(10_000)
                                .setTopicPartitions(List.of())
                                .setSubscribedTopicNames(List.of(TOPIC)),
                        ConsumerGroupHeartbeatResponseData.class);

        assertThat(beat.errorCode()).isZero();
        assertThat(beat.assignment().topicPartitions())
                .singleElement()
                .satisfies(
                        assigned -> {
                            assertThat(assigned.topicId()).isEqualTo(topicId());
                            assertThat(assigned.partitions()).containsExactly(0, 1);
                        });
        var described =
                wire.call(
                        ApiKeys.CONSUMER_GROUP_DESCRIBE,
                        0,
                        new ConsumerGroupDescribeRequestData().setGroupIds(List.of(GROUP)),
                        ConsumerGroupDescribeResponseData.class);
        assertThat(described.groups())
                .singleElement()
                .satisfies(
                        group -> {
                            assertThat(group.errorCode()).isZero();
                            assertThat(group.members()).hasSize(1);
                        });
    }

    @Test
    void createsTheInternalTopicsOfAStreamsGroup() throws Exception {
        awaitCoordinator();
        var topology =
                new StreamsGroupHeartbeatRequestData.Topology()
                        .setEpoch(0)
                        .setSubtopologies(
                                List.of(
                                        new StreamsGroupHeartbeatRequestData.Subtopology()
                                                .setSubtopologyId("0")
                                                .setSourceTopics(List.of(TOPIC))
                                                .setStateChangelogTopics(
                                                        List.of(
                                                                new StreamsGroupHeartbeatRequestData
                                                                                .TopicInfo()
                                                                        .setName(
                                                                                "app-store-changelog")))));

        var beat = streamsHeartbeat(topology);

        assertThat(beat.errorCode()).isZero();
        assertThat(broker.current().topic("app-store-changelog"))
                .hasValueSatisfying(topic -> assertThat(topic.partitions()).hasSize(2));
        var described =
                wire.call(
                        ApiKeys.STREAMS_GROUP_DESCRIBE,
                        0,
                        new StreamsGroupDescribeRequestData().setGroupIds(List.of(GROUP)),
                        StreamsGroupDescribeResponseData.class);
        assertThat(described.groups())
                .singleElement()
                .satisfies(group -> assertThat(group.members()).hasSize(1));
    }

    @Test
    void refusesInternalTopicsInAStreamsTopology() throws Exception {
        awaitCoordinator();

        var beat =
                streamsHeartbeat(
                        new StreamsGroupHeartbeatRequestData.Topology()
                                .setEpoch(0)
                                .setSubtopologies(
                                        List.of(
                                                new StreamsGroupHeartbeatRequestData.Subtopology()
                                                        .setSubtopologyId("0")
                                                        .setSourceTopics(
                                                                List.of("__consumer_offsets")))));

        assertThat(beat.errorCode()).isEqualTo(Errors.STREAMS_INVALID_TOPOLOGY.code());
        assertThat(beat.errorMessage()).contains("__consumer_offsets");
    }

    private StreamsGroupHeartbeatResponseData streamsHeartbeat(
            StreamsGroupHeartbeatRequestData.Topology topology) throws Exception {
        return wire.call(
                ApiKeys.STREAMS_GROUP_HEARTBEAT,
                0,
                new StreamsGroupHeartbeatRequestData()
                        .setGroupId(GROUP)
                        .setMemberId("member-1")
                        .setMemberEpoch(0)
                        .setProcessId("process")
                        .setRebalanceTimeoutMs(10_000)
                        .setActiveTasks(List.of())
                        .setStandbyTasks(List.of())
                        .setWarmupTasks(List.of())
                        .setClientTags(List.of())
                        .setTopology(topology),
                StreamsGroupHeartbeatResponseData.class);
    }
}
