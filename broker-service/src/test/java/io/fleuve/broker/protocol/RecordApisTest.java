package io.fleuve.broker.protocol;

import static io.fleuve.broker.protocol.ProtocolFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fleuve.broker.metadata.CreateTopicResult;
import io.fleuve.broker.metadata.NewTopic;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.InvalidRequiredAcksException;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopicCollection;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.InitProducerIdResponse;
import org.apache.kafka.common.requests.ListOffsetsResponse;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochResponse;
import org.apache.kafka.common.requests.ProduceResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordApisTest extends RecordScenario {

    static IntStream produceVersions() {
        return IntStream.rangeClosed(3, 13);
    }

    // ---- Produce ----

    @ParameterizedTest
    @MethodSource("produceVersions")
    void producesAtAllVersions(int version) {
        assertThat(produce(version, 0, records(3)).baseOffset()).isZero();
        PartitionProduceResponse second = produce(version, 0, records(1));
        assertThat(second.errorCode()).isZero();
        assertThat(second.baseOffset()).isEqualTo(3);
    }

    @Test
    void producesOnlyWithAcksThatKafkaKnows() {
        ProduceRequestData request = produceRequest(9, "readings", topic.id(), 0, records(1));
        assertThatThrownBy(() -> broker.ask(request.setAcks((short) 2), 9, ProduceResponse.class))
                .isInstanceOf(InvalidRequiredAcksException.class);
    }

    @Test
    void producerRetryGetsTheOriginalOffset() {
        assertThat(produce(9, 0, idempotent(0, 2)).baseOffset()).isZero();
        assertThat(produce(9, 0, idempotent(2, 1)).baseOffset()).isEqualTo(2);
        PartitionProduceResponse again = produce(9, 0, idempotent(0, 2));
        assertThat(again.errorCode()).isZero();
        assertThat(again.baseOffset()).isZero();
        assertThat(error(produce(9, 0, idempotent(7, 1))))
                .isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }

    @Test
    void producesToUnknownTopicsAndPartitionsAreRefused() {
        assertThat(error(produce(9, 5, records(1)))).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        ProduceRequestData byId = produceRequest(13, "", UUID.randomUUID(), 0, records(1));
        ProduceResponse answer = broker.ask(byId, 13, ProduceResponse.class);
        TopicProduceResponse echoed = answer.data().responses().iterator().next();
        assertThat(echoed.topicId()).isEqualTo(byId.topicData().iterator().next().topicId());
        assertThat(error(echoed.partitionResponses().getFirst()))
                .isEqualTo(Errors.UNKNOWN_TOPIC_ID);
    }

    @Test
    void looksOnceForTopicsThatAnotherBrokerHasMade() {
        broker.metadata.setLagging(true);
        topic = create("elsewhere", 1, Map.of());
        assertThat(produce(13, 0, records(1)).errorCode()).isZero();
        assertThat(broker.metadata.refreshes()).isEqualTo(1);
    }

    @Test
    void storeThatIsAwayIsRetriable() {
        broker.logs.setAvailable(false);
        assertThat(error(produce(9, 0, records(1)))).isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
        assertThat(Errors.forCode(fetch(12, 0, 0).errorCode()))
                .isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        assertThat(Errors.forCode(listOffsets(9, -1).errorCode()))
                .isEqualTo(Errors.KAFKA_STORAGE_ERROR);
    }

    @Test
    void clientsDoNotWriteToInternalTopics() {
        topic =
                ((CreateTopicResult.Created)
                                broker.metadata.createTopic(
                                        new NewTopic("__consumer_offsets", 1, true, Map.of())))
                        .topic();
        assertThat(error(produce(9, 0, records(1)))).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
    }

    @Test
    void appendTimeIsStampedAndReported() {
        topic = create("stamped", 1, Map.of("message.timestamp.type", "LogAppendTime"));
        MemoryRecords old =
                MemoryRecords.withRecords(
                        Compression.NONE, new SimpleRecord(5, null, new byte[] {1}));
        assertThat(produce(9, 0, old).logAppendTimeMs()).isEqualTo(NOW);
        RecordBatch stored = batches(fetch(12, 0, 0)).getFirst();
        assertThat(stored.maxTimestamp()).isEqualTo(NOW);
    }

    @Test
    void refusedRecordsAreNamed() {
        topic = create("compacted", 1, Map.of("cleanup.policy", "compact"));
        PartitionProduceResponse answer = produce(9, 0, records(2));
        assertThat(error(answer)).isEqualTo(Errors.INVALID_RECORD);
        assertThat(answer.recordErrors()).hasSize(2);
        assertThat(answer.errorMessage()).contains("key");
    }

    // ---- Fetch ----

    // ---- ListOffsets, OffsetForLeaderEpoch ----

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
    void listsTheEndsAtAllVersions(int version) {
        produce(9, 0, records(4));
        broker.logs.setStart(logId(0), 1);
        assertThat(listOffsets(version, -1).offset()).isEqualTo(4);
        assertThat(listOffsets(version, -2).offset()).isEqualTo(1);
    }

    @Test
    void listsTheRecordOfATime() {
        produce(9, 0, timed(NOW - 50, NOW - 40, NOW - 30));
        produce(9, 0, timed(NOW - 20, NOW - 5, NOW - 10));
        assertThat(listOffsets(7, NOW - 45).offset()).isEqualTo(1);
        assertThat(listOffsets(7, NOW - 45).timestamp()).isEqualTo(NOW - 40);
        assertThat(listOffsets(7, NOW - 30).offset()).isEqualTo(2);
        assertThat(listOffsets(7, NOW).offset()).isEqualTo(-1);
        assertThat(listOffsets(7, -3).offset()).isEqualTo(4);
        assertThat(listOffsets(7, -3).timestamp()).isEqualTo(NOW - 5);
        assertThat(listOffsets(8, -4).offset()).isZero();
        assertThat(Errors.forCode(listOffsets(6, -3).errorCode()))
                .isEqualTo(Errors.UNSUPPORTED_VERSION);
    }

    @Test
    void latestRecordIsFoundWhereverItLies() {
        assertThat(listOffsets(7, -3).offset()).isEqualTo(-1);
        produce(9, 0, timed(NOW - 5_000_000, NOW));
        produce(9, 0, timed(NOW - 4_000_000));
        assertThat(listOffsets(7, -3).offset()).isEqualTo(1);
        assertThat(listOffsets(7, -3).timestamp()).isEqualTo(NOW);
    }

    @Test
    void anyEpochThatIsKnownReachesToTheEndOfTheLog() {
        produce(9, 0, records(4));
        broker.metadata.bumpLeaderEpochs("readings");
        assertThat(epochEnd(1).endOffset()).isEqualTo(4);
        assertThat(epochEnd(1).leaderEpoch()).isEqualTo(1);
        assertThat(Errors.forCode(epochEnd(3).errorCode())).isEqualTo(Errors.UNKNOWN_LEADER_EPOCH);
    }

    // ---- InitProducerId ----

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void producersGetIdsAtAllVersions(int version) {
        InitProducerIdResponseData first = initProducer(version, initRequest());
        InitProducerIdResponseData second = initProducer(version, initRequest());
        assertThat(first.producerEpoch()).isZero();
        assertThat(second.producerId()).isNotEqualTo(first.producerId());
    }

    @Test
    void idempotentProducersGetAnotherId() {
        InitProducerIdRequestData known =
                initRequest().setProducerId(9).setProducerEpoch((short) 4);
        assertThat(initProducer(4, known).producerId()).isNotEqualTo(9);
        assertThat(initProducer(4, known).producerEpoch()).isZero();
        known.setProducerEpoch((short) -1);
        assertThat(Errors.forCode(initProducer(4, known).errorCode()))
                .isEqualTo(Errors.INVALID_REQUEST);
    }

    @Test
    void producersAreAskedToTryAgainWhileThereAreNoIds() {
        broker.metadata.setAvailable(false);
        assertThat(Errors.forCode(initProducer(4, initRequest()).errorCode()))
                .isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS);
    }

    // ---- what the tests are made of ----

    private static MemoryRecords idempotent(int sequence, int count) {
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            records[i] = new SimpleRecord(NOW, null, new byte[] {(byte) i});
        }
        return MemoryRecords.withIdempotentRecords(
                Compression.NONE, 77L, (short) 0, sequence, records);
    }

    private static Errors error(PartitionProduceResponse answer) {
        return Errors.forCode(answer.errorCode());
    }

    private ListOffsetsPartitionResponse listOffsets(int version, long timestamp) {
        ListOffsetsRequestData request =
                new ListOffsetsRequestData()
                        .setReplicaId(-1)
                        .setTopics(
                                List.of(
                                        new ListOffsetsTopic()
                                                .setName(topic.name())
                                                .setPartitions(
                                                        List.of(
                                                                new ListOffsetsPartition()
                                                                        .setPartitionIndex(0)
                                                                        .setTimestamp(
                                                                                timestamp)))));
        return broker.ask(request, version, ListOffsetsResponse.class)
                .topics()
                .getFirst()
                .partitions()
                .getFirst();
    }

    private EpochEndOffset epochEnd(int epoch) {
        OffsetForLeaderTopicCollection topics = new OffsetForLeaderTopicCollection();
        topics.add(
                new OffsetForLeaderTopic()
                        .setTopic(topic.name())
                        .setPartitions(
                                List.of(
                                        new OffsetForLeaderPartition()
                                                .setPartition(0)
                                                .setCurrentLeaderEpoch(-1)
                                                .setLeaderEpoch(epoch))));
        return broker.ask(
                        new OffsetForLeaderEpochRequestData().setReplicaId(-1).setTopics(topics),
                        4,
                        OffsetsForLeaderEpochResponse.class)
                .data()
                .topics()
                .iterator()
                .next()
                .partitions()
                .getFirst();
    }

    private static InitProducerIdRequestData initRequest() {
        return new InitProducerIdRequestData().setTransactionalId(null);
    }

    private InitProducerIdResponseData initProducer(int version, InitProducerIdRequestData data) {
        return broker.ask(
                        data.setTransactionTimeoutMs(1_000), version, InitProducerIdResponse.class)
                .data();
    }
}
