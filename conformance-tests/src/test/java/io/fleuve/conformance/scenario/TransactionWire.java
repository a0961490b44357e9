package io.fleuve.conformance.scenario;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.Records;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AddOffsetsToTxnResponse;
import org.apache.kafka.common.requests.AddPartitionsToTxnResponse;
import org.apache.kafka.common.requests.DescribeTransactionsResponse;
import org.apache.kafka.common.requests.EndTxnResponse;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.apache.kafka.common.requests.FindCoordinatorResponse;
import org.apache.kafka.common.requests.InitProducerIdResponse;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.requests.TxnOffsetCommitResponse;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Wire} on which transactions are asked for, at any version and in any order. As clients
 * do, it asks again while the coordinator is busy with the end of the previous transaction.
 */
final class TransactionWire implements AutoCloseable {

    /** The last versions of producers that add partitions themselves (transaction version 1). */
    static final Generation FIRST = new Generation("old", 11, 3, 3, 4, 4);

    /** The newest versions, of transaction version 2 (KIP-890). */
    static final Generation SECOND = new Generation("new", 12, 3, 4, 5, 5);

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TIMEOUT_MS = 60_000;
    private static final short INIT_PRODUCER_ID_VERSION = 5;
    private static final short FETCH_VERSION = 12;

    private static final Set<Errors> BUSY =
            EnumSet.of(
                    Errors.CONCURRENT_TRANSACTIONS,
                    Errors.COORDINATOR_NOT_AVAILABLE,
                    Errors.COORDINATOR_LOAD_IN_PROGRESS,
                    Errors.NOT_COORDINATOR,
                    Errors.NOT_ENOUGH_REPLICAS);

    private final Wire wire;

    /**
     * Versions that are used together.
     *
     * @param name as it stands in facts
     */
    record Generation(
            String name,
            int produce,
            int addPartitions,
            int addOffsets,
            int end,
            int commitOffsets) {

        /** Whether producing adds the partition, and ending a transaction raises the epoch. */
        boolean addsImplicitly() {
            return produce > FIRST.produce;
        }
    }

    /** As whom a producer speaks. */
    record Identity(@Nullable String transactionalId, long producerId, short epoch) {

        Identity withEpoch(int other) {
            return new Identity(transactionalId, producerId, (short) other);
        }

        Identity withProducerId(long other) {
            return new Identity(transactionalId, other, epoch);
        }

        Identity withTransactionalId(@Nullable String other) {
            return new Identity(other, producerId, epoch);
        }
    }

    /** Where a member of a group stands, or nobody. */
    record Membership(String group, int generation, String member, @Nullable String instance) {

        static Membership none(String group) {
            return new Membership(group, -1, "", null);
        }
    }

    TransactionWire(Client client) throws IOException {
        wire = client.wire();
    }

