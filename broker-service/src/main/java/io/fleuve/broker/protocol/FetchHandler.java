package io.fleuve.broker.protocol;

import io.fleuve.broker.log.HeadWatch;
import io.fleuve.broker.log.PartitionLogs;
import io.fleuve.broker.metadata.ClusterMetadata;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.FetchSessionIdNotFoundException;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchMetadata;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.RequestContext;

/**
 * Fetch: reads whole batches, and waits for some if there are too few.
 *
 * <p>Every fetch is full: no session is ever offered (KIP-227 allows that), so nothing is kept
 * between requests. What is there is answered in the call; a fetch that has to wait does so on a
 * virtual thread of its own, until there is enough or its time is over. What it has found by then
 * it does not hold while it waits, but reads again.
 */
final class FetchHandler implements RequestHandler<FetchRequest> {

    private final PartitionLogs logs;
    private final ClusterMetadata metadata;
    private final FetchBudget budget;
    private final int maxBytes;
    private final int maxWaitMs;
    private final Semaphore waiting;
    private final AtomicInteger turn = new AtomicInteger();

    FetchHandler(
            PartitionLogs logs,
            ClusterMetadata metadata,
            ProtocolSettings settings,
            FetchBudget budget) {
        this.logs = logs;
        this.metadata = metadata;
        this.budget = budget;
        maxBytes = settings.fetchMaxBytes();
        maxWaitMs = settings.fetchMaxWaitMs();
        waiting = new Semaphore(settings.maxWaitingFetches());
    }

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, FetchRequest request) {
        if (request.data().sessionId() != FetchMetadata.INVALID_SESSION_ID) {
            throw new FetchSessionIdNotFoundException("this broker keeps no fetch sessions");
        }
        long deadline =
                System.nanoTime()
                        + TimeUnit.MILLISECONDS.toNanos(
                                Math.clamp(request.maxWait(), 0, maxWaitMs));
        FetchPass pass = read(context, request);
        if (pass.isEnough() || isOver(deadline)) {
            return CompletableFuture.completedFuture(pass.toAnswer());
        }
        pass.drop();
        if (!waiting.tryAcquire()) {
            // Too many wait already: this one holds up its own connection, and nobody else.
            return CompletableFuture.completedFuture(await(context, request, pass, deadline));
        }
        return awaitApart(context, request, pass, deadline);
    }

    private FetchPass read(RequestContext context, FetchRequest request) {
        FetchPass pass =
                new FetchPass(
                        logs,
                        metadata,
                        request,
                        budget.share(context.connectionId()),
                        maxBytes,
                        turn.getAndIncrement());
        pass.read();
        return pass;
    }

    private CompletableFuture<FetchAnswer> awaitApart(
            RequestContext context, FetchRequest request, FetchPass pass, long deadline) {
        CompletableFuture<FetchAnswer> answer = new CompletableFuture<>();
        Thread.ofVirtual()
                .name("kafka-fetch")
                .start(
                        () -> {
                            try {
                                answer.complete(await(context, request, pass, deadline));
                            } catch (RuntimeException | Error e) {
                                answer.completeExceptionally(e);
                            } finally {
                                waiting.release();
                            }
                        });
        return answer;
    }

    /** Registers first, then reads, then waits: so that no growth in between is missed. */
    private FetchAnswer await(
            RequestContext context, FetchRequest request, FetchPass first, long deadline) {
        FetchPass pass = first;
        try (HeadWatch watch = logs.watch(first.logIds())) {
            while (true) {
                pass = read(context, request);
                long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (pass.isEnough() || leftMs <= 0) {
                    return pass.toAnswer();
                }
                boolean foundNothing = pass.isEmpty();
                pass.drop();
                if (!watch.await(leftMs) && foundNothing) {
                    return pass.toAnswer();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return pass.toAnswer();
        }
    }

    private static boolean isOver(long deadlineNanos) {
        return deadlineNanos - System.nanoTime() <= 0;
    }
}
