package io.fleuve.conformance.scenario;

import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData.TopicPartitions;
import org.apache.kafka.common.message.StreamsGroupDescribeRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TopicInfo;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Topology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ConsumerGroupHeartbeatResponse;
import org.apache.kafka.common.requests.StreamsGroupDescribeResponse;
import org.apache.kafka.common.requests.StreamsGroupHeartbeatResponse;

/** Heartbeats of the consumer protocol (KIP-848) and of the streams protocol (KIP-1071). */
final class ModernGroupScenarios {

    private ModernGroupScenarios() {}

    static Stream<Scenario> all() {
        return Stream.of(
                new Scenario("heartbeats of consumers", ModernGroupScenarios::consumers),
                new Scenario(
                        "heartbeats that consumers must not send", ModernGroupScenarios::wrong),
                new Scenario("heartbeats of streams", ModernGroupScenarios::streams),
                new Scenario(
                        "heartbeats that streams must not send",
                        ModernGroupScenarios::wrongStreams));
    }

    /** What of an answer is the platform's own: names, and how often members report. */
    private record Names(String group, String topic, String topicId) {

        String in(AbstractResponse answer) {
            return answer.data()
                    .toString()
                    .replace(group, "<group>")
                    .replace(topic, "<topic>")
                    .replace(topicId, "<topic id>")
                    .replaceAll("heartbeatIntervalMs=\\d+", "heartbeatIntervalMs=<n>");
        }
    }

    private static Names names(Client client, int partitions) throws Exception {
        String topic = client.newTopic(partitions, Map.of());
        try (Admin admin = client.admin()) {
            return new Names(
                    Client.newName("group"),
                    topic,
                    TopicScenarios.describe(admin, topic).topicId().toString());
        }
    }

    private static ConsumerGroupHeartbeatRequestData joining(Names names, String member) {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId(names.group())
                .setMemberId(member)
                .setMemberEpoch(0)
                .setRebalanceTimeoutMs(60_000)
                .setSubscribedTopicNames(List.of(names.topic()))
                .setTopicPartitions(List.of());
    }

    private static void consumers(Client client, Observation seen) throws Exception {
        Names names = names(client, 2);
        ConfigScenarios.assignAtOnce(client, names.group());
        try (Wire wire = client.wire()) {
            saw(seen, "joining", wire, names, joining(names, "one"), 1);
            saw(seen, "reporting", wire, names, reporting(names, "one", 1), 1);
            saw(seen, "reporting at version 0", wire, names, reporting(names, "one", 1), 0);
            saw(seen, "too old an epoch", wire, names, reporting(names, "one", 7), 1);
            saw(seen, "nobody", wire, names, reporting(names, "nobody", 1), 1);
            saw(seen, "leaving", wire, names, reporting(names, "one", -1), 1);
            saw(seen, "after leaving", wire, names, reporting(names, "one", 1), 1);
            ConsumerGroupHeartbeatRequestData fixed =
                    joining(names, "two").setInstanceId("instance");
            saw(seen, "joining with an instance", wire, names, fixed, 1);
            saw(
                    seen,
                    "the same instance again",
                    wire,
                    names,
                    joining(names, "three").setInstanceId("instance"),
                    1);
            saw(
                    seen,
                    "leaving for a while",
                    wire,
                    names,
                    reporting(names, "two", -2).setInstanceId("instance"),
                    1);
            saw(
                    seen,
                    "another one in its place",
                    wire,
                    names,
                    joining(names, "three").setInstanceId("instance"),
                    1);
            saw(
                    seen,
                    "the one that was replaced",
                    wire,
                    names,
                    reporting(names, "two", 1).setInstanceId("instance"),
                    1);
        }
    }

    private static ConsumerGroupHeartbeatRequestData reporting(
            Names names, String member, int epoch) {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId(names.group())
                .setMemberId(member)
                .setMemberEpoch(epoch);
    }

    private static void saw(
            Observation seen,
            String fact,
            Wire wire,
            Names names,
            ApiMessage request,
            int version) {
        seen.saw(
                fact,
                names.in(
                        wire.askCoordinator(
                                names.group(),
                                request,
                                version,
                                ConsumerGroupHeartbeatResponse.class)));
    }

    private static void wrong(Client client, Observation seen) throws Exception {
        Names names = names(client, 1);
        try (Wire wire = client.wire()) {
            for (int version = 0; version <= 1; version++) {
                String at = " at version " + version;
                saw(
                        seen,
                        "no group" + at,
                        wire,
                        names,
                        joining(names, "m").setGroupId(""),
                        version);
                saw(
                        seen,
                        "no timeout" + at,
                        wire,
                        names,
                        joining(names, "m").setRebalanceTimeoutMs(-1),
                        version);
                saw(
                        seen,
                        "no topics" + at,
                        wire,
                        names,
                        joining(names, "m").setSubscribedTopicNames(null),
                        version);
                saw(
                        seen,
                        "partitions at once" + at,
                        wire,
                        names,
                        joining(names, "m")
                                .setTopicPartitions(
                                        List.of(new TopicPartitions().setPartitions(List.of(0)))),
                        version);
                saw(
                        seen,
                        "no such assignor" + at,
                        wire,
                        names,
                        joining(names, "m").setServerAssignor("fair"),
                        version);
                saw(
                        seen,
                        "an epoch below all" + at,
                        wire,
                        names,
                        reporting(names, "m", -3),
                        version);
                saw(
                        seen,
                        "leaving for a while without an instance" + at,
                        wire,
                        names,
                        reporting(names, "m", -2),
                        version);
            }
            saw(seen, "no name", wire, names, joining(names, ""), 1);
            saw(
                    seen,
                    "no pattern",
                    wire,
                    names,
                    joining(names, "m").setSubscribedTopicRegex("(("),
                    1);
        }
    }

