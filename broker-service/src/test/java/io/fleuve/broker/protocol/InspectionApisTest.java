package io.fleuve.broker.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.broker.log.Append;
import io.fleuve.broker.metadata.NewTopic;
import io.fleuve.broker.metadata.TopicImage;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDir;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopicCollection;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.AlterReplicaLogDirsResponse;
import org.apache.kafka.common.requests.DescribeLogDirsResponse;
import org.apache.kafka.common.requests.DescribeProducersResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InspectionApisTest {

    private final ProtocolFixture broker = new ProtocolFixture();
    private int size;

    @BeforeEach
    void write() {
        broker.metadata.createTopic(new NewTopic("written", 2, false, Map.of()));
        broker.metadata.createTopic(new NewTopic("empty", 1, false, Map.of()));
        TopicImage topic = broker.metadata.current().topic("written").orElseThrow();
        MemoryRecords records =
                MemoryRecords.withIdempotentRecords(
                        Compression.NONE,
                        77,
                        (short) 3,
                        0,
                        new SimpleRecord(new byte[10]),
                        new SimpleRecord(new byte[10]));
        size = records.sizeInBytes();
        broker.logs
                .append(
                        new Append(
                                topic.partitions().get(1).logId(),
                                records.buffer(),
                                0,
                                false,
                                false))
                .join();
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void describesProducersOfAPartition() {
        assertThat(producers("written", 0).activeProducers()).isEmpty();
        assertThat(producers("written", 1).activeProducers())
                .singleElement()
                .satisfies(
                        it -> {
                            assertThat(it.producerId()).isEqualTo(77);
                            assertThat(it.producerEpoch()).isEqualTo(3);
                            assertThat(it.lastSequence()).isEqualTo(1);
                            assertThat(it.lastTimestamp()).isEqualTo(ProtocolFixture.NOW);
                            assertThat(it.currentTxnStartOffset()).isEqualTo(-1);
                            assertThat(it.coordinatorEpoch()).isEqualTo(-1);
                        });
    }

    @ParameterizedTest
    @CsvSource({
        "written, 2, UNKNOWN_TOPIC_OR_PARTITION",
        "absent, 0, UNKNOWN_TOPIC_OR_PARTITION",
        "'a b', 0, INVALID_TOPIC_EXCEPTION"
    })
    void describesNoProducersOfWhatDoesNotExist(String topic, int partition, Errors error) {
        assertThat(Errors.forCode(producers(topic, partition).errorCode())).isEqualTo(error);
    }

    @Test
    void producersAreToBeAskedForAgainWhenTheStoreIsAway() {
        broker.logs.setAvailable(false);
        assertThat(Errors.forCode(producers("written", 1).errorCode()))
                .isEqualTo(Errors.KAFKA_STORAGE_ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void describesTheStoreInPlaceOfADirectory(int version) {
        DescribeLogDirsResult all = logDir(version, null);
        assertThat(all.logDir()).isEqualTo(ProtocolFixture.STORE);
        assertThat(
                        all.topics().stream()
                                .flatMap(
                                        topic ->
                                                topic.partitions().stream()
                                                        .map(
                                                                it ->
                                                                        "%s-%d: %d"
                                                                                .formatted(
                                                                                        topic
                                                                                                .name(),
                                                                                        it
                                                                                                .partitionIndex(),
                                                                                        it
                                                                                                .partitionSize()))))
                .containsExactly("empty-0: 0", "written-0: 0", "written-1: " + size);
        DescribableLogDirTopicCollection some = new DescribableLogDirTopicCollection();
        some.add(new DescribableLogDirTopic().setTopic("written").setPartitions(List.of(1, 9)));
        some.add(new DescribableLogDirTopic().setTopic("absent").setPartitions(List.of(0)));
        assertThat(logDir(version, some).topics())
                .singleElement()
                .satisfies(topic -> assertThat(topic.partitions()).hasSize(1));
    }

    @Test
    void theDirectoryIsInErrorWhenTheStoreIsAway() {
        broker.logs.setAvailable(false);
        assertThat(Errors.forCode(logDir(4, null).errorCode()))
                .isEqualTo(Errors.KAFKA_STORAGE_ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void nothingIsMovedBetweenDirectories(int version) {
        assertThat(move(version, ProtocolFixture.STORE, "written", 0)).isEqualTo(Errors.NONE);
        assertThat(move(version, ProtocolFixture.STORE, "written", 2))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(move(version, "/elsewhere", "written", 0)).isEqualTo(Errors.LOG_DIR_NOT_FOUND);
    }

    private PartitionResponse producers(String topic, int partition) {
        DescribeProducersRequestData request =
                new DescribeProducersRequestData()
                        .setTopics(
                                List.of(
                                        new TopicRequest()
                                                .setName(topic)
                                                .setPartitionIndexes(List.of(partition))));
        return broker.ask(request, 0, DescribeProducersResponse.class)
                .data()
                .topics()
                .getFirst()
                .partitions()
                .getFirst();
    }

    private DescribeLogDirsResult logDir(
            int version, @Nullable DescribableLogDirTopicCollection topics) {
        return broker.ask(
                        new DescribeLogDirsRequestData().setTopics(topics),
                        version,
                        DescribeLogDirsResponse.class)
                .data()
                .results()
                .getFirst();
    }

    private Errors move(int version, String path, String topic, int partition) {
        AlterReplicaLogDirsRequestData request = new AlterReplicaLogDirsRequestData();
        AlterReplicaLogDir directory = new AlterReplicaLogDir().setPath(path);
        directory
                .topics()
                .add(
                        new AlterReplicaLogDirTopic()
                                .setName(topic)
                                .setPartitions(List.of(partition)));
        request.dirs().add(directory);
        return Errors.forCode(
                broker.ask(request, version, AlterReplicaLogDirsResponse.class)
                        .data()
                        .results()
                        .getFirst()
                        .partitions()
                        .getFirst()
                        .errorCode());
    }
}
