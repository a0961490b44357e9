package io.fleuve.gateway.kafka;

import io.fleuve.gateway.kafka.KafkaClients.Metered;
import io.fleuve.gateway.kafka.Transaction.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One transactional producer and the thread that commits with it.
 *
 * <p>A transactional id belongs to one producer and never to a second one: whoever fences it, or
 * this lane when it gives a producer up, ends that id for good, and the lane goes on with a new
 * one.
 */
final class TransactionLane implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(TransactionLane.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
    // A request with many records that the brokers refuse one by one is not worth more.
    private static final int MAX_ROUNDS = 8;

    private final KafkaClients clients;
    private final ProduceLimits produce;
    private final TransactionLimits limits;
    private final TransactionMetrics metrics;
    private final BlockingQueue<Transaction> queue;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Generation current;
    private volatile boolean closed;
    private final Thread thread;

    TransactionLane(
            KafkaClients clients,
            ProduceLimits produce,
            TransactionLimits limits,
            TransactionMetrics metrics) {
        this.clients = clients;
        this.produce = produce;
        this.limits = limits;
        this.metrics = metrics;
        this.queue = new ArrayBlockingQueue<>(limits.maxQueuedRequests());
        this.thread = Thread.ofVirtual().name("gateway-transactions").start(this::run);
    }

    /** A producer, from its initialisation to its end. */
    private record Generation(String transactionalId, Metered<Producer<byte[], byte[]>> metered) {
        Producer<byte[], byte[]> producer() {
            return metered.client();
        }
    }

    /** One transaction did not come to be, or nobody knows. */
    private sealed interface Round {
        record Committed() implements Round {}

        /** It is aborted for certain; {@code failures} has a list for each request. */
        record Aborted(List<List<@Nullable Throwable>> failures) implements Round {}

        record Unknown(boolean mayBeCommitted, Throwable reason) implements Round {}
    }

    String transactionalId() {
        return generation().transactionalId();
    }

    Ending carryOut(Transaction transaction, Duration within) {
        // Never full unless requests were left behind in it: there are no more turns than places.
        if (closed || !queue.offer(transaction)) {
            return new Ending.Lost(false, new TimeoutException("The gateway is shutting down."));
        }
        try {
            return transaction.ending().get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            boolean begun = !queue.remove(transaction);
            return new Ending.Lost(
                    begun,
                    new TimeoutException(
                            "The transaction did not end within " + within.toMillis() + " ms."));
        } catch (ExecutionException e) {
            throw new IllegalStateException("a transaction failed by a defect", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private Generation generation() {
        lock.lock();
        try {
            Generation seen = current;
            if (seen != null) {
                return seen;
            }
            if (closed) {
                throw new TimeoutException("The gateway is shutting down.");
            }
            String id = limits.idPrefix() + UUID.randomUUID();
            Metered<Producer<byte[], byte[]>> metered =
                    clients.transactionalProducer(produce, id, limits.timeout());
            try {
                metered.client().initTransactions();
            } catch (RuntimeException e) {
                release(metered);
                throw e;
            }
            Generation made = new Generation(id, metered);
            current = made;
            return made;
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("ReferenceEquality") // It is about this very producer.
    private void discard(Generation broken, Throwable reason) {
        lock.lock();
        try {
            if (current != broken) {
                return;
            }
            current = null;
        } finally {
            lock.unlock();
        }
        metrics.lost();
        LOGGER.atWarn()
                .addKeyValue("transactionalId", broken.transactionalId())
                .addKeyValue("reason", reason.toString())
                .log("transactional producer is given up; a new one takes its place");
        release(broken.metered());
    }

    private static void release(Metered<Producer<byte[], byte[]>> metered) {
        metered.metrics().close();
        metered.client().close(Duration.ZERO);
    }

    private void run() {
        List<Transaction> waiting = new ArrayList<>();
        while (!closed) {
            try {
                waiting.add(queue.take());
                if (closed) {
                    break;
                }
                queue.drainTo(waiting, limits.maxRequestsPerTransaction() - 1);
                carryOut(waiting);
            } catch (InterruptedException e) {
                break;
            } catch (RuntimeException e) {
                LOGGER.atError().setCause(e).log("transactions failed by a defect of the gateway");
                waiting.forEach(t -> t.ending().complete(new Ending.Lost(true, e)));
            }
            waiting.clear();
        }
        queue.drainTo(waiting);
        Throwable reason = new TimeoutException("The gateway is shutting down.");
        waiting.forEach(t -> t.ending().complete(new Ending.Lost(false, reason)));
    }

    private void carryOut(List<Transaction> transactions) {
        Generation generation;
        try {
            generation = generation();
        } catch (KafkaException e) {
            transactions.forEach(t -> t.ending().complete(new Ending.Lost(false, e)));
            return;
        }
        List<Transaction> ours = new ArrayList<>();
        for (Transaction transaction : transactions) {
            String required = transaction.transactionalId();
            if (required == null || required.equals(generation.transactionalId())) {
                ours.add(transaction);
            } else {
                transaction
                        .ending()
                        .complete(
                                new Ending.Lost(
                                        false,
                                        new KafkaException(
                                                "The producer of " + required + " was given up.")));
            }
        }
        if (ours.size() == 1) {
            alone(generation, ours.getFirst());
        } else if (!ours.isEmpty()) {
            together(generation, ours);
        }
    }

    private void together(Generation generation, List<Transaction> transactions) {
        List<TransactionMember> members =
                transactions.stream()
                        .map(t -> new TransactionMember(t, t.records().size()))
                        .toList();
        switch (transact(generation, members)) {
            case Round.Committed() -> {
                // Each has been answered.
            }
            case Round.Unknown(boolean mayBe, Throwable reason) ->
                    transactions.forEach(t -> t.ending().complete(new Ending.Lost(mayBe, reason)));
            case Round.Aborted(List<List<@Nullable Throwable>> failures) -> {
                // Who may be to blame goes alone; the others have another try together.
                List<Transaction> others = new ArrayList<>();
                List<Transaction> suspects = new ArrayList<>();
                for (int i = 0; i < transactions.size(); i++) {
                    boolean suspect =
                            failures.get(i).stream().anyMatch(TransactionMember::isDefinite);
                    (suspect ? suspects : others).add(transactions.get(i));
                }
                if (suspects.isEmpty()) {
                    suspects.addAll(others);
                    others.clear();
                }
                if (!others.isEmpty()) {
                    carryOut(others);
                }
                suspects.forEach(suspect -> carryOut(List.of(suspect)));
            }
        }
    }

    private void alone(Generation generation, Transaction transaction) {
        TransactionMember members =
                new TransactionMember(transaction, transaction.records().size());
        for (int round = 0; round < MAX_ROUNDS; round++) {
            switch (transact(generation, List.of(members))) {
                case Round.Committed() -> {
                    return;
                }
                case Round.Unknown(boolean mayBe, Throwable reason) -> {
                    transaction.ending().complete(new Ending.Lost(mayBe, reason));
                    return;
                }
                case Round.Aborted(List<List<@Nullable Throwable>> failures) -> {
                    boolean goesOn = members.exclude(failures.getFirst());
                    if (!goesOn || transaction.allOrNone() || members.none()) {
                        transaction.ending().complete(members.nothing(failures.getFirst()));
                        return;
                    }
                }
            }
        }
        transaction.ending().complete(members.nothing(List.of()));
    }

    /** One transaction of the records that are still in it. */
    private Round transact(Generation generation, List<TransactionMember> requests) {
        Producer<byte[], byte[]> producer = generation.producer();
        long start = System.nanoTime();
        boolean committing = false;
        try {
            producer.beginTransaction();
            requests.forEach(request -> request.send(producer));
            producer.flush();
            if (requests.stream().allMatch(TransactionMember::areWritten)) {
                requests.forEach(request -> request.seal(producer));
                producer.flush();
                if (requests.stream().allMatch(TransactionMember::isSealed)) {
                    committing = true;
                    commit(producer);
                    metrics.committed(requests.size(), start);
                    requests.forEach(TransactionMember::committed);
                    return new Round.Committed();
                }
            }
        } catch (InterruptException e) {
            discard(generation, e);
            return new Round.Unknown(committing, e);
        } catch (RuntimeException e) {
            // Kafka's, or a defect in making a seal: either way this transaction is not committed.
            if (committing && e instanceof TimeoutException) {
                discard(generation, e);
                return new Round.Unknown(true, e);
            }
            requests.forEach(request -> request.fail(e));
        }
        return abort(generation, requests, committing);
    }

    private Round abort(
            Generation generation, List<TransactionMember> requests, boolean mayBeCommitted) {
        List<List<@Nullable Throwable>> failures =
                requests.stream().map(TransactionMember::failures).toList();
        try {
            generation.producer().abortTransaction();
            metrics.aborted();
            return new Round.Aborted(failures);
        } catch (KafkaException | IllegalStateException e) {
            // Fenced, or out of reach: whether it was committed is known to the brokers alone.
            discard(generation, e);
            return new Round.Unknown(mayBeCommitted, e);
        }
    }

    /** Tries until it is known whether the transaction is committed, within the delivery time. */
    private void commit(Producer<byte[], byte[]> producer) {
        long deadline = System.nanoTime() + produce.deliveryTimeout().toNanos();
        while (true) {
            try {
                producer.commitTransaction();
                return;
            } catch (TimeoutException e) {
                if (closed || System.nanoTime() > deadline) {
                    throw e;
                }
            }
        }
    }

    /** Has no transaction begun any more; {@link #close()} waits for the one that is under way. */
    void stop() {
        closed = true;
        // Wakes the thread; if there is no room, it is awake.
        var _ = queue.offer(new Transaction(null, List.of(), true, _ -> null));
    }

    @Override
    public void close() {
        stop();
        try {
            if (!thread.join(CLOSE_LIMIT.plusSeconds(1))) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lock.lock();
        try {
            Generation last = current;
            current = null;
            if (last != null) {
                last.metered().metrics().close();
                last.producer().close(CLOSE_LIMIT);
            }
        } finally {
            lock.unlock();
        }
    }
}
