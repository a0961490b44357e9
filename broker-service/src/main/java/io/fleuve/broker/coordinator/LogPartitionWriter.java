package io.fleuve.broker.coordinator;

import io.fleuve.broker.log.Append;
import io.fleuve.broker.log.AppendResult;
import io.fleuve.broker.log.LogUnavailableException;
import io.fleuve.broker.log.PartitionLogs;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.TxnOffsetCommitRequest;
import org.apache.kafka.coordinator.common.runtime.PartitionWriter;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.VerificationGuard;

/**
 * The library's way to write: fenced appends to the logs of {@code __consumer_offsets}.
 *
 * <p>An append blocks the shard's thread until it is durable, so a shard's state never runs ahead
 * of its log, and listeners hear of the new high watermark at once. While it blocks, further
 * requests of the shard gather and go into one batch next.
 */
final class LogPartitionWriter implements PartitionWriter {

    /** Of TxnOffsetCommit; later ones take the group's log into the transaction (KIP-890). */
    private static final short LAST_VERSION_THAT_DOES_NOT_JOIN =
            TxnOffsetCommitRequest.LAST_STABLE_VERSION_BEFORE_TRANSACTION_V2;

    private final PartitionLogs logs;
    private final ShardTenures tenures;
    private final Supplier<Map<String, String>> topicConfigs;
    private final WriteFailures failures;
    private final long appendTimeoutMs;
    private final Map<TopicPartition, List<Listener>> listeners = new ConcurrentHashMap<>();
    private final OffsetTransactions transactions;
    private final Executor blocking =
            task -> Thread.ofVirtual().name("fleuve-transaction-check").start(task);
    private volatile BeforeOffsets beforeOffsets = (tenure, producerId) -> {};
    private volatile ParsedConfig parsed = new ParsedConfig(Map.of(), new LogConfig(Map.of()));

    LogPartitionWriter(
            PartitionLogs logs,
            ShardTenures tenures,
            Supplier<Map<String, String>> topicConfigs,
            WriteFailures failures,
            OffsetTransactions transactions,
            long appendTimeoutMs) {
        this.logs = logs;
        this.transactions = transactions;
        this.tenures = tenures;
        this.topicConfigs = topicConfigs;
        this.failures = failures;
        this.appendTimeoutMs = appendTimeoutMs;
    }

    @Override
    public void registerListener(TopicPartition tp, Listener listener) {
        listeners.computeIfAbsent(tp, key -> new CopyOnWriteArrayList<>()).add(listener);
    }

    @Override
    public void deregisterListener(TopicPartition tp, Listener listener) {
        listeners.computeIfPresent(
                tp,
                (key, registered) -> {
                    registered.remove(listener);
                    return registered.isEmpty() ? null : registered;
                });
    }

    /** The topic's configuration. The library asks before each batch, so it is parsed once. */
    @Override
    public LogConfig config(TopicPartition tp) {
        Map<String, String> configs = topicConfigs.get();
        ParsedConfig known = parsed;
        if (!known.configs.equals(configs)) {
            known = new ParsedConfig(configs, new LogConfig(configs));
            parsed = known;
        }
        return known.logConfig;
    }

    /**
     * Appends one batch and waits until it is durable.
     *
     * @return the offset after its last record
     * @throws NotLeaderOrFollowerException if this broker does not own the shard; clients see
     *     NOT_COORDINATOR and look for the new owner
     * @throws NotEnoughReplicasException if the log does not answer; clients see
     *     COORDINATOR_NOT_AVAILABLE and try again
     */
    @Override
    public long append(
            TopicPartition tp,
            VerificationGuard verificationGuard,
            MemoryRecords records,
            short transactionVersion)
            throws KafkaException {
        Tenure tenure =
                tenures.writable(tp.partition())
                        .orElseThrow(
                                () ->
                                        new NotLeaderOrFollowerException(
                                                "this broker no longer owns " + tp));
        int count = countRecords(records);
        CompletableFuture<AppendResult> outcome =
                logs.append(
                        new Append(
                                tenure.logId(),
                                copyOf(records),
                                tenure.leaderEpoch(),
                                true,
                                false));
        long end =
                switch (await(tp, tenure, outcome)) {
                    case AppendResult.Appended appended -> appended.baseOffset() + count;
                    case AppendResult.Rejected rejected -> throw rejection(tp, tenure, rejected);
                };
        listeners
                .getOrDefault(tp, List.of())
                .forEach(listener -> listener.onHighWatermarkUpdated(tp, end));
        return end;
    }

