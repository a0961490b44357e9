package io.fleuve.broker.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fleuve.broker.metadata.NewTopic;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopicCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitionsCollection;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterClientQuotasResponse;
import org.apache.kafka.common.requests.AlterPartitionReassignmentsResponse;
import org.apache.kafka.common.requests.CreatePartitionsResponse;
import org.apache.kafka.common.requests.CreateTopicsResponse;
import org.apache.kafka.common.requests.DescribeClientQuotasResponse;
import org.apache.kafka.common.requests.ElectLeadersResponse;
import org.apache.kafka.common.requests.ListPartitionReassignmentsResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients wish about replicas, leaders and quotas, of which there is nothing to decide. */
class PlacementApisTest {

    private final ProtocolFixture broker = new ProtocolFixture();

    @BeforeEach
    void createTopic() {
        broker.metadata.createTopic(new NewTopic("placed", 2, false, Map.of()));
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void noElectionIsNeeded(int version) {
        TopicPartitionsCollection topics = new TopicPartitionsCollection();
        topics.add(new TopicPartitions().setTopic("placed").setPartitions(List.of(1, 7)));
        topics.add(new TopicPartitions().setTopic("absent").setPartitions(List.of(0)));
        ElectLeadersResponseData answer = elect(version, topics, 0);
        assertThat(answer.errorCode()).isZero();
        assertThat(
                        answer.replicaElectionResults().stream()
                                .flatMap(topic -> topic.partitionResult().stream())
                                .map(it -> it.partitionId() + " " + Errors.forCode(it.errorCode())))
                .containsExactly(
                        "1 ELECTION_NOT_NEEDED",
                        "7 UNKNOWN_TOPIC_OR_PARTITION",
                        "0 UNKNOWN_TOPIC_OR_PARTITION");
    }

    @Test
    void noLeaderOfAllPartitionsChanges() {
        ElectLeadersResponseData answer = elect(2, null, 1);
        assertThat(answer.errorCode()).isZero();
        assertThat(answer.replicaElectionResults())
                .allSatisfy(topic -> assertThat(topic.partitionResult()).isEmpty());
    }

    @Test
    void refusesElectionsOfTypesThatDoNotExist() {
        assertThatThrownBy(() -> elect(2, null, 9)).hasMessageContaining("election type 9");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void reassignsWhereNothingHasToBeMoved(int version) {
        assertThat(reassign(version, "placed", 0, List.of(1))).isEqualTo(Errors.NONE);
        assertThat(reassign(version, "placed", 0, List.of(1, 2)))
                .isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(reassign(version, "placed", 0, List.of(1, 1)))
                .isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(reassign(version, "placed", 0, List.of()))
                .isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(reassign(version, "placed", 0, null))
                .isEqualTo(Errors.NO_REASSIGNMENT_IN_PROGRESS);
        assertThat(reassign(version, "placed", 2, List.of(1)))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(reassign(version, "absent", 0, null))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void listsNoReassignments() {
        var answer =
                broker.ask(
                        new ListPartitionReassignmentsRequestData().setTopics(null),
                        0,
                        ListPartitionReassignmentsResponse.class);
        assertThat(answer.data().errorCode()).isZero();
        assertThat(answer.data().topics()).isEmpty();
    }

    @Test
    void createsTopicsOnlyOnBrokersThatExist() {
        assertThat(createOn("well", List.of(1), List.of(1))).isEqualTo(Errors.NONE);
        assertThat(createOn("unknown", List.of(1), List.of(1_000)))
                .isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(createOn("empty", List.of(1), List.of()))
                .isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(broker.metadata.current().topic("well").orElseThrow().partitions()).hasSize(2);
    }

    @Test
    void addsPartitionsOnlyOnBrokersThatExist() {
        assertThat(growOn(3, List.of(1_000))).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(growOn(4, List.of(1))).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(growOn(3, List.of(1))).isEqualTo(Errors.NONE);
        assertThat(broker.metadata.current().topic("placed").orElseThrow().partitions()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void thereAreNoQuotasAndNoneCanBeSet(int version) {
        var described =
                broker.ask(
                        new DescribeClientQuotasRequestData(),
                        version,
                        DescribeClientQuotasResponse.class);
        assertThat(described.data().errorCode()).isZero();
        assertThat(described.data().entries()).isEmpty();
        assertThat(alterQuota(version, false)).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(alterQuota(version, true)).isEqualTo(Errors.NONE);
    }

    private ElectLeadersResponseData elect(
            int version, @Nullable TopicPartitionsCollection topics, int type) {
        ElectLeadersRequestData request = new ElectLeadersRequestData().setTopicPartitions(topics);
        if (version > 0) {
            request.setElectionType((byte) type);
        }
        return broker.ask(request, version, ElectLeadersResponse.class).data();
    }

    private Errors reassign(
            int version, String topic, int partition, @Nullable List<Integer> replicas) {
        AlterPartitionReassignmentsRequestData request =
                new AlterPartitionReassignmentsRequestData()
                        .setTopics(
                                List.of(
                                        new ReassignableTopic()
                                                .setName(topic)
                                                .setPartitions(
                                                        List.of(
                                                                new ReassignablePartition()
                                                                        .setPartitionIndex(
                                                                                partition)
                                                                        .setReplicas(replicas)))));
        return Errors.forCode(
                broker.ask(request, version, AlterPartitionReassignmentsResponse.class)
                        .data()
                        .responses()
                        .getFirst()
                        .partitions()
                        .getFirst()
                        .errorCode());
    }

    @SafeVarargs
    private Errors createOn(String topic, List<Integer>... replicas) {
        CreatableTopic wanted =
                new CreatableTopic()
                        .setName(topic)
                        .setNumPartitions(-1)
                        .setReplicationFactor((short) -1);
        for (int i = 0; i < replicas.length; i++) {
            wanted.assignments()
                    .add(
                            new CreatableReplicaAssignment()
                                    .setPartitionIndex(i)
                                    .setBrokerIds(replicas[i]));
        }
        CreatableTopicCollection topics = new CreatableTopicCollection();
        topics.add(wanted);
        return Errors.forCode(
                broker.ask(
                                new CreateTopicsRequestData().setTopics(topics),
                                7,
                                CreateTopicsResponse.class)
                        .data()
                        .topics()
                        .find(topic)
                        .errorCode());
    }

    private Errors growOn(int count, List<Integer> replicas) {
        CreatePartitionsTopicCollection topics = new CreatePartitionsTopicCollection();
        topics.add(
                new CreatePartitionsTopic()
                        .setName("placed")
                        .setCount(count)
                        .setAssignments(
                                List.of(new CreatePartitionsAssignment().setBrokerIds(replicas))));
        return Errors.forCode(
                broker.ask(
                                new CreatePartitionsRequestData().setTopics(topics),
                                3,
                                CreatePartitionsResponse.class)
                        .data()
                        .results()
                        .getFirst()
                        .errorCode());
    }

    private Errors alterQuota(int version, boolean remove) {
        AlterClientQuotasRequestData request =
                new AlterClientQuotasRequestData()
                        .setEntries(
                                List.of(
                                        new AlterClientQuotasRequestData.EntryData()
                                                .setEntity(
                                                        List.of(
                                                                new AlterClientQuotasRequestData
                                                                                .EntityData()
                                                                        .setEntityType("user")
                                                                        .setEntityName("ada")))
                                                .setOps(
                                                        List.of(
                                                                new AlterClientQuotasRequestData
                                                                                .OpData()
                                                                        .setKey(
                                                                                "producer_byte_rate")
                                                                        .setValue(1_000)
                                                                        .setRemove(remove)))));
        return Errors.forCode(
                broker.ask(request, version, AlterClientQuotasResponse.class)
                        .data()
                        .entries()
                        .getFirst()
                        .errorCode());
    }
}
