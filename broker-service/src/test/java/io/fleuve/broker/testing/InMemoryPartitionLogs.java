package io.fleuve.broker.testing;

import io.fleuve.broker.inspection.ProducerState;
import io.fleuve.broker.log.AbortedTransaction;
import io.fleuve.broker.log.Append;
import io.fleuve.broker.log.AppendError;
import io.fleuve.broker.log.AppendResult;
import io.fleuve.broker.log.HeadWatch;
import io.fleuve.broker.log.LogEnds;
import io.fleuve.broker.log.LogUnavailableException;
import io.fleuve.broker.log.PartitionLogs;
import io.fleuve.broker.log.ReadResult;
import io.fleuve.broker.log.TransactionEnd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Logs in memory: offsets, epochs, sequences and duplicates as the port promises. Appends complete
 * on a thread of their own, as they would after a commit.
 */
public final class InMemoryPartitionLogs implements PartitionLogs, AutoCloseable {

    private static final int REMEMBERED_BATCHES = 5;

    private record Remembered(int baseSequence, int lastSequence, long baseOffset) {}

    private static final class Producer {
        private short epoch;
        private final List<Remembered> batches = new ArrayList<>();
    }

    private static final class Log {
        private final List<ByteBuffer> batches = new ArrayList<>();
        private final List<Long> baseOffsets = new ArrayList<>();
        private final Map<Long, Producer> producers = new HashMap<>();
        private long start;
        private long end;
    }

    private final Clock clock;
    private final Map<Long, Log> logs = new HashMap<>();
    private final ExecutorService committer =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
    private long changes;
    private boolean available = true;
    private @Nullable CompletableFuture<Void> gate;

    public InMemoryPartitionLogs(Clock clock) {
        this.clock = clock;
    }

    /** Makes an empty log. */
    public synchronized void create(long logId) {
        logs.putIfAbsent(logId, new Log());
    }

    /** Removes a log. */
    public synchronized void delete(long logId) {
        logs.remove(logId);
    }

    /** Makes the store come or go. */
    public synchronized void setAvailable(boolean available) {
        this.available = available;
    }

    /** Moves the start of a log. */
    public synchronized void setStart(long logId, long start) {
        log(logId).start = start;
    }

    /** Holds all appends back until {@link #release()}. */
    public synchronized void hold() {
        gate = new CompletableFuture<>();
    }

    /** Lets appends go on. */
    public synchronized void release() {
        if (gate != null) {
            gate.complete(null);
            gate = null;
        }
    }

    @Override
    public synchronized CompletableFuture<AppendResult> append(Append append) {
        CompletableFuture<Void> held =
                gate != null ? gate : CompletableFuture.completedFuture(null);
        return held.thenApplyAsync(_ -> commit(append), committer);
    }

    private synchronized AppendResult commit(Append append) {
        if (!available) {
            return new AppendResult.Rejected(AppendError.UNAVAILABLE, "the store is away");
        }
        Log log = logs.get(append.logId());
        if (log == null) {
            return new AppendResult.Rejected(AppendError.UNKNOWN_LOG, "no such log");
        }
        MutableRecordBatch batch =
                MemoryRecords.readableRecords(append.batch().slice()).batches().iterator().next();
        Producer producer =
                batch.hasProducerId()
                        ? log.producers.computeIfAbsent(batch.producerId(), _ -> new Producer())
                        : new Producer();
        if (batch.hasProducerId()) {
            AppendResult refusal = checkSequence(log, producer, batch);
            if (refusal != null) {
                return refusal;
            }
        }
        int count = batch.countOrNull();
        long base = log.end;
        batch.setLastOffset(base + count - 1);
        batch.setPartitionLeaderEpoch(append.leaderEpoch());
        long appendTime = -1;
        if (append.stampAppendTime()) {
            appendTime = clock.millis();
            batch.setMaxTimestamp(TimestampType.LOG_APPEND_TIME, appendTime);
        }
        producer.batches.add(new Remembered(batch.baseSequence(), batch.lastSequence(), base));
        if (producer.batches.size() > REMEMBERED_BATCHES) {
            producer.batches.removeFirst();
        }
        log.batches.add(append.batch().slice().asReadOnlyBuffer());
        log.baseOffsets.add(base);
        log.end = base + count;
        changes++;
        notifyAll();
        return new AppendResult.Appended(base, appendTime, log.start, false);
    }

    private static @Nullable AppendResult checkSequence(
            Log log, Producer producer, MutableRecordBatch batch) {
        if (batch.producerEpoch() < producer.epoch) {
            return new AppendResult.Rejected(AppendError.STALE_PRODUCER_EPOCH, "stale epoch");
        }
        if (batch.producerEpoch() > producer.epoch) {
            producer.batches.clear();
            producer.epoch = batch.producerEpoch();
        }
        for (Remembered known : producer.batches) {
            if (known.baseSequence() == batch.baseSequence()
                    && known.lastSequence() == batch.lastSequence()) {
                return new AppendResult.Appended(known.baseOffset(), -1, log.start, true);
            }
        }
        if (!producer.batches.isEmpty()
                && producer.batches.getLast().lastSequence() + 1 != batch.baseSequence()) {
            return new AppendResult.Rejected(AppendError.OUT_OF_ORDER_SEQUENCE, "out of order");
        }
        return null;
    }

