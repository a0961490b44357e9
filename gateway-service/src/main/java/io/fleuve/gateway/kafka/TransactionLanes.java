package io.fleuve.gateway.kafka;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.kafka.Transaction.Ending;
import io.fleuve.gateway.tracing.MessagingSpan;
import io.fleuve.gateway.tracing.MessagingSpans;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A few producers of transactions, each with one transaction at a time, in which the requests share
 * that wait at that moment. A request that cannot be committed is taken out, and the others go on
 * without it.
 */
public final class TransactionLanes implements AutoCloseable {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final List<TransactionLane> lanes;
    private final MessagingSpans spans;
    private final AtomicInteger next = new AtomicInteger();
    private final Semaphore waiting;

    public TransactionLanes(
            KafkaClients clients,
            ProduceLimits produce,
            TransactionLimits limits,
            MessagingSpans spans,
            MeterRegistry registry) {
        this.spans = spans;
        TransactionMetrics metrics = new TransactionMetrics(registry);
        this.lanes =
                Stream.generate(() -> new TransactionLane(clients, produce, limits, metrics))
                        .limit(limits.lanes())
                        .toList();
        this.waiting = new Semaphore(limits.maxQueuedRequests());
        Gauge.builder(
                        "fleuve.gateway.transactions.requests.active",
                        waiting,
                        s -> limits.maxQueuedRequests() - s.availablePermits())
                .description("Requests that are in a transaction or wait for one")
                .register(registry);
    }

    /** A place in a transaction, of one request. */
    public final class Turn implements AutoCloseable {
        private final TransactionLane lane;
        private boolean left;

        private Turn(TransactionLane lane) {
            this.lane = lane;
        }

        /**
         * The id under which this lane commits at this moment. Its producer is initialised: from
         * now on fencing the id keeps this gateway from committing under it, for ever.
         */
        public String transactionalId() {
            return lane.transactionalId();
        }

        /**
         * Has the transaction carried out. If that takes longer than {@code within}, it is as good
         * as lost for whoever asked, though it may be committed later.
         */
        public Transaction.Ending carryOut(Transaction transaction, Duration within) {
            MessagingSpan span = spans.sendAll(transaction.records());
            Transaction.Ending ending = lane.carryOut(transaction, within);
            switch (ending) {
                case Ending.Committed _ -> span.done();
                case Ending.NothingWritten _ -> span.refused("aborted");
                case Ending.Lost(var _, Throwable reason) -> span.failed(reason);
            }
            return ending;
        }

        @Override
        public void close() {
            if (!left) {
                left = true;
                waiting.release();
            }
        }
    }

    /**
     * A turn on one of the lanes.
     *
     * @throws RestException 429 with a time to come back when too many requests wait
     */
    public Turn turn() {
        if (!waiting.tryAcquire()) {
            throw new RestException(
                    new RestError(
                            429,
                            RestError.TOO_MANY_REQUESTS,
                            "Too many requests wait for a transaction at this moment. Try again later."),
                    RETRY_AFTER);
        }
        return new Turn(lanes.get(Math.floorMod(next.getAndIncrement(), lanes.size())));
    }

    @Override
    public void close() {
        lanes.forEach(TransactionLane::stop);
        lanes.forEach(TransactionLane::close);
    }
}
