package io.fleuve.broker.coordinator;

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
import io.fleuve.broker.metadata.ClusterImage;
import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.CreateTopicResult;
import io.fleuve.broker.metadata.MetadataUnavailableException;
import io.fleuve.broker.metadata.NewTopic;
import io.fleuve.broker.metadata.TopicImage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One broker's view of an {@link InMemoryCluster}, with faults on demand. */
public final class InMemoryBroker implements ClusterMetadata, PartitionLogs {

    /** How appends and reads behave. */
    public enum Store {
        /** As they should. */
        AVAILABLE,
        /** Refused, retriable. */
        UNAVAILABLE,
        /** Appends take effect, but their outcome is not told before {@link #tellOutcomes()}. */
        SILENT
    }

    private final InMemoryCluster cluster;
    private final int id;
    private final List<Consumer<ClusterImage>> listeners = new ArrayList<>();
    private final List<Runnable> untold = new ArrayList<>();
    private volatile ClusterImage current;
    private volatile Store store = Store.AVAILABLE;
    private volatile boolean isolated;
    private volatile boolean lagging;
    private volatile boolean leaseLapsed;
    private volatile @Nullable Error readFailure;

    InMemoryBroker(InMemoryCluster cluster, int id) {
        this.cluster = cluster;
        this.id = id;
        this.current = cluster.image();
    }

    public void store(Store behaviour) {
        store = behaviour;
    }

    /** While isolated, the broker hears nothing of changes to the cluster. */
    public void isolated(boolean value) {
        isolated = value;
        if (!value) {
            onClusterChange();
        }
    }

    /** While lagging, the broker hears of changes to the cluster only when it asks. */
    public void lagging(boolean value) {
        lagging = value;
    }

    /** Whether it knows that its lease has lapsed. */
    public void leaseLapsed(boolean value) {
        leaseLapsed = value;
    }

    /** Tells the outcomes that were kept back. */
    public void tellOutcomes() {
        List<Runnable> due;
        synchronized (untold) {
            due = List.copyOf(untold);
            untold.clear();
        }
        due.forEach(Runnable::run);
    }

    void onClusterChange() {
        if (!isolated && !lagging) {
            follow();
        }
    }

    private void follow() {
        synchronized (listeners) {
            ClusterImage image = cluster.image();
            if (image.version() > current.version()) {
                current = image;
                listeners.forEach(listener -> listener.accept(image));
            }
        }
    }

    @Override
    public int brokerId() {
        return id;
    }

    @Override
    public ClusterImage current() {
        return current;
    }

    @Override
    public ClusterImage refresh() {
        if (isolated) {
            throw new MetadataUnavailableException("isolated", new IllegalStateException());
        }
        follow();
        return current;
    }

    @Override
    public boolean leaseLasts() {
        return !leaseLapsed;
    }

    @Override
    public void onChange(Consumer<ClusterImage> listener) {
        synchronized (listeners) {
            listeners.add(listener);
            listener.accept(current);
        }
    }

    @Override
    public CreateTopicResult createTopic(NewTopic topic) {
        if (isolated) {
            throw new MetadataUnavailableException("isolated", new IllegalStateException());
        }
        return cluster.create(topic);
    }

    @Override
    public Optional<TopicImage> deleteTopic(UUID id) {
        return current().topic(id).flatMap(topic -> cluster.delete(topic.name()));
    }

    @Override
    public Optional<TopicImage> growTopic(String name, int total) {
        throw new UnsupportedOperationException("not needed by these tests");
    }

    @Override
    public Optional<TopicImage> alterTopicConfigs(
            String name, Map<String, Optional<String>> changes) {
        return cluster.alter(name, changes);
    }

    @Override
    public long nextProducerId() {
        throw new UnsupportedOperationException("not needed by these tests");
    }

    @Override
    public CompletableFuture<AppendResult> append(Append append) {
        if (store == Store.UNAVAILABLE) {
            return rejected(AppendError.UNAVAILABLE);
        }
        AppendResult result;
        synchronized (cluster) {
            if (!cluster.hasLog(append.logId())) {
                return rejected(AppendError.UNKNOWN_LOG);
            }
            if (append.fenced() && !cluster.leads(id, append.logId(), append.leaderEpoch())) {
                return rejected(AppendError.FENCED_LEADER);
            }
            long base = cluster.append(append.logId(), append.batch(), append.leaderEpoch());
            result = new AppendResult.Appended(base, -1, 0, false);
        }
        if (store == Store.SILENT) {
            CompletableFuture<AppendResult> later = new CompletableFuture<>();
            synchronized (untold) {
                untold.add(() -> later.complete(result));
            }
            return later;
        }
        return CompletableFuture.completedFuture(result);
    }

    private static CompletableFuture<AppendResult> rejected(AppendError error) {
        return CompletableFuture.completedFuture(
                new AppendResult.Rejected(error, "refused by the test"));
    }

    @Override
    public ReadResult read(long logId, long fromOffset, int maxBytes, boolean atLeastOneBatch) {
        requireAvailable();
        synchronized (cluster) {
            if (!cluster.hasLog(logId)) {
                return new ReadResult.UnknownLog();
            }
            long end = cluster.end(logId);
            if (fromOffset < 0 || fromOffset > end) {
                return new ReadResult.OutOfRange(0, end);
            }
            List<ByteBuffer> chosen = new ArrayList<>();
            int size = 0;
            for (ByteBuffer batch : cluster.batchesFrom(logId, fromOffset)) {
                if (size + batch.remaining() > maxBytes && !(chosen.isEmpty() && atLeastOneBatch)) {
                    break;
                }
                chosen.add(batch);
                size += batch.remaining();
            }
            return new ReadResult.Batches(chosen, end, 0);
        }
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
    public Optional<LogEnds> ends(long logId) {
        requireAvailable();
        return cluster.hasLog(logId)
                ? Optional.of(new LogEnds(0, cluster.end(logId)))
                : Optional.empty();
    }

    /** Reads end with this from now on, however bad it is; null lets them be. */
    public void readFailure(@Nullable Error failure) {
        readFailure = failure;
    }

    private void requireAvailable() {
        Error failure = readFailure;
        if (failure != null) {
            throw failure;
        }
        if (store == Store.UNAVAILABLE) {
            throw new LogUnavailableException("away", new IllegalStateException());
        }
    }

    @Override
    public Optional<LogEnds> raiseStart(long logId, long offset) {
        throw new UnsupportedOperationException("coordinators do not delete records");
    }

    @Override
    public Optional<ByteBuffer> seekTimestamp(long logId, long fromOffset, long timestampMs) {
        throw new UnsupportedOperationException("not needed by these tests");
    }

    @Override
    public HeadWatch watch(Collection<Long> logIds) {
        throw new UnsupportedOperationException("not needed by these tests");
    }
}