    /** Asks, and again while the coordinator is busy. */
    <T extends AbstractResponse> T ask(ApiMessage request, int version, Class<T> type) {
        return await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> wire.ask(request, version, type), answer -> !isBusy(answer));
    }

    private static boolean isBusy(AbstractResponse answer) {
        return answer.errorCounts().keySet().stream().anyMatch(BUSY::contains);
    }

    /** Has both coordinators there; for names that no request has carried yet. */
    void findCoordinators(String transactionalId, String group) {
        find(CoordinatorType.TRANSACTION, transactionalId);
        find(CoordinatorType.GROUP, group);
    }

    private void find(CoordinatorType type, String key) {
        FindCoordinatorRequestData request =
                new FindCoordinatorRequestData()
                        .setKeyType(type.id())
                        .setCoordinatorKeys(List.of(key));
        ask(request, 6, FindCoordinatorResponse.class);
    }

    /** A new transactional id and its producer id. */
    Identity newProducer() {
        String id = Client.newName("transaction");
        findCoordinators(id, id);
        return init(id);
    }

    Identity init(@Nullable String transactionalId) {
        return init(new Identity(transactionalId, -1, (short) -1));
    }

    /** Whom the coordinator makes of somebody; fails unless it succeeds. */
    Identity init(Identity asking) {
        InitProducerIdResponseData answer = init(asking, TIMEOUT_MS, INIT_PRODUCER_ID_VERSION);
        if (answer.errorCode() != 0) {
            throw new IllegalStateException("refused: " + answer);
        }
        return new Identity(asking.transactionalId(), answer.producerId(), answer.producerEpoch());
    }

    InitProducerIdResponseData init(Identity asking, int timeoutMs, int version) {
        InitProducerIdRequestData request =
                new InitProducerIdRequestData()
                        .setTransactionalId(asking.transactionalId())
                        .setTransactionTimeoutMs(timeoutMs);
        if (version >= 3) {
            request.setProducerId(asking.producerId()).setProducerEpoch(asking.epoch());
        }
        return ask(request, version, InitProducerIdResponse.class).data();
    }

    /** Adds partitions of one topic; the answer is {@code partition: error} of each. */
    String add(Identity producer, int version, String topic, Integer... partitions) {
        return add(
                producer,
                version,
                List.of(
                        new AddPartitionsToTxnTopic()
                                .setName(topic)
                                .setPartitions(List.of(partitions))));
    }

    String add(Identity producer, int version, Collection<AddPartitionsToTxnTopic> topics) {
        AddPartitionsToTxnTopicCollection all = new AddPartitionsToTxnTopicCollection();
        all.addAll(topics);
        AddPartitionsToTxnRequestData request =
                new AddPartitionsToTxnRequestData()
                        .setV3AndBelowTransactionalId(producer.transactionalId())
                        .setV3AndBelowProducerId(producer.producerId())
                        .setV3AndBelowProducerEpoch(producer.epoch())
                        .setV3AndBelowTopics(all);
        return ask(request, version, AddPartitionsToTxnResponse.class)
                .data()
                .resultsByTopicV3AndBelow()
                .stream()
                .flatMap(topic -> topic.resultsByPartition().stream())
                .map(
                        result ->
                                result.partitionIndex()
                                        + ": "
                                        + Errors.forCode(result.partitionErrorCode()))
                .sorted()
                .collect(Collectors.joining(", "));
    }

    /**
     * One record in a batch that says of itself that it belongs to a transaction. Its time is the
     * present: Apache Kafka rolls a log when the marker is much younger than the records.
     */
    static MemoryRecords transactional(Identity producer, int sequence, String value) {
        return MemoryRecords.withTransactionalRecords(
                Compression.NONE,
                producer.producerId(),
                producer.epoch(),
                sequence,
                new SimpleRecord(System.currentTimeMillis(), null, Client.bytes(value)));
    }

    /** As {@link #transactional}, but it does not say so. */
    static MemoryRecords idempotent(Identity producer, int sequence, String value) {
        return MemoryRecords.withIdempotentRecords(
                Compression.NONE,
                producer.producerId(),
                producer.epoch(),
                sequence,
                new SimpleRecord(System.currentTimeMillis(), null, Client.bytes(value)));
    }

    /** Produces one record of a transaction, and returns error and offset. */
    String produce(Identity producer, int version, String topic, int partition, int sequence) {
        return produce(
                producer.transactionalId(),
                version,
                topic,
                partition,
                transactional(producer, sequence, "sequence " + sequence));
    }

    String produce(
            @Nullable String transactionalId,
            int version,
            String topic,
            int partition,
            MemoryRecords records) {
        return produce(
                transactionalId,
                version,
                new TopicProduceData().setName(topic),
                partition,
                records);
    }

    /** At versions that know topics by id only. */
    String produce(Identity producer, int version, Uuid topic, int partition, int sequence) {
        return produce(
                producer.transactionalId(),
                version,
                new TopicProduceData().setTopicId(topic),
                partition,
                transactional(producer, sequence, "sequence " + sequence));
    }

    private String produce(
            @Nullable String transactionalId,
            int version,
            TopicProduceData topic,
            int partition,
            MemoryRecords records) {
        ProduceRequestData request =
                new ProduceRequestData()
                        .setTransactionalId(transactionalId)
                        .setAcks((short) -1)
                        .setTimeoutMs(30_000);
        topic.setPartitionData(
                List.of(new PartitionProduceData().setIndex(partition).setRecords(records)));
        request.topicData().add(topic);
        return ask(request, version, ProduceResponse.class).data().responses().stream()
                .flatMap(answer -> answer.partitionResponses().stream())
                .map(answer -> Errors.forCode(answer.errorCode()) + " at " + answer.baseOffset())
                .collect(Collectors.joining(", "));
    }

    EndTxnResponseData end(Identity producer, boolean commit, int version) {
        return ask(
                        new EndTxnRequestData()
                                .setTransactionalId(producer.transactionalId())
                                .setProducerId(producer.producerId())
                                .setProducerEpoch(producer.epoch())
                                .setCommitted(commit),
                        version,
                        EndTxnResponse.class)
                .data();
    }

    /**
     * Ends a transaction, and returns when its markers are written: as whom the producer goes on.
     */
    Identity endAndAwait(Identity producer, boolean commit, int version) {
        EndTxnResponseData answer = end(producer, commit, version);
        if (answer.errorCode() != 0) {
            throw new IllegalStateException("refused: " + answer);
        }
        awaitEnd(producer);
        return version < SECOND.end()
                ? producer
                : new Identity(
                        producer.transactionalId(), answer.producerId(), answer.producerEpoch());
    }

    /** Returns when no end of a transaction is under way. */
    void awaitEnd(Identity producer) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !state(producer).startsWith("Prepare"));
    }

    /** What the coordinator says of a transactional id. */
    String state(Identity producer) {
        return ask(
                        new DescribeTransactionsRequestData()
                                .setTransactionalIds(List.of(producer.transactionalId())),
                        0,
                        DescribeTransactionsResponse.class)
                .data()
                .transactionStates()
                .getFirst()
                .transactionState();
    }

    Errors addOffsets(Identity producer, String group, int version) {
        return Errors.forCode(
                ask(
                                new AddOffsetsToTxnRequestData()
                                        .setTransactionalId(producer.transactionalId())
                                        .setProducerId(producer.producerId())
                                        .setProducerEpoch(producer.epoch())
                                        .setGroupId(group),
                                version,
                                AddOffsetsToTxnResponse.class)
                        .data()
                        .errorCode());
    }

    /** Commits one offset within a transaction; the answer is {@code partition: error}. */
    String commitOffset(
            Identity producer,
            Membership membership,
            String topic,
            int partition,
            long offset,
            int version) {
        TxnOffsetCommitRequestData request =
                new TxnOffsetCommitRequestData()
                        .setTransactionalId(producer.transactionalId())
                        .setProducerId(producer.producerId())
                        .setProducerEpoch(producer.epoch())
                        .setGroupId(membership.group())
                        .setGenerationId(membership.generation())
                        .setMemberId(membership.member())
                        .setGroupInstanceId(membership.instance())
                        .setTopics(
                                List.of(
                                        new TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic()
                                                .setName(topic)
                                                .setPartitions(
                                                        List.of(
                                                                new TxnOffsetCommitRequestData
                                                                                .TxnOffsetCommitRequestPartition()
                                                                        .setPartitionIndex(
                                                                                partition)
                                                                        .setCommittedOffset(offset)
                                                                        .setCommittedMetadata(
                                                                                "m")))));
        return ask(request, version, TxnOffsetCommitResponse.class).data().topics().stream()
                .flatMap(answer -> answer.partitions().stream())
                .map(answer -> answer.partitionIndex() + ": " + Errors.forCode(answer.errorCode()))
                .collect(Collectors.joining(", "));
    }

    /** A partition from an offset on, as it stands in the answer. */
    FetchResponseData.PartitionData fetch(
            String topic, int partition, long offset, boolean committed) {
        FetchRequestData request =
                new FetchRequestData()
                        .setSessionEpoch(-1)
                        .setMaxWaitMs(100)
                        .setMaxBytes(1_000_000)
                        .setIsolationLevel((byte) (committed ? 1 : 0))
                        .setTopics(
                                List.of(
                                        new FetchTopic()
                                                .setTopic(topic)
                                                .setPartitions(
                                                        List.of(
                                                                new FetchPartition()
                                                                        .setPartition(partition)
                                                                        .setFetchOffset(offset)
                                                                        .setPartitionMaxBytes(
                                                                                1_000_000)))));
        return ask(request, FETCH_VERSION, FetchResponse.class)
                .data()
                .responses()
                .getFirst()
                .partitions()
                .getFirst();
    }

    /** The batches of a partition, markers with what their records hold. */
    List<String> batches(String topic, int partition) {
        Records records = (Records) FetchResponse.recordsOrFail(fetch(topic, partition, 0, false));
        return StreamSupport.stream(records.batches().spliterator(), false)
                .map(TransactionWire::describe)
                .toList();
    }

    private static String describe(RecordBatch batch) {
        String text =
                "%d to %d%s%s, epoch %d, sequence %d"
                        .formatted(
                                batch.baseOffset(),
                                batch.lastOffset(),
                                batch.isTransactional() ? " transactional" : "",
                                batch.isControlBatch() ? " control" : "",
                                batch.producerEpoch(),
                                batch.baseSequence());
        if (!batch.isControlBatch()) {
            return text;
        }
        return text
                + StreamSupport.stream(batch.spliterator(), false)
                        .map(
                                marker ->
                                        ", key %s, value of %d bytes"
                                                .formatted(hex(marker.key()), marker.valueSize()))
                        .collect(Collectors.joining());
    }

    private static String hex(ByteBuffer bytes) {
        StringBuilder text = new StringBuilder();
        while (bytes.hasRemaining()) {
            text.append("%02x".formatted(bytes.get()));
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