    @Override
    public synchronized ReadResult read(
            long logId, long fromOffset, int maxBytes, boolean atLeastOneBatch) {
        checkAvailable();
        Log log = logs.get(logId);
        if (log == null) {
            return new ReadResult.UnknownLog();
        }
        if (fromOffset < log.start || fromOffset > log.end) {
            return new ReadResult.OutOfRange(log.start, log.end);
        }
        List<ByteBuffer> found = new ArrayList<>();
        int size = 0;
        for (int i = 0; i < log.batches.size(); i++) {
            long next = i + 1 < log.batches.size() ? log.baseOffsets.get(i + 1) : log.end;
            if (next <= fromOffset) {
                continue;
            }
            ByteBuffer batch = log.batches.get(i).duplicate();
            boolean first = found.isEmpty() && atLeastOneBatch;
            if (!first && size + batch.remaining() > maxBytes) {
                break;
            }
            size += batch.remaining();
            found.add(batch);
        }
        return new ReadResult.Batches(found, log.end, log.start);
    }

    @Override
    public CompletableFuture<TransactionEnd.Outcome> endTransaction(TransactionEnd end) {
        throw new UnsupportedOperationException("there are no transactions in memory");
    }

    @Override
    public List<AbortedTransaction> aborted(long logId, long fromOffset, long toOffset) {
        return List.of();
    }

    @Override
    public synchronized Optional<LogEnds> ends(long logId) {
        checkAvailable();
        return Optional.ofNullable(logs.get(logId)).map(log -> new LogEnds(log.start, log.end));
    }

    @Override
    public synchronized Optional<LogEnds> raiseStart(long logId, long offset) {
        checkAvailable();
        Log log = logs.get(logId);
        if (log == null) {
            return Optional.empty();
        }
        if (offset == Long.MAX_VALUE) {
            log.start = log.end;
        } else if (offset <= log.end) {
            log.start = Math.max(log.start, offset);
        }
        return Optional.of(new LogEnds(log.start, log.end));
    }

    @Override
    public synchronized Optional<ByteBuffer> seekTimestamp(
            long logId, long fromOffset, long timestampMs) {
        checkAvailable();
        Log log = log(logId);
        for (int i = 0; i < log.batches.size(); i++) {
            ByteBuffer piece = log.batches.get(i).duplicate();
            boolean before = i + 1 < log.batches.size() && log.baseOffsets.get(i + 1) <= fromOffset;
            if (before) {
                continue;
            }
            if (MemoryRecords.readableRecords(piece).batches().iterator().next().maxTimestamp()
                    >= timestampMs) {
                return Optional.of(piece);
            }
        }
        return Optional.empty();
    }

    @Override
    public synchronized HeadWatch watch(Collection<Long> logIds) {
        return new Watch(changes);
    }

    /** The producers of a log, as {@link io.fleuve.broker.inspection.ProducerStates} wants them. */
    public synchronized List<ProducerState> producers(long logId) {
        checkAvailable();
        return log(logId).producers.entrySet().stream()
                .map(
                        entry ->
                                new ProducerState(
                                        entry.getKey(),
                                        entry.getValue().epoch,
                                        entry.getValue().batches.getLast().lastSequence(),
                                        clock.instant(),
                                        OptionalLong.empty(),
                                        false))
                .sorted(Comparator.comparing(ProducerState::producerId))
                .toList();
    }

    /** The sizes of logs, as {@link io.fleuve.broker.inspection.LogSizes} wants them. */
    public synchronized Map<Long, Long> bytes(Collection<Long> logIds) {
        checkAvailable();
        Map<Long, Long> bytes = new HashMap<>();
        for (long logId : logIds) {
            bytes.put(logId, log(logId).batches.stream().mapToLong(ByteBuffer::remaining).sum());
        }
        return bytes;
    }

    private Log log(long logId) {
        Log log = logs.get(logId);
        if (log == null) {
            throw new IllegalArgumentException("no log " + logId);
        }
        return log;
    }

    private void checkAvailable() {
        if (!available) {
            throw new LogUnavailableException("the store is away", new IOException("gone"));
        }
    }

    @Override
    public void close() {
        release();
        committer.shutdown();
    }

    /** Wakes on the growth of any log: more often than needed, never less. */
    private final class Watch implements HeadWatch {

        private long seen;

        Watch(long seen) {
            this.seen = seen;
        }

        @Override
        public boolean await(long timeoutMs) throws InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
            synchronized (InMemoryPartitionLogs.this) {
                while (changes == seen) {
                    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                    if (left <= 0) {
                        return false;
                    }
                    InMemoryPartitionLogs.this.wait(left);
                }
                seen = changes;
                return true;
            }
        }

        @Override
        public void close() {}
    }
}
