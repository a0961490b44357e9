package io.fleuve.broker.protocol.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import org.apache.kafka.common.Uuid;
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
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommittedOffsetsApisTest extends GroupApisFixture {

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
    void refusesToFetchAtAnEpochOfNobody() throws Exception {
        awaitCoordinator();
        var request =
                new OffsetFetchRequestData()
                        .setGroups(List.of(groupOf(GROUP).setMemberId(null).setMemberEpoch(0)));

        var answer = wire.call(ApiKeys.OFFSET_FETCH, 9, request, OffsetFetchResponseData.class);

        assertThat(answer.groups().get(0).errorCode()).isEqualTo(Errors.UNKNOWN_MEMBER_ID.code());
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

    private static OffsetFetchRequestTopics byId(Uuid id) {
        return new OffsetFetchRequestTopics().setTopicId(id).setPartitionIndexes(List.of(0));
    }
}
