package io.fleuve.broker.protocol.groups;

import io.fleuve.broker.coordinator.GroupCoordinatorHost;
import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.protocol.Api;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ConsumerGroupDescribeRequest;
import org.apache.kafka.common.requests.ConsumerGroupHeartbeatRequest;
import org.apache.kafka.common.requests.DeleteGroupsRequest;
import org.apache.kafka.common.requests.DescribeGroupsRequest;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.apache.kafka.common.requests.LeaveGroupRequest;
import org.apache.kafka.common.requests.ListGroupsRequest;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.OffsetDeleteRequest;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.StreamsGroupDescribeRequest;
import org.apache.kafka.common.requests.StreamsGroupHeartbeatRequest;
import org.apache.kafka.common.requests.SyncGroupRequest;
import org.apache.kafka.common.requests.TxnOffsetCommitRequest;

/** The APIs of groups, at all versions that this release of Kafka serves. */
public final class GroupApis {

    private GroupApis() {}

    /**
     * The APIs of groups.
     *
     * @param otherCoordinators who coordinates what is no group, by type; FindCoordinator refuses
     *     types that are missing
     */
    public static List<Api<?>> of(
            GroupCoordinatorHost host,
            ClusterMetadata metadata,
            Map<CoordinatorType, CoordinatorLocator> otherCoordinators) {
        Map<CoordinatorType, CoordinatorLocator> coordinators =
                new EnumMap<>(CoordinatorType.class);
        coordinators.putAll(otherCoordinators);
        coordinators.put(CoordinatorType.GROUP, host::locate);
        Topics topics = new Topics(metadata, host);
        ClassicGroups classic = new ClassicGroups(host);
        GroupAdministration administration = new GroupAdministration(host);
        ConsumerGroups consumer = new ConsumerGroups(host);
        StreamsGroups streams = new StreamsGroups(host, metadata);
        return List.of(
                Api.of(
                        ApiKeys.FIND_COORDINATOR,
                        FindCoordinatorRequest.class,
                        new FindCoordinatorHandler(coordinators)),
                Api.of(ApiKeys.JOIN_GROUP, JoinGroupRequest.class, classic::join),
                Api.of(ApiKeys.SYNC_GROUP, SyncGroupRequest.class, classic::sync),
                Api.of(ApiKeys.HEARTBEAT, HeartbeatRequest.class, classic::heartbeat),
                Api.of(ApiKeys.LEAVE_GROUP, LeaveGroupRequest.class, classic::leave),
                Api.of(
                        ApiKeys.OFFSET_COMMIT,
                        OffsetCommitRequest.class,
                        new OffsetCommitHandler(host, topics)),
                Api.of(
                        ApiKeys.TXN_OFFSET_COMMIT,
                        TxnOffsetCommitRequest.class,
                        new TxnOffsetCommitHandler(host, topics)),
                Api.of(
                        ApiKeys.OFFSET_FETCH,
                        OffsetFetchRequest.class,
                        new OffsetFetchHandler(host, topics)),
                Api.of(
                        ApiKeys.OFFSET_DELETE,
                        OffsetDeleteRequest.class,
                        new OffsetDeleteHandler(host, topics)),
                Api.of(ApiKeys.LIST_GROUPS, ListGroupsRequest.class, administration::list),
                Api.of(
                        ApiKeys.DESCRIBE_GROUPS,
                        DescribeGroupsRequest.class,
                        administration::describe),
                Api.of(ApiKeys.DELETE_GROUPS, DeleteGroupsRequest.class, administration::delete),
                Api.of(
                        ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                        ConsumerGroupHeartbeatRequest.class,
                        consumer::heartbeat),
                Api.of(
                        ApiKeys.CONSUMER_GROUP_DESCRIBE,
                        ConsumerGroupDescribeRequest.class,
                        consumer::describe),
                Api.of(
                        ApiKeys.STREAMS_GROUP_HEARTBEAT,
                        StreamsGroupHeartbeatRequest.class,
                        streams::heartbeat),
                Api.of(
                        ApiKeys.STREAMS_GROUP_DESCRIBE,
                        StreamsGroupDescribeRequest.class,
                        streams::describe));
    }
}
