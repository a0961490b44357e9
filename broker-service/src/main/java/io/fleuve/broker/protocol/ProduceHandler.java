package io.fleuve.broker.protocol;

import io.fleuve.broker.log.Append;
import io.fleuve.broker.log.AppendError;
import io.fleuve.broker.log.AppendResult;
import io.fleuve.broker.log.BatchHeader;
import io.fleuve.broker.log.PartitionLogs;
import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.PartitionImage;
import io.fleuve.broker.metadata.TopicImage;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidRequiredAcksException;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.jspecify.annotations.Nullable;

/**
 * Produce: checks batches and appends them. An acknowledgement always means that the batch is
 * durable, so {@code acks=1} is treated as {@code acks=all}.
 *
 * <p>Appends are started in the call, in the order of the request; the answer follows when the last
 * of them is done.
 */
final class ProduceHandler implements RequestHandler<ProduceRequest> {

    /** What Kafka's own admin tools call themselves when they may write to internal topics. */
    private static final String ADMIN_CLIENT = "__admin_client";

    /**
     * Later ones take their partitions into the transaction; this one may be told to abort it
     * (KIP-890).
     */
    private static final short LAST_VERSION_THAT_DOES_NOT_JOIN = 11;

    private final PartitionLogs logs;
    private final ClusterMetadata metadata;
    private final BatchCheck check;
    private final Map<String, String> topicDefaults;

