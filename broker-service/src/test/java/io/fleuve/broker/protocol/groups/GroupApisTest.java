package io.fleuve.broker.protocol.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fleuve.broker.coordinator.GroupCoordinatorHost;
import io.fleuve.broker.coordinator.GroupCoordinatorSettings;
import io.fleuve.broker.coordinator.InMemoryBroker;
import io.fleuve.broker.coordinator.InMemoryCluster;
import io.fleuve.broker.metadata.NewTopic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
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
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.StreamsGroupDescribeRequestData;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupApisTest {

    private static final String GROUP = "readers";
    private static final String TOPIC = "temperature-data";

    private final InMemoryCluster cluster = new InMemoryCluster();
    private final InMemoryBroker broker = cluster.addBroker(1);
    private final GroupCoordinatorHost host =
            new GroupCoordinatorHost(
                    broker, broker, GroupCoordinatorSettings.defaults(), new SimpleMeterRegistry());
    private final GroupWire wire = new GroupWire(host, broker);

    @BeforeEach
    void start() {
        broker.createTopic(new NewTopic(TOPIC, 2, false, Map.of()));
        host.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        host.close();
    }

    private void awaitCoordinator() {
        assertThat(host.locate(GROUP)).isPresent();
        await().until(() -> fetch(8, GROUP).errorCode() == Errors.NONE.code());
    }

    private Uuid topicId() {
        var id = broker.current().topic(TOPIC).orElseThrow().id();
        return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

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

        assertThat(findOld(3, (byte) 0).errorCode())
                .isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE.code());
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
    @ValueSource(ints = {2, 5})
    void letsMembersOfOldClientsThroughAWholeGeneration(int joinVersion) throws Exception {
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
    void commitsWhatExistsAndNamesWhatDoesNot() throws Exception {
        awaitCoordinator();
        var request = commitOf(TOPIC, Uuid.ZERO_UUID, 0, 42);
        request.topics().get(0).partitions().add(partition(9, 1));
        request.topics()
                .add(
                        new OffsetCommitRequestTopic()
                                .setName("missing")
                                .setPartitions(List.of(partition(0, 1))));

        var answer = wire.call(ApiKeys.OFFSET_COMMIT, 2, request, OffsetCommitResponseData.class);

        assertThat(answer.topics())
                .flatExtracting(
                        topic ->
                                topic.partitions().stream()
                                        .map(
                                                p ->
                                                        topic.name()
                                                                + p.partitionIndex()
                                                                + Errors.forCode(p.errorCode()))
                                        .toList())
                .containsExactlyInAnyOrder(
                        TOPIC + "0NONE",
                        TOPIC + "9UNKNOWN_TOPIC_OR_PARTITION",
                        "missing0UNKNOWN_TOPIC_OR_PARTITION");
        assertThat(offsetOf(fetch(8, GROUP))).isEqualTo(42);
    }

    @Test
    void commitsByTopicIdFromVersionTenOn() throws Exception {
        awaitCoordinator();
        Uuid unknown = Uuid.randomUuid();
        var request = commitOf("", topicId(), 0, 43);
        request.topics()
                .add(
                        new OffsetCommitRequestTopic()
                                .setTopicId(unknown)
                                .setPartitions(List.of(partition(0, 1))));

        var answer = wire.call(ApiKeys.OFFSET_COMMIT, 10, request, OffsetCommitResponseData.class);

        assertThat(answer.topics())
                .extracting(t -> t.topicId() + " " + t.partitions().get(0).errorCode())
                .containsExactlyInAnyOrder(
                        topicId() + " 0", unknown + " " + Errors.UNKNOWN_TOPIC_ID.code());
        assertThat(offsetOf(fetch(8, GROUP))).isEqualTo(43);
    }

    @Test
    void refusesMetadataOfAnOffsetThatIsTooLong() throws Exception {
        awaitCoordinator();
        var request = commitOf(TOPIC, Uuid.ZERO_UUID, 0, 42);
        request.topics().get(0).partitions().get(0).setCommittedMetadata("x".repeat(4097));

        var answer = wire.call(ApiKeys.OFFSET_COMMIT, 8, request, OffsetCommitResponseData.class);

        assertThat(answer.topics().get(0).partitions().get(0).errorCode())
                .isEqualTo(Errors.OFFSET_METADATA_TOO_LARGE.code());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 7})
    void fetchesOffsetsOfOneGroupForOldClients(int version) throws Exception {
        awaitCoordinator();
        commit(GROUP, 42);

        var answer =
                wire.call(
                        ApiKeys.OFFSET_FETCH,
                        version,
                        new OffsetFetchRequestData()
                                .setGroupId(GROUP)
                                .setTopics(
                                        List.of(
                                                new OffsetFetchRequestTopic()
                                                        .setName(TOPIC)
                                                        .setPartitionIndexes(List.of(0, 1)))),
                        OffsetFetchResponseData.class);

        assertThat(answer.errorCode()).isZero();
        assertThat(answer.topics().get(0).partitions())
                .extracting(p -> p.committedOffset())
                .containsExactly(42L, -1L);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9})
    void fetchesOffsetsOfSeveralGroups(int version) throws Exception {
        awaitCoordinator();
        commit(GROUP, 42);
        await().until(() -> commit("others", 7) == Errors.NONE);

        var answer =
                wire.call(
                        ApiKeys.OFFSET_FETCH,
                        version,
                        new OffsetFetchRequestData()
                                .setGroups(List.of(groupOf(GROUP), groupOf("others"))),
                        OffsetFetchResponseData.class);

        assertThat(answer.groups())
                .extracting(g -> g.groupId() + "=" + offsetOf(g))
                .containsExactly(GROUP + "=42", "others=7");
    }

    @Test
    void fetchesAllOffsetsOfAGroup() throws Exception {
        awaitCoordinator();
        commit(GROUP, 42);

        for (int version : new int[] {2, 7}) {
            var answer =
                    wire.call(
                            ApiKeys.OFFSET_FETCH,
                            version,
                            new OffsetFetchRequestData().setGroupId(GROUP).setTopics(null),
                            OffsetFetchResponseData.class);
            assertThat(answer.topics()).extracting(t -> t.name()).containsExactly(TOPIC);
        }
        var newest =
                wire.call(
                        ApiKeys.OFFSET_FETCH,
                        10,
                        new OffsetFetchRequestData()
                                .setGroups(
                                        List.of(
                                                new OffsetFetchRequestGroup()
                                                        .setGroupId(GROUP)
                                                        .setTopics(null))),
                        OffsetFetchResponseData.class);
        assertThat(newest.groups().get(0).topics())
                .extracting(t -> t.topicId())
                .containsExactly(topicId());
    }

    @Test
    void fetchesByTopicIdFromVersionTenOn() throws Exception {
        awaitCoordinator();
        commit(GROUP, 42);
        Uuid unknown = Uuid.randomUuid();

        var answer =
                wire.call(
                        ApiKeys.OFFSET_FETCH,
                        10,
                        new OffsetFetchRequestData()
                                .setGroups(
                                        List.of(
                                                new OffsetFetchRequestGroup()
                                                        .setGroupId(GROUP)
                                                        .setTopics(
                                                                List.of(
                                                                        byId(topicId()),
                                                                        byId(unknown))))),
                        OffsetFetchResponseData.class);

        assertThat(answer.groups().get(0).topics())
                .extracting(
                        t ->
                                t.topicId()
                                        + " "
                                        + t.partitions().get(0).committedOffset()
                                        + " "
                                        + Errors.forCode(t.partitions().get(0).errorCode()))
                .containsExactlyInAnyOrder(
                        topicId() + " 42 NONE", unknown + " -1 UNKNOWN_TOPIC_ID");
    }

    @Test
    void deletesOffsets() throws Exception {
        awaitCoordinator();
        commit(GROUP, 42);
        var request = new OffsetDeleteRequestData().setGroupId(GROUP);
        for (String name : List.of(TOPIC, "missing")) {
            request.topics()
                    .add(
                            new OffsetDeleteRequestTopic()
                                    .setName(name)
                                    .setPartitions(
                                            List.of(
                                                    new OffsetDeleteRequestPartition()
                                                            .setPartitionIndex(0))));
        }

        var answer = wire.call(ApiKeys.OFFSET_DELETE, 0, request, OffsetDeleteResponseData.class);

        assertThat(answer.errorCode()).isZero();
        assertThat(answer.topics().find(TOPIC).partitions().find(0).errorCode()).isZero();
        assertThat(answer.topics().find("missing").partitions().find(0).errorCode())
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(offsetOf(fetch(8, GROUP))).isEqualTo(-1);
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

    private Errors commit(String group, long offset) throws Exception {
        var answer =
                wire.call(
                        ApiKeys.OFFSET_COMMIT,
                        9,
                        commitOf(TOPIC, Uuid.ZERO_UUID, 0, offset).setGroupId(group),
                        OffsetCommitResponseData.class);
        return Errors.forCode(answer.topics().get(0).partitions().get(0).errorCode());
    }

    private static OffsetCommitRequestData commitOf(
            String topic, Uuid topicId, int partition, long offset) {
        var request = new OffsetCommitRequestData().setGroupId(GROUP);
        var committed = new OffsetCommitRequestTopic().setName(topic).setTopicId(topicId);
        committed.partitions().add(partition(partition, offset));
        request.topics().add(committed);
        return request;
    }

    private static OffsetCommitRequestPartition partition(int index, long offset) {
        return new OffsetCommitRequestPartition()
                .setPartitionIndex(index)
                .setCommittedOffset(offset);
    }

    private OffsetFetchResponseData.OffsetFetchResponseGroup fetch(int version, String group)
            throws Exception {
        return wire.call(
                        ApiKeys.OFFSET_FETCH,
                        version,
                        new OffsetFetchRequestData().setGroups(List.of(groupOf(group))),
                        OffsetFetchResponseData.class)
                .groups()
                .get(0);
    }

    private static OffsetFetchRequestGroup groupOf(String group) {
        return new OffsetFetchRequestGroup()
                .setGroupId(group)
                .setTopics(
                        List.of(
                                new OffsetFetchRequestTopics()
                                        .setName(TOPIC)
                                        .setPartitionIndexes(List.of(0))));
    }

    private static OffsetFetchRequestTopics byId(Uuid id) {
        return new OffsetFetchRequestTopics().setTopicId(id).setPartitionIndexes(List.of(0));
    }

    private static long offsetOf(OffsetFetchResponseData.OffsetFetchResponseGroup group) {
        return group.topics().get(0).partitions().get(0).committedOffset();
    }
}