    private AppendResult await(
            TopicPartition tp, Tenure tenure, CompletableFuture<AppendResult> outcome) {
        try {
            return outcome.get(appendTimeoutMs, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            failures.onInDoubt(tenure, outcome);
            throw new NotEnoughReplicasException(
                    "append to " + tp + " was not confirmed within " + appendTimeoutMs + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failures.onInDoubt(tenure, outcome);
            throw new NotEnoughReplicasException("append to " + tp + " was interrupted", e);
        } catch (ExecutionException e) {
            // The log's contract excludes it, so the state of the log is unknown.
            failures.onInDoubt(tenure, outcome);
            throw new UnknownServerException("append to " + tp + " failed", e);
        }
    }

    private KafkaException rejection(
            TopicPartition tp, Tenure tenure, AppendResult.Rejected rejected) {
        String message = "append to " + tp + " was refused: " + rejected.message();
        return switch (rejected.error()) {
            case FENCED_LEADER -> {
                failures.onFenced(tenure);
                yield new NotLeaderOrFollowerException(message);
            }
            case UNKNOWN_LOG -> new UnknownTopicOrPartitionException(message);
            case OVERLOADED, UNAVAILABLE -> new NotEnoughReplicasException(message);
            case STALE_PRODUCER_EPOCH -> new InvalidProducerEpochException(message);
            case OUT_OF_ORDER_SEQUENCE -> new OutOfOrderSequenceException(message);
            case NOT_IN_TRANSACTION -> new InvalidTxnStateException(message);
            case UNKNOWN_PRODUCER -> new InvalidPidMappingException(message);
        };
    }

    private static int countRecords(MemoryRecords records) {
        int count = 0;
        for (RecordBatch batch : records.batches()) {
            count += Math.toIntExact(batch.lastOffset() - batch.baseOffset() + 1);
        }
        return count;
    }

    /** The library uses its buffer again, and the log keeps what it is given. */
    private static ByteBuffer copyOf(MemoryRecords records) {
        ByteBuffer copy = ByteBuffer.allocate(records.sizeInBytes());
        copy.put(records.buffer());
        return copy.flip();
    }

    /**
     * Prepares the commit of offsets in a transaction: what the producer has ended before is worked
     * off, and with the newer protocol the shard's log is taken into the transaction. Whether it is
     * in there is checked again by the append.
     */
    @Override
    public CompletableFuture<VerificationGuard> maybeStartTransactionVerification(
            TopicPartition tp,
            String transactionalId,
            long producerId,
            short producerEpoch,
            int apiVersion) {
        Optional<Tenure> tenure = tenures.writable(tp.partition());
        if (tenure.isEmpty()) {
            // The operation itself may find the shard loaded, and then nobody would have taken its
            // log into the transaction.
            return CompletableFuture.failedFuture(
                    tenures.current(tp.partition()).isPresent()
                            ? new CoordinatorLoadInProgressException(tp + " is being loaded")
                            : new NotLeaderOrFollowerException("this broker does not own " + tp));
        }
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        beforeOffsets.settle(tenure.get(), producerId);
                        long logId = tenure.get().logId();
                        if (apiVersion > LAST_VERSION_THAT_DOES_NOT_JOIN) {
                            transactions.join(transactionalId, producerId, producerEpoch, logId);
                        } else {
                            transactions.verify(
                                    transactionalId,
                                    producerId,
                                    producerEpoch,
                                    logId,
                                    apiVersion == LAST_VERSION_THAT_DOES_NOT_JOIN);
                        }
                        return VerificationGuard.SENTINEL;
                    } catch (LogUnavailableException e) {
                        throw new CoordinatorNotAvailableException(e.getMessage(), e);
                    }
                },
                blocking);
    }

    /** Works off what a producer has ended in a shard. */
    interface BeforeOffsets {
        void settle(Tenure tenure, long producerId);
    }

    /** Set once, before the first request: it needs the library, which needs this writer. */
    void setBeforeOffsets(BeforeOffsets beforeOffsets) {
        this.beforeOffsets = beforeOffsets;
    }

    /** Only coordinators of share groups delete records of their log; there are none. */
    @Override
    public CompletableFuture<Void> deleteRecords(TopicPartition tp, long beforeOffset) {
        return CompletableFuture.failedFuture(
                new UnsupportedVersionException(
                        "records of " + tp + " are compacted, not deleted"));
    }

    private record ParsedConfig(Map<String, String> configs, LogConfig logConfig) {}
}
