package io.fleuve.broker.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.broker.metadata.NewTopic;
import io.fleuve.broker.metadata.TopicImage;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopicCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.CreatePartitionsResponse;
import org.apache.kafka.common.requests.CreateTopicsResponse;
import org.apache.kafka.common.requests.DeleteTopicsResponse;
import org.apache.kafka.common.requests.DescribeClusterResponse;
import org.apache.kafka.common.requests.DescribeTopicPartitionsResponse;
import org.apache.kafka.common.requests.MetadataResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterApisTest extends TopicScenario {

    static IntStream metadataVersions() {
        return IntStream.rangeClosed(0, 13);
    }

    // ---- ApiVersions ----

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void advertisesWhatIsServedAndNothingElse(int version) {
        ApiVersionsResponse answer =
                broker.ask(
                        new ApiVersionsRequestData()
                                .setClientSoftwareName("test")
                                .setClientSoftwareVersion("1"),
                        version,
                        ApiVersionsResponse.class);
        assertThat(answer.data().apiKeys()).hasSameSizeAs(broker.table.all());
        for (Api<?> api : broker.table.all()) {
            var advertised = answer.apiVersion(api.key().id);
            assertThat(advertised.minVersion()).isEqualTo(api.minVersion());
            assertThat(advertised.maxVersion()).isEqualTo(api.maxVersion());
        }
        assertThat(answer.apiVersion(ApiKeys.PUSH_TELEMETRY.id)).isNull();
        if (version >= 3) {
            assertThat(answer.data().finalizedFeatures().find("group.version").maxVersionLevel())
                    .isEqualTo((short) 1);
            assertThat(answer.data().finalizedFeatures().find("transaction.version")).isNull();
        }
    }

    // ---- Metadata ----

    @ParameterizedTest
    @MethodSource("metadataVersions")
    void describesTopicsAndCreatesThemAtAllVersions(int version) {
        create("known", 2);
        MetadataRequestData request =
                new MetadataRequestData()
                        .setTopics(
                                List.of(
                                        new MetadataRequestTopic().setName("known"),
                                        new MetadataRequestTopic().setName("new")));
        MetadataResponseData answer = metadata(version, request);
        assertThat(answer.topics().find("known").partitions()).hasSize(2);
        MetadataResponseTopic created = answer.topics().find("new");
        assertThat(created.errorCode()).isZero();
        assertThat(created.partitions()).hasSize(2);
        assertThat(created.partitions())
                .allSatisfy(
                        it -> {
                            assertThat(it.leaderId()).isEqualTo(1);
                            assertThat(it.isrNodes()).containsExactly(1);
                        });
        assertThat(answer.brokers().find(1).port()).isEqualTo(9092);
        if (version >= 1) {
            assertThat(answer.controllerId()).isEqualTo(1);
        }
        if (version >= 10) {
            assertThat(created.topicId()).isNotEqualTo(Uuid.ZERO_UUID);
        }
    }

    @Test
    void describesAllTopics() {
        create("one", 1);
        create("two", 1);
        assertThat(metadata(0, new MetadataRequestData()).topics()).hasSize(2);
        assertThat(metadata(9, new MetadataRequestData().setTopics(null)).topics()).hasSize(2);
        assertThat(metadata(9, new MetadataRequestData().setTopics(List.of())).topics()).isEmpty();
    }

    @Test
    void findsTopicsById() {
        TopicImage topic = create("by-id", 1);
        Uuid unknown = Uuid.randomUuid();
        MetadataResponseData answer =
                metadata(
                        12,
                        new MetadataRequestData()
                                .setTopics(
                                        List.of(
                                                new MetadataRequestTopic()
                                                        .setName(null)
                                                        .setTopicId(
                                                                ClusterView.toKafka(topic.id())),
                                                new MetadataRequestTopic()
                                                        .setName(null)
                                                        .setTopicId(unknown))));
        List<MetadataResponseTopic> topics = List.copyOf(answer.topics());
        assertThat(topics.getFirst().name()).isEqualTo("by-id");
        assertThat(topics.getLast().topicId()).isEqualTo(unknown);
        assertThat(Errors.forCode(topics.getLast().errorCode())).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
    }

    @Test
    void createsNothingThatWasNotAllowedOrHasNoValidName() {
        MetadataRequestData request =
                new MetadataRequestData()
                        .setAllowAutoTopicCreation(false)
                        .setTopics(List.of(new MetadataRequestTopic().setName("not-wanted")));
        assertThat(error(metadata(9, request).topics().find("not-wanted")))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        request.setAllowAutoTopicCreation(true);
        request.setTopics(
                List.of(
                        new MetadataRequestTopic().setName("no/slash"),
                        new MetadataRequestTopic().setName("__consumer_offsets")));
        MetadataResponseData answer = metadata(9, request);
        assertThat(error(answer.topics().find("no/slash")))
                .isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
        assertThat(error(answer.topics().find("__consumer_offsets")))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(broker.metadata.current().topics()).isEmpty();
    }

    @Test
    void answersWhileTheDatabaseIsAway() {
        create("known", 1);
        broker.metadata.setAvailable(false);
        MetadataResponseData answer =
                metadata(
                        9,
                        new MetadataRequestData()
                                .setTopics(
                                        List.of(
                                                new MetadataRequestTopic().setName("known"),
                                                new MetadataRequestTopic().setName("new"))));
        assertThat(error(answer.topics().find("known"))).isEqualTo(Errors.NONE);
        assertThat(error(answer.topics().find("new"))).isEqualTo(Errors.LEADER_NOT_AVAILABLE);
    }

    // ---- DescribeCluster, DescribeTopicPartitions ----

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void describesTheCluster(int version) {
        var answer =
                broker.ask(
                        new DescribeClusterRequestData()
                                .setIncludeClusterAuthorizedOperations(true),
                        version,
                        DescribeClusterResponse.class);
        assertThat(answer.data().brokers().find(1).host()).isEqualTo("127.0.0.1");
        assertThat(answer.data().clusterAuthorizedOperations()).isPositive();
    }

    @Test
    void pagesThroughPartitions() {
        create("a", 2);
        create("b", 2);
        DescribeTopicPartitionsResponseData first = page(new DescribeTopicPartitionsRequestData());
        assertThat(first.topics().find("a").partitions()).hasSize(2);
        assertThat(first.topics().find("b").partitions()).hasSize(1);
        DescribeTopicPartitionsResponseData second =
                page(
                        new DescribeTopicPartitionsRequestData()
                                .setCursor(
                                        new DescribeTopicPartitionsRequestData.Cursor()
                                                .setTopicName(first.nextCursor().topicName())
                                                .setPartitionIndex(
                                                        first.nextCursor().partitionIndex())));
        assertThat(second.topics()).hasSize(1);
        assertThat(second.topics().find("b").partitions().getFirst().partitionIndex()).isEqualTo(1);
        assertThat(second.nextCursor()).isNull();
    }

    // ---- CreateTopics, DeleteTopics, CreatePartitions ----

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7})
    void createsTopicsAtAllVersions(int version) {
        CreatableTopicResult result =
                createTopic(version, wanted("fresh", 3, 3).setConfigs(config("segment.ms", "7")));
        assertThat(result.errorCode()).isZero();
        assertThat(broker.metadata.current().topic("fresh").orElseThrow().configs())
                .containsEntry("segment.ms", "7");
        assertThat(Errors.forCode(createTopic(version, wanted("fresh", 3, 1)).errorCode()))
                .isEqualTo(Errors.TOPIC_ALREADY_EXISTS);
    }

    @Test
    void defaultsAndAssignmentsDecideTheNumberOfPartitions() {
        createTopic(7, wanted("defaults", -1, -1));
        assertThat(broker.metadata.current().topic("defaults").orElseThrow().partitions())
                .hasSize(2);
        CreatableTopic assigned = wanted("assigned", -1, -1);
        for (int i = 0; i < 3; i++) {
            assigned.assignments()
                    .add(
                            new CreatableReplicaAssignment()
                                    .setPartitionIndex(i)
                                    .setBrokerIds(List.of(1)));
        }
        createTopic(7, assigned);
        assertThat(broker.metadata.current().topic("assigned").orElseThrow().partitions())
                .hasSize(3);
    }

    @Test
    void refusesTopicsThatCannotBe() {
        assertThat(creationError(wanted("no spaces", 1, 1)))
                .isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
        assertThat(creationError(wanted("__consumer_offsets", 1, 1)))
                .isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
        assertThat(creationError(wanted("none", 0, 1))).isEqualTo(Errors.INVALID_PARTITIONS);
        assertThat(creationError(wanted("many", 21, 1))).isEqualTo(Errors.INVALID_PARTITIONS);
        assertThat(creationError(wanted("factor", 1, 0)))
                .isEqualTo(Errors.INVALID_REPLICATION_FACTOR);
        CreatableTopic gap = wanted("gap", -1, -1);
        gap.assignments()
                .add(
                        new CreatableReplicaAssignment()
                                .setPartitionIndex(4)
                                .setBrokerIds(List.of(1)));
        assertThat(creationError(gap)).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        CreatableTopicResult odd =
                createTopic(7, wanted("odd", 1, 1).setConfigs(config("retention.ms", "soon")));
        assertThat(Errors.forCode(odd.errorCode())).isEqualTo(Errors.INVALID_CONFIG);
        assertThat(odd.errorMessage()).contains("retention.ms");
        assertThat(creationError(wanted("what", 1, 1).setConfigs(config("no.such.thing", "1"))))
                .isEqualTo(Errors.INVALID_CONFIG);
        assertThat(broker.metadata.current().topics()).isEmpty();
    }

    @Test
    void validationCreatesNothing() {
        CreateTopicsRequestData request =
                new CreateTopicsRequestData()
                        .setValidateOnly(true)
                        .setTopics(set(wanted("dry", 1, 1)));
        var answer = broker.ask(request, 7, CreateTopicsResponse.class);
        assertThat(answer.data().topics().find("dry").errorCode()).isZero();
        assertThat(answer.data().topics().find("dry").configs()).isNotEmpty();
        assertThat(broker.metadata.current().topics()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void deletesTopicsAtAllVersions(int version) {
        create("doomed", 1);
        DeleteTopicsRequestData request = new DeleteTopicsRequestData().setTimeoutMs(1_000);
        if (version >= 6) {
            request.topics().add(new DeleteTopicState().setName("doomed"));
            request.topics().add(new DeleteTopicState().setName("absent"));
        } else {
            request.setTopicNames(List.of("doomed", "absent"));
        }
        var answer = broker.ask(request, version, DeleteTopicsResponse.class).data().responses();
        assertThat(answer.find("doomed").errorCode()).isZero();
        assertThat(Errors.forCode(answer.find("absent").errorCode()))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(broker.metadata.current().topics()).isEmpty();
    }

    @Test
    void deletesTopicsById() {
        TopicImage topic = create("doomed", 1);
        DeleteTopicsRequestData request = new DeleteTopicsRequestData().setTimeoutMs(1_000);
        request.topics()
                .add(
                        new DeleteTopicState()
                                .setName(null)
                                .setTopicId(ClusterView.toKafka(topic.id())));
        var answer = broker.ask(request, 6, DeleteTopicsResponse.class).data().responses();
        assertThat(answer.find("doomed").errorCode()).isZero();
    }

    @Test
    void topicsGrowAndNeverShrink() {
        create("growing", 2);
        assertThat(growthError("growing", 5)).isEqualTo(Errors.NONE);
        assertThat(growthError("growing", 5)).isEqualTo(Errors.INVALID_PARTITIONS);
        assertThat(growthError("growing", 2)).isEqualTo(Errors.INVALID_PARTITIONS);
        assertThat(growthError("growing", 21)).isEqualTo(Errors.INVALID_PARTITIONS);
        assertThat(growthError("absent", 2)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(broker.metadata.current().topic("growing").orElseThrow().partitions())
                .hasSize(5);
    }

    // ---- configurations ----

    // ---- what the tests are made of ----

    private TopicImage create(String name, int partitions) {
        broker.metadata.createTopic(new NewTopic(name, partitions, false, Map.of()));
        return broker.metadata.current().topic(name).orElseThrow();
    }

    private MetadataResponseData metadata(int version, MetadataRequestData request) {
        return broker.ask(request, version, MetadataResponse.class).data();
    }

    private static Errors error(MetadataResponseTopic topic) {
        return Errors.forCode(topic.errorCode());
    }

    private DescribeTopicPartitionsResponseData page(DescribeTopicPartitionsRequestData request) {
        return broker.ask(
                        request.setResponsePartitionLimit(100),
                        0,
                        DescribeTopicPartitionsResponse.class)
                .data();
    }

    private Errors creationError(CreatableTopic topic) {
        return Errors.forCode(createTopic(7, topic).errorCode());
    }

    private Errors growthError(String name, int count) {
        CreatePartitionsTopicCollection topics = new CreatePartitionsTopicCollection();
        topics.add(new CreatePartitionsTopic().setName(name).setCount(count).setAssignments(null));
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
}