    private static StreamsGroupHeartbeatRequestData joiningStreams(
            Names names, String member, Topology topology) {
        return new StreamsGroupHeartbeatRequestData()
                .setGroupId(names.group())
                .setMemberId(member)
                .setMemberEpoch(0)
                .setProcessId("process")
                .setRebalanceTimeoutMs(60_000)
                .setTopology(topology)
                .setActiveTasks(List.of())
                .setStandbyTasks(List.of())
                .setWarmupTasks(List.of())
                .setClientTags(List.of());
    }

    private static Topology topology(String source) {
        return new Topology()
                .setEpoch(0)
                .setSubtopologies(
                        List.of(
                                new Subtopology()
                                        .setSubtopologyId("0")
                                        .setSourceTopics(List.of(source))
                                        .setStateChangelogTopics(List.of())));
    }

    private static StreamsGroupHeartbeatResponseData sawStreams(
            Observation seen,
            String fact,
            Wire wire,
            Names names,
            StreamsGroupHeartbeatRequestData request) {
        StreamsGroupHeartbeatResponse answer =
                wire.askCoordinator(names.group(), request, 0, StreamsGroupHeartbeatResponse.class);
        seen.saw(fact, names.in(answer));
        return answer.data();
    }

    private static void streams(Client client, Observation seen) throws Exception {
        Names names = names(client, 2);
        String changelog = names.group() + "-store-changelog";
        Topology topology = topology(names.topic());
        topology.subtopologies()
                .getFirst()
                .setStateChangelogTopics(List.of(new TopicInfo().setName(changelog)));
        try (Wire wire = client.wire();
                Admin admin = client.admin()) {
            sawStreams(seen, "joining", wire, names, joiningStreams(names, "one", topology));
            await().until(() -> admin.listTopics().names().get().contains(changelog));
            seen.saw(
                    "partitions of the changelog",
                    TopicScenarios.describe(admin, changelog).partitions().size());
            StreamsGroupHeartbeatRequestData report =
                    new StreamsGroupHeartbeatRequestData()
                            .setGroupId(names.group())
                            .setMemberId("one");
            await().until(
                            () -> {
                                StreamsGroupHeartbeatResponse answer =
                                        wire.askCoordinator(
                                                names.group(),
                                                joiningStreams(names, "one", topology),
                                                0,
                                                StreamsGroupHeartbeatResponse.class);
                                report.setMemberEpoch(answer.data().memberEpoch());
                                return answer.data().activeTasks() != null
                                        && !answer.data().activeTasks().isEmpty();
                            });
            sawStreams(seen, "reporting", wire, names, report);
            seen.saw("described", describe(wire, names));
            report.setMemberEpoch(77);
            sawStreams(seen, "too new an epoch", wire, names, report);
            report.setMemberEpoch(-1);
            sawStreams(seen, "leaving", wire, names, report);
            report.setMemberEpoch(1);
            sawStreams(seen, "after leaving", wire, names, report);
        }
    }

    private static String describe(Wire wire, Names names) {
        var group =
                wire.askCoordinator(
                                names.group(),
                                new StreamsGroupDescribeRequestData()
                                        .setGroupIds(List.of(names.group()))
                                        .setIncludeAuthorizedOperations(true),
                                0,
                                StreamsGroupDescribeResponse.class)
                        .data()
                        .groups()
                        .getFirst();
        return "error %d, state %s, operations %d, members %s"
                .formatted(
                        group.errorCode(),
                        group.groupState(),
                        group.authorizedOperations(),
                        group.members().stream()
                                .map(it -> it.memberId() + " " + it.assignment().activeTasks())
                                .toList());
    }

    private static void wrongStreams(Client client, Observation seen) throws Exception {
        Names names = names(client, 1);
        Topology topology = topology(names.topic());
        try (Wire wire = client.wire()) {
            sawStreams(
                    seen,
                    "no group",
                    wire,
                    names,
                    joiningStreams(names, "m", topology).setGroupId(""));
            sawStreams(seen, "no name", wire, names, joiningStreams(names, "", topology));
            sawStreams(
                    seen,
                    "an instance",
                    wire,
                    names,
                    joiningStreams(names, "m", topology).setInstanceId("instance"));
            sawStreams(
                    seen,
                    "no timeout",
                    wire,
                    names,
                    joiningStreams(names, "m", topology).setRebalanceTimeoutMs(-1));
            sawStreams(
                    seen,
                    "an internal topic",
                    wire,
                    names,
                    joiningStreams(names, "m", topology("__consumer_offsets")));
            sawStreams(
                    seen,
                    "a topic that cannot be",
                    wire,
                    names,
                    joiningStreams(names, "m", topology("a b")));
            sawStreams(
                    seen,
                    "a topic that is missing",
                    wire,
                    new Names(names.group(), "absent", names.topicId()),
                    joiningStreams(names, "m", topology("absent")));
        }
    }
}
