package io.fleuve.broker.protocol;

import io.fleuve.broker.log.LogEnds;
import io.fleuve.broker.log.LogUnavailableException;
import io.fleuve.broker.log.PartitionLogs;
import io.fleuve.broker.log.ReadResult;
import io.fleuve.broker.metadata.ClusterMetadata;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Records;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look at all partitions that a fetch asks for.
 *
 * <p>Partitions are answered in the order of the request, but read in a rotated one: where the
 * limit of bytes cuts in, it does not always hit the same ones. The first batch that is found is
 * returned even if it is larger than the limit, or a consumer could never get past it.
 *
 * <p>What is read is taken from the budget that all fetches share. It goes with the answer, or is
 * given back by {@link #drop()}.
 */
final class FetchPass {

    private static final Logger LOGGER = LoggerFactory.getLogger(FetchPass.class);

    private record Target(FetchTopic topic, FetchPartition asked, PartitionData answer) {}

    private final PartitionLogs logs;
    private final ClusterView cluster;
    private final FetchRequest request;
    private final FetchBudget.Share share;
    private final int maxBytes;
    private final int turn;
    private final boolean stable;
    private final List<Target> targets = new ArrayList<>();
    private final List<Long> logIds = new ArrayList<>();
    private final FetchResponseData data = new FetchResponseData();
    private int sizeBytes;
    private int memoryBytes;
    private boolean errors;
    private boolean more;

    /**
     * @param share of the budget, empty
     * @param maxBytes the most that any fetch gets
     * @param turn which partition is read first, modulo their number
     */
    FetchPass(
            PartitionLogs logs,
            ClusterMetadata metadata,
            FetchRequest request,
            FetchBudget.Share share,
            int maxBytes,
            int turn) {
        this.logs = logs;
        this.request = request;
        this.share = share;
        this.maxBytes = Math.min(maxBytes, Math.max(0, request.maxBytes()));
        this.turn = turn;
        this.stable = request.isolationLevel() == IsolationLevel.READ_COMMITTED;
        cluster = new ClusterView(metadata);
        for (FetchTopic topic : request.data().topics()) {
            FetchableTopicResponse answers =
                    new FetchableTopicResponse()
                            .setTopic(topic.topic())
                            .setTopicId(topic.topicId());
            data.responses().add(answers);
            for (FetchPartition partition : topic.partitions()) {
                PartitionData answer =
                        FetchResponse.partitionResponse(partition.partition(), Errors.NONE);
                answers.partitions().add(answer);
                targets.add(new Target(topic, partition, answer));
            }
        }
    }

    void read() {
        int count = targets.size();
        try {
            for (int i = 0; i < count; i++) {
                read(targets.get(Math.floorMod(turn + i, count)));
            }
        } catch (Throwable e) {
            drop();
            throw e;
        }
    }

    boolean isEmpty() {
        return sizeBytes == 0;
    }

    /** Lets go of the records that were found, and of their share of the budget. */
    void drop() {
        targets.forEach(target -> target.answer().setRecords(MemoryRecords.EMPTY));
        sizeBytes = 0;
        memoryBytes = 0;
        share.giveBack();
    }

    /**
     * Whether to answer without waiting: there are as many bytes as were asked for, or a limit was
     * reached before that, or a partition has an error, which the client shall hear of at once.
     */
    boolean isEnough() {
        return sizeBytes >= request.minBytes()
                || (sizeBytes > 0 && more)
                || errors
                || targets.isEmpty();
    }

    /** The logs that were read. */
    List<Long> logIds() {
        return logIds;
    }

    /** The answer, told as its session tells it; the share of the budget is its own from now on. */
    FetchAnswer toAnswer(FetchSessions.Exchange exchange) {
        return new FetchAnswer(exchange.answer(data), share, memoryBytes);
    }

    private void read(Target target) {
        FetchPartition asked = target.asked();
        switch (cluster.locate(
                target.topic().topic(),
                target.topic().topicId(),
                asked.partition(),
                asked.currentLeaderEpoch())) {
            case ClusterView.Location.Missing(Errors error) -> refuse(target, error);
            case ClusterView.Location.Found(var _, var partition) -> {
                logIds.add(partition.logId());
                try {
                    read(target, partition.logId());
                } catch (LogUnavailableException e) {
                    LOGGER.atWarn()
                            .addKeyValue("logId", partition.logId())
                            .addKeyValue("reason", e.getMessage())
                            .log("a log could not be read");
                    refuse(target, Errors.KAFKA_STORAGE_ERROR);
                }
            }
        }
    }

    private void read(Target target, long logId) {
        switch (readWithinBudget(target.asked(), logId)) {
            case ReadResult.Batches batches -> {
                LogEnds ends = batches.ends();
                long from = target.asked().fetchOffset();
                long next = nextOffset(batches, from);
                target.answer().setAbortedTransactions(null);
                if (stable) {
                    // Where nothing was aborted from here on, there is nothing to be looked up.
                    target.answer()
                            .setAbortedTransactions(
                                    next > from && from <= ends.lastAborted()
                                            ? aborted(logId, from, next)
                                            : List.of());
                }
                target.answer()
                        .setHighWatermark(ends.highWatermark())
                        .setLastStableOffset(ends.lastStableOffset())
                        .setLogStartOffset(ends.logStartOffset())
                        .setRecords(GatheredRecords.of(batches.batches(), batches.stored()));
                sizeBytes += batches.sizeBytes();
                memoryBytes += batches.memoryBytes();
                more |= next < (stable ? ends.lastStableOffset() : ends.highWatermark());
            }
            case ReadResult.OutOfRange(long start, long highWatermark) -> {
                refuse(target, Errors.OFFSET_OUT_OF_RANGE);
                target.answer()
                        .setLogStartOffset(start)
                        .setHighWatermark(highWatermark)
                        .setLastStableOffset(highWatermark);
            }
            case ReadResult.UnknownLog _ ->
                    refuse(
                            target,
                            target.topic().topicId().equals(Uuid.ZERO_UUID)
                                    ? Errors.UNKNOWN_TOPIC_OR_PARTITION
                                    : Errors.UNKNOWN_TOPIC_ID);
        }
    }

    private List<FetchResponseData.AbortedTransaction> aborted(long logId, long from, long to) {
        return logs.aborted(logId, from, to).stream()
                .map(
                        each ->
                                new FetchResponseData.AbortedTransaction()
                                        .setProducerId(each.producerId())
                                        .setFirstOffset(each.firstOffset()))
                .toList();
    }

    private ReadResult readWithinBudget(FetchPartition asked, long logId) {
        boolean first = isEmpty();
        int limit = Math.clamp(maxBytes - sizeBytes, 0, Math.max(0, asked.partitionMaxBytes()));
        // Whoever asks for next to nothing gets a batch all the same, if there is room for any.
        int wanted = first ? Math.max(1, limit) : limit;
        int taken = share.take(wanted);
        int found = 0;
        try {
            boolean atLeastOne = first && (taken == wanted || share.overdraw());
            ReadResult result =
                    logs.readInPlace(
                            logId, asked.fetchOffset(), Math.min(limit, taken), atLeastOne, stable);
            if (result instanceof ReadResult.Batches batches) {
                found = batches.memoryBytes();
                return found > taken ? apart(batches) : result;
            }
            return result;
        } finally {
            share.settle(taken, found);
        }
    }

    /** One batch beyond the budget: copied, or it would keep all that it was read with. */
    private static ReadResult.Batches apart(ReadResult.Batches found) {
        ByteBuffer copy = ByteBuffer.allocate(found.memoryBytes());
        found.batches().forEach(buffer -> copy.put(buffer.duplicate()));
        return new ReadResult.Batches(List.of(copy.flip()), found.stored(), found.ends());
    }

    /** The offset after the last of these batches. */
    private static long nextOffset(ReadResult.Batches batches, long fetchOffset) {
        if (!batches.stored().isEmpty()) {
            return batches.stored().getLast().nextOffset();
        }
        List<ByteBuffer> buffers = batches.batches();
        if (buffers.isEmpty()) {
            return fetchOffset;
        }
        long next = fetchOffset;
        ByteBuffer last = buffers.getLast();
        int at = last.position();
        while (at < last.limit()) {
            next =
                    last.getLong(at)
                            + last.getInt(at + DefaultRecordBatch.LAST_OFFSET_DELTA_OFFSET)
                            + 1;
            at += Records.LOG_OVERHEAD + last.getInt(at + Records.SIZE_OFFSET);
        }
        return next;
    }

    private void refuse(Target target, Errors error) {
        errors = true;
        target.answer().setErrorCode(error.code());
    }
}
