package io.fleuve.broker.coordinator;

import io.fleuve.broker.log.LogUnavailableException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the library take over, or forget, the offsets of transactions that have ended.
 *
 * <p>The library writes a marker to the shard's log for each; the commit of that append removes the
 * entry. What fails, since the shard is loading or has just moved, is tried again in the next
 * round.
 */
final class GroupEndings implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(GroupEndings.class);
    private static final Duration INTERVAL = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** The version of transactions whose markers have an epoch of their own (KIP-890). */
    private static final short TRANSACTION_VERSION = 2;

    private final EndedTransactions ended;
    private final ShardTenures tenures;
    private final GroupCoordinator coordinator;
    private final Map<Key, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();
    private final Semaphore woken = new Semaphore(0);
    private final Thread thread;

    private record Key(long logId, long producerId) {}

    GroupEndings(EndedTransactions ended, ShardTenures tenures, GroupCoordinator coordinator) {
        this.ended = ended;
        this.tenures = tenures;
        this.coordinator = coordinator;
        this.thread = Thread.ofVirtual().name("fleuve-group-endings").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Looks at once. */
    void wake() {
        woken.release();
    }

    /**
     * Works off what a producer has ended in a shard: the library knows transactions by producer
     * only, so nothing of the next one may come before. Blocks.
     *
     * @throws LogUnavailableException if that is to be tried again
     */
    void settle(Tenure tenure, long producerId) {
        for (EndedTransactions.Ended each : ended.in(List.of(tenure.logId()))) {
            if (each.producerId() == producerId) {
                try {
                    complete(tenure, each).join();
                } catch (CompletionException e) {
                    // Also where the last try is in doubt: whoever asks again finds it done, or
                    // not.
                    throw new LogUnavailableException(
                            "the offsets of the producer's last transaction are not taken over yet",
                            e);
                }
            }
        }
    }

    private void run() {
        boolean failing = false;
        while (true) {
            try {
                if (woken.tryAcquire(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                    woken.drainPermits();
                }
                workOff();
                failing = false;
            } catch (InterruptedException e) {
                return;
            } catch (LogUnavailableException e) {
                if (!failing) {
                    LOGGER.atWarn()
                            .addKeyValue("reason", e.getMessage())
                            .log("Offsets of transactions wait for the database");
                }
                failing = true;
            } catch (RuntimeException e) {
                LOGGER.atError().setCause(e).log("Offsets of transactions were not taken over");
            }
        }
    }

    private void workOff() {
        Collection<Tenure> owned = tenures.all();
        if (owned.isEmpty()) {
            return;
        }
        Map<Long, Tenure> byLog =
                owned.stream().collect(Collectors.toMap(Tenure::logId, tenure -> tenure));
        for (EndedTransactions.Ended each : ended.in(byLog.keySet())) {
            Tenure tenure = byLog.get(each.logId());
            if (tenure != null && tenures.writable(tenure.shard()).isPresent()) {
                var _ = complete(tenure, each);
            }
        }
    }

    /** Once at a time; if that takes too long, again: the commit refuses a second marker. */
    private CompletableFuture<Void> complete(Tenure tenure, EndedTransactions.Ended transaction) {
        Key key = new Key(transaction.logId(), transaction.producerId());
        CompletableFuture<Void> own = new CompletableFuture<>();
        CompletableFuture<Void> other = underWay.putIfAbsent(key, own);
        if (other != null) {
            return other;
        }
        try {
            // What the caller has seen may have been worked off in between.
            if (!ended.in(List.of(transaction.logId())).contains(transaction)) {
                underWay.remove(key);
                own.complete(null);
                return own;
            }
        } catch (RuntimeException e) {
            underWay.remove(key);
            own.completeExceptionally(e);
            throw e;
        }
        var _ =
                askLibrary(tenure, transaction)
                        .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                        .whenComplete(
                                (_, failure) -> {
                                    underWay.remove(key);
                                    if (failure == null) {
                                        own.complete(null);
                                    } else {
                                        LOGGER.atDebug()
                                                .addKeyValue("shard", tenure.shard())
                                                .addKeyValue("reason", failure.getMessage())
                                                .log("Offsets are taken over later");
                                        own.completeExceptionally(failure);
                                    }
                                });
        return own;
    }

    private CompletableFuture<Void> askLibrary(Tenure tenure, EndedTransactions.Ended transaction) {
        try {
            return coordinator.completeTransaction(
                    OffsetsTopic.partition(tenure.shard()),
                    transaction.producerId(),
                    transaction.producerEpoch(),
                    0,
                    transaction.committed() ? TransactionResult.COMMIT : TransactionResult.ABORT,
                    TRANSACTION_VERSION);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }
}
