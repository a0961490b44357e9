package io.fleuve.broker.coordinator;

import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.network.ClientInformation;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.utils.BufferSupplier;

/** A member of a classic group that talks to the library directly. */
final class TestMember {

    private final GroupCoordinatorHost host;
    private final String group;
    private String memberId = "";
    private int generation = -1;

    TestMember(GroupCoordinatorHost host, String group) {
        this.host = host;
        this.group = group;
    }

    /** Few shards, short waits. */
    static GroupCoordinatorSettings settings() {
        GroupCoordinatorSettings defaults = GroupCoordinatorSettings.defaults();
        return new GroupCoordinatorSettings(
                4,
                2,
                1,
                -1,
                Duration.ofMillis(500),
                new GroupCoordinatorSettings.Loading(256, 2, Duration.ofMillis(10)),
                defaults.offsets(),
                new GroupCoordinatorSettings.Classic(
                        10, Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ZERO),
                defaults.consumer());
    }

    static RequestContext context(ApiKeys api) {
        return new RequestContext(
                new RequestHeader(api, api.latestVersion(), "client", 1),
                "connection",
                InetAddress.getLoopbackAddress(),
                KafkaPrincipal.ANONYMOUS,
                ListenerName.normalised("PLAINTEXT"),
                SecurityProtocol.PLAINTEXT,
                ClientInformation.EMPTY,
                false);
    }

    /** The same member, at another coordinator. */
    TestMember at(GroupCoordinatorHost other) {
        TestMember same = new TestMember(other, group);
        same.memberId = memberId;
        same.generation = generation;
        return same;
    }

    int generation() {
        return generation;
    }

    void awaitLoaded() {
        await().until(() -> tryFetch("any", 0) == Errors.NONE);
    }

    Errors join() {
        awaitLoaded();
        JoinGroupRequestData request =
                new JoinGroupRequestData()
                        .setGroupId(group)
                        .setMemberId(memberId)
                        .setProtocolType("consumer")
                        .setSessionTimeoutMs(10_000)
                        .setRebalanceTimeoutMs(10_000);
        request.protocols()
                .add(
                        new JoinGroupRequestData.JoinGroupRequestProtocol()
                                .setName("range")
                                .setMetadata(new byte[0]));
        var first = join(request);
        if (Errors.forCode(first.errorCode()) != Errors.MEMBER_ID_REQUIRED) {
            return Errors.forCode(first.errorCode());
        }
        memberId = first.memberId();
        var second = join(request.setMemberId(memberId));
        generation = second.generationId();
        return Errors.forCode(second.errorCode());
    }

    private JoinGroupResponseData join(JoinGroupRequestData request) {
        return host.coordinatorOf(group)
                .joinGroup(context(ApiKeys.JOIN_GROUP), request, BufferSupplier.NO_CACHING)
                .join();
    }

    byte[] sync(byte[] assignment) {
        SyncGroupRequestData request =
                new SyncGroupRequestData()
                        .setGroupId(group)
                        .setMemberId(memberId)
                        .setGenerationId(generation)
                        .setProtocolType("consumer")
                        .setProtocolName("range")
                        .setAssignments(
                                List.of(
                                        new SyncGroupRequestData.SyncGroupRequestAssignment()
                                                .setMemberId(memberId)
                                                .setAssignment(assignment)));
        return host.coordinatorOf(group)
                .syncGroup(context(ApiKeys.SYNC_GROUP), request, BufferSupplier.NO_CACHING)
                .join()
                .assignment();
    }

    Errors heartbeat() {
        return Errors.forCode(
                host.coordinatorOf(group)
                        .heartbeat(
                                context(ApiKeys.HEARTBEAT),
                                new HeartbeatRequestData()
                                        .setGroupId(group)
                                        .setMemberId(memberId)
                                        .setGenerationId(generation))
                        .join()
                        .errorCode());
    }

    Errors leave() {
        LeaveGroupRequestData request = new LeaveGroupRequestData().setGroupId(group);
        request.members().add(new LeaveGroupRequestData.MemberIdentity().setMemberId(memberId));
        return Errors.forCode(
                host.coordinatorOf(group)
                        .leaveGroup(context(ApiKeys.LEAVE_GROUP), request)
                        .join()
                        .errorCode());
    }

    Errors commit(String topic, int partition, long offset) {
        return commit(memberId, generation, topic, partition, offset);
    }

    /** Commits without being a member. */
    Errors commitAsSimpleConsumer(String topic, int partition, long offset) {
        awaitLoaded();
        return commit("", -1, topic, partition, offset);
    }

    private Errors commit(String member, int epoch, String topic, int partition, long offset) {
        OffsetCommitRequestData request =
                new OffsetCommitRequestData()
                        .setGroupId(group)
                        .setMemberId(member)
                        .setGenerationIdOrMemberEpoch(epoch)
                        .setTopics(
                                List.of(
                                        new OffsetCommitRequestData.OffsetCommitRequestTopic()
                                                .setName(topic)
                                                .setPartitions(
                                                        List.of(
                                                                new OffsetCommitRequestData
                                                                                .OffsetCommitRequestPartition()
                                                                        .setPartitionIndex(
                                                                                partition)
                                                                        .setCommittedOffset(
                                                                                offset)))));
        var answer =
                host.coordinatorOf(group)
                        .commitOffsets(
                                context(ApiKeys.OFFSET_COMMIT), request, BufferSupplier.NO_CACHING)
                        .join();
        return Errors.forCode(answer.topics().get(0).partitions().get(0).errorCode());
    }

    long fetch(String topic, int partition) {
        var answer = fetchGroup(topic, partition);
        if (answer.errorCode() != Errors.NONE.code()) {
            throw new AssertionError(Errors.forCode(answer.errorCode()));
        }
        return answer.topics().get(0).partitions().get(0).committedOffset();
    }

    Errors tryFetch(String topic, int partition) {
        return Errors.forCode(fetchGroup(topic, partition).errorCode());
    }

    private OffsetFetchResponseData.OffsetFetchResponseGroup fetchGroup(
            String topic, int partition) {
        return host.fetchOffsets(
                        context(ApiKeys.OFFSET_FETCH),
                        new OffsetFetchRequestData.OffsetFetchRequestGroup()
                                .setGroupId(group)
                                .setTopics(
                                        List.of(
                                                new OffsetFetchRequestData
                                                                .OffsetFetchRequestTopics()
                                                        .setName(topic)
                                                        .setPartitionIndexes(List.of(partition)))),
                        true)
                .join();
    }
}