    ProduceHandler(
            PartitionLogs logs, ClusterMetadata metadata, ProtocolSettings settings, Clock clock) {
        this.logs = logs;
        this.metadata = metadata;
        check = new BatchCheck(clock, settings.maxDecompressedBytes());
        topicDefaults = settings.topicDefaults();
    }

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, ProduceRequest request) {
        if (request.acks() < -1 || request.acks() > 1) {
            throw new InvalidRequiredAcksException(
                    "acks must be -1, 0 or 1, not " + request.acks());
        }
        Reply reply = new Reply();
        ClusterView cluster = new ClusterView(metadata);
        for (TopicProduceData topic : request.data().topicData()) {
            TopicProduceResponse answer =
                    new TopicProduceResponse().setName(topic.name()).setTopicId(topic.topicId());
            reply.data.responses().add(answer);
            for (PartitionProduceData partition : topic.partitionData()) {
                PartitionProduceResponse outcome = noOutcome(partition.index());
                answer.partitionResponses().add(outcome);
                append(
                        context,
                        cluster,
                        request.transactionalId(),
                        topic,
                        partition,
                        outcome,
                        reply);
            }
        }
        reply.partitionDone();
        return reply.future;
    }

    private void append(
            RequestContext context,
            ClusterView cluster,
            @Nullable String transactionalId,
            TopicProduceData topic,
            PartitionProduceData partition,
            PartitionProduceResponse outcome,
            Reply reply) {
        switch (cluster.locate(
                topic.name(), topic.topicId(), partition.index(), ClusterView.ANY_EPOCH)) {
            case ClusterView.Location.Missing(Errors error) ->
                    refuse(outcome, error, error.message(), List.of());
            case ClusterView.Location.Found(TopicImage found, PartitionImage target) -> {
                if (found.internal() && !ADMIN_CLIENT.equals(context.clientId())) {
                    refuse(
                            outcome,
                            Errors.INVALID_TOPIC_EXCEPTION,
                            "clients must not write to internal topics",
                            List.of());
                    return;
                }
                TopicRules rules = TopicRules.of(found, topicDefaults);
                short version = context.header.apiVersion();
                Optional<ByteBuffer> batch =
                        accept(bytes(partition.records()), rules, version, outcome);
                if (batch.isEmpty()) {
                    return;
                }
                boolean transactional =
                        BatchHeader.isTransactional(batch.get(), batch.get().position());
                if (transactional && transactionalId == null) {
                    refuse(
                            outcome,
                            Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
                            "a batch of a transaction needs a transactional id",
                            List.of());
                    return;
                }
                Codes codes =
                        new Codes(
                                !topic.topicId().equals(Uuid.ZERO_UUID),
                                "".equals(transactionalId),
                                transactional && version == LAST_VERSION_THAT_DOES_NOT_JOIN);
                reply.partitionStarted();
                var _ =
                        logs.append(
                                        new Append(
                                                target.logId(),
                                                batch.get(),
                                                target.leaderEpoch(),
                                                false,
                                                rules.appendTime(),
                                                transactionalId,
                                                version > LAST_VERSION_THAT_DOES_NOT_JOIN))
                                .thenAccept(
                                        result -> {
                                            fill(outcome, result, codes);
                                            reply.partitionDone();
                                        });
            }
        }
    }

    /**
     * The batch as it shall be in the log; empty, with the outcome filled in, if it must not be.
     */
    private Optional<ByteBuffer> accept(
            ByteBuffer batch, TopicRules rules, short version, PartitionProduceResponse outcome) {
        try {
            return switch (check.check(batch, rules, version)) {
                case BatchCheck.Verdict.Bad(Errors error, String message, var records) -> {
                    refuse(outcome, error, message, records);
                    yield Optional.empty();
                }
                case BatchCheck.Verdict.Good _ -> Optional.of(Recompression.apply(batch, rules));
            };
        } catch (BatchFormatException e) {
            refuse(outcome, e.error(), e.reason(), List.of());
            return Optional.empty();
        }
    }

    private static ByteBuffer bytes(BaseRecords records) {
        return records instanceof MemoryRecords inMemory
                ? inMemory.buffer()
                : ByteBuffer.allocate(0);
    }

    private static PartitionProduceResponse noOutcome(int index) {
        return new PartitionProduceResponse()
                .setIndex(index)
                .setBaseOffset(ProduceResponse.INVALID_OFFSET)
                .setLogStartOffset(ProduceResponse.INVALID_OFFSET);
    }

    private static void refuse(
            PartitionProduceResponse outcome,
            Errors error,
            String message,
            List<BatchIndexAndErrorMessage> records) {
        outcome.setErrorCode(error.code()).setErrorMessage(message).setRecordErrors(records);
    }

    private static void fill(PartitionProduceResponse outcome, AppendResult result, Codes codes) {
        switch (result) {
            // A batch that was in the log before is acknowledged with the offset that it has.
            case AppendResult.Appended appended ->
                    outcome.setBaseOffset(appended.baseOffset())
                            .setLogAppendTimeMs(appended.appendTimeMs())
                            .setLogStartOffset(appended.logStartOffset());
            case AppendResult.Rejected(AppendError error, String message) ->
                    refuse(outcome, codes.of(error), message, List.of());
        }
    }

    /**
     * Which codes a client understands.
     *
     * @param byId whether the topic was named by its id
     * @param emptyId whether the transactional id is empty
     * @param abortable whether the client can be told to abort its transaction
     */
    private record Codes(boolean byId, boolean emptyId, boolean abortable) {

        Errors of(AppendError error) {
            return switch (error) {
                case OUT_OF_ORDER_SEQUENCE -> Errors.OUT_OF_ORDER_SEQUENCE_NUMBER;
                case STALE_PRODUCER_EPOCH -> Errors.INVALID_PRODUCER_EPOCH;
                case NOT_IN_TRANSACTION ->
                        abortable ? Errors.TRANSACTION_ABORTABLE : Errors.INVALID_TXN_STATE;
                case UNKNOWN_PRODUCER ->
                        emptyId ? Errors.INVALID_REQUEST : Errors.INVALID_PRODUCER_ID_MAPPING;
                case UNKNOWN_LOG ->
                        byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
                case FENCED_LEADER -> Errors.NOT_LEADER_OR_FOLLOWER;
                // The retriable code that every client library has known from the start.
                case OVERLOADED, UNAVAILABLE -> Errors.NOT_ENOUGH_REPLICAS;
            };
        }
    }

    /** An answer in the making: complete when all partitions are, and the request is read. */
    private static final class Reply {

        private final ProduceResponseData data = new ProduceResponseData();
        private final CompletableFuture<ProduceResponse> future = new CompletableFuture<>();
        private final AtomicInteger open = new AtomicInteger(1);

        void partitionStarted() {
            open.incrementAndGet();
        }

        void partitionDone() {
            if (open.decrementAndGet() == 0) {
                future.complete(new ProduceResponse(data));
            }
        }
    }
}
