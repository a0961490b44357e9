package io.fleuve.broker.protocol.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fleuve.broker.coordinator.GroupCoordinatorHost;
import io.fleuve.broker.coordinator.GroupCoordinatorSettings;
import io.fleuve.broker.coordinator.InMemoryBroker;
import io.fleuve.broker.coordinator.InMemoryCluster;
import io.fleuve.broker.metadata.NewTopic;
import io.fleuve.broker.testing.NoTransactions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** One broker with the group APIs, for tests. */
abstract class GroupApisFixture {

    static final String GROUP = "readers";
    static final String TOPIC = "temperature-data";

    final InMemoryCluster cluster = new InMemoryCluster();
    final InMemoryBroker broker = cluster.addBroker(1);
    final GroupCoordinatorHost host =
            new GroupCoordinatorHost(
                    broker,
                    broker,
                    GroupCoordinatorSettings.defaults(),
                    new NoTransactions(),
                    new NoTransactions(),
                    new SimpleMeterRegistry());
    final GroupWire wire = new GroupWire(host, broker);

    @BeforeEach
    void start() {
        broker.createTopic(new NewTopic(TOPIC, 2, false, Map.of()));
        host.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        host.close();
    }

    void awaitCoordinator() {
        assertThat(host.locate(GROUP)).isPresent();
        await().until(() -> fetch(8, GROUP).errorCode() == Errors.NONE.code());
    }

    Uuid topicId() {
        var id = broker.current().topic(TOPIC).orElseThrow().id();
        return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    Errors commit(String group, long offset) throws Exception {
        var answer =
                wire.call(
                        ApiKeys.OFFSET_COMMIT,
                        9,
                        commitOf(TOPIC, Uuid.ZERO_UUID, 0, offset).setGroupId(group),
                        OffsetCommitResponseData.class);
        return Errors.forCode(answer.topics().get(0).partitions().get(0).errorCode());
    }

    static OffsetCommitRequestData commitOf(
            String topic, Uuid topicId, int partition, long offset) {
        var request = new OffsetCommitRequestData().setGroupId(GROUP);
        var committed = new OffsetCommitRequestTopic().setName(topic).setTopicId(topicId);
        committed.partitions().add(partition(partition, offset));
        request.topics().add(committed);
        return request;
    }

    static OffsetCommitRequestPartition partition(int index, long offset) {
        return new OffsetCommitRequestPartition()
                .setPartitionIndex(index)
                .setCommittedOffset(offset);
    }

    OffsetFetchResponseData.OffsetFetchResponseGroup fetch(int version, String group)
            throws Exception {
        return wire.call(
                        ApiKeys.OFFSET_FETCH,
                        version,
                        new OffsetFetchRequestData().setGroups(List.of(groupOf(group))),
                        OffsetFetchResponseData.class)
                .groups()
                .get(0);
    }

    static OffsetFetchRequestGroup groupOf(String group) {
        return new OffsetFetchRequestGroup()
                .setGroupId(group)
                .setTopics(
                        List.of(
                                new OffsetFetchRequestTopics()
                                        .setName(TOPIC)
                                        .setPartitionIndexes(List.of(0))));
    }

    static long offsetOf(OffsetFetchResponseData.OffsetFetchResponseGroup group) {
        return group.topics().get(0).partitions().get(0).committedOffset();
    }
}
