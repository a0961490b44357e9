package io.fleuve.broker.coordinator;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.coordinator.common.runtime.CoordinatorLoader.LoadSummary;

/**
 * One reading of a shard's log into a new state machine.
 *
 * <p>A load that is cancelled never completes its future. The library applies a completed load to
 * whatever state machine the shard has by then, so a late one would declare its successor loaded
 * before it is. For the same reason completing and cancelling exclude each other: after {@link
 * #cancel()} the completion is either queued already or will never be.
 */
final class ShardLoad {

    private final Tenure tenure;
    private final CompletableFuture<LoadSummary> future = new CompletableFuture<>();
    private final CountDownLatch cancelled = new CountDownLatch(1);

    ShardLoad(Tenure tenure) {
        this.tenure = tenure;
    }

    Tenure tenure() {
        return tenure;
    }

    CompletableFuture<LoadSummary> future() {
        return future;
    }

    synchronized void complete(LoadSummary summary) {
        if (!isCancelled()) {
            future.complete(summary);
        }
    }

    /** Whether the failure counts: that of a cancelled load does not. */
    synchronized boolean fail(Throwable cause) {
        return !isCancelled() && future.completeExceptionally(cause);
    }

    synchronized void cancel() {
        cancelled.countDown();
    }

    boolean isCancelled() {
        return cancelled.getCount() == 0;
    }

    /** Whether the state machine holds all that the log held. */
    boolean isLoaded() {
        return future.isDone() && !future.isCompletedExceptionally();
    }

    /** Waits, but not after the load has been cancelled. */
    void pause(long millis) throws InterruptedException {
        boolean _ = cancelled.await(millis, TimeUnit.MILLISECONDS);
    }
}
