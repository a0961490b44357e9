package io.fleuve.broker.protocol;

import io.fleuve.broker.log.HeadWatch;
import io.fleuve.broker.log.PartitionLogs;
import io.fleuve.broker.metadata.ClusterMetadata;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchMetadata;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * Fetch: reads whole batches, and waits for some if there are too few.
 *
 * <p>{@link FetchSessions} make every fetch a full one, and its answer what the client does not
 * know yet. What is there is answered in the call; a fetch that has to wait does so on a virtual
 * thread of its own, until there is enough or its time is over. What it has found by then it does
 * not hold while it waits, but reads again.
 */
final class FetchHandler implements RequestHandler<FetchRequest> {

    private final PartitionLogs logs;
    private final ClusterMetadata metadata;
    private final FetchBudget budget;
    private final FetchSessions sessions;
    private final int maxBytes;
    private final int maxWaitMs;
    private final Semaphore waiting;
    private final AtomicInteger turn = new AtomicInteger();

    FetchHandler(
            PartitionLogs logs,
            ClusterMetadata metadata,
            ProtocolSettings settings,
            FetchBudget budget,
            FetchSessions sessions) {
        this.logs = logs;
        this.metadata = metadata;
        this.budget = budget;
        this.sessions = sessions;
        maxBytes = settings.fetchMaxBytes();
        maxWaitMs = settings.fetchMaxWaitMs();
        waiting = new Semaphore(settings.maxWaitingFetches());
    }

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, FetchRequest request) {
        IsolationLevels.check(request.data().isolationLevel());
        FetchSessions.Exchange exchange;
        try {
            exchange = sessions.open(request);
        } catch (ApiException e) {
            // About the session alone: nothing is said of partitions.
            return CompletableFuture.completedFuture(
                    FetchResponse.of(
                            new FetchResponseData()
                                    .setErrorCode(Errors.forException(e).code())
                                    .setSessionId(FetchMetadata.INVALID_SESSION_ID)));
        }
        long deadline =
                System.nanoTime()
                        + TimeUnit.MILLISECONDS.toNanos(
                                Math.clamp(request.maxWait(), 0, maxWaitMs));
        FetchPass pass = read(context, exchange.request());
        if (pass.isEnough() || isOver(deadline)) {
            return CompletableFuture.completedFuture(pass.toAnswer(exchange));
        }
        pass.drop();
        if (!waiting.tryAcquire()) {
            // Too many wait already: this one holds up its own connection, and nobody else.
            return CompletableFuture.completedFuture(await(context, exchange, pass, deadline));
        }
        return awaitApart(context, exchange, pass, deadline);
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
        try {
            pass.read();
            return pass;
        } catch (RuntimeException | Error e) {
            pass.drop();
            throw e;
        }
    }

    private CompletableFuture<FetchAnswer> awaitApart(
            RequestContext context,
            FetchSessions.Exchange exchange,
            FetchPass pass,
            long deadline) {
        CompletableFuture<FetchAnswer> answer = new CompletableFuture<>();
        Thread.ofVirtual()
                .name("kafka-fetch")
                .start(
                        () -> {
                            try {
                                answer.complete(await(context, exchange, pass, deadline));
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
            RequestContext context,
            FetchSessions.Exchange exchange,
            FetchPass first,
            long deadline) {
        FetchPass pass = first;
        try (HeadWatch watch = logs.watch(first.logIds())) {
            while (true) {
                pass = read(context, exchange.request());
                long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (pass.isEnough() || leftMs <= 0) {
                    return pass.toAnswer(exchange);
                }
                boolean foundNothing = pass.isEmpty();
                pass.drop();
                if (!watch.await(leftMs) && foundNothing) {
                    return pass.toAnswer(exchange);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return pass.toAnswer(exchange);
        }
    }

    private static boolean isOver(long deadlineNanos) {
        return deadlineNanos - System.nanoTime() <= 0;
    }
}
