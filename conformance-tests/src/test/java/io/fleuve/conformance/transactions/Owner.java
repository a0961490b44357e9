package io.fleuve.conformance.transactions;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;

/** Who has a transactional id: what all kinds of clients do with a transaction. */
final class Owner {

    private static final int ATTEMPTS = 20;

    private final String bootstrapServers;
    private final String transactionalId;
    private final int timeoutMs;
    private final History history;
    private final OpenTransactions open;

    Owner(
            String bootstrapServers,
            String transactionalId,
            int timeoutMs,
            History history,
            OpenTransactions open) {
        this.bootstrapServers = bootstrapServers;
        this.transactionalId = transactionalId;
        this.timeoutMs = timeoutMs;
        this.history = history;
        this.open = open;
    }

    int timeoutMs() {
        return timeoutMs;
    }

    String transactionalId() {
        return transactionalId;
    }

    /** A new producer that has fenced its predecessor, however long that takes. */
    KafkaProducer<byte[], byte[]> succeed() {
        KafkaException last = new TimeoutException("not tried");
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            KafkaProducer<byte[], byte[]> producer =
                    Topics.producer(bootstrapServers, transactionalId, timeoutMs);
            try {
                producer.initTransactions();
                return producer;
            } catch (KafkaException e) {
                history.error(e);
                producer.close(Duration.ZERO);
                last = e;
            }
        }
        throw last;
    }

    /** Sends a value of an open transaction; what fails is told by the commit. */
    void send(Producer<byte[], byte[]> producer, Transaction transaction, long value, long until) {
        int partition = transaction.partition(Transaction.numberOf(value));
        var _ =
                producer.send(
                        Topics.message(partition, value),
                        (metadata, e) -> {
                            if (e == null) {
                                open.opened(transaction, partition, metadata.offset(), until);
                            }
                        });
    }

    /** The time from which on it is not certain that a transaction begun now is still open. */
    long certainlyOpenUntil() {
        return System.nanoTime() + Duration.ofMillis(timeoutMs).toNanos() * 2 / 5;
    }

    /** All sends are answered, and the transaction is taken for open no longer. */
    void settle(Producer<byte[], byte[]> producer, Transaction transaction) {
        try {
            producer.flush();
        } finally {
            open.ending(transaction);
        }
    }

    /** Its client is dead: it is taken for open no longer. */
    void settleDead(Transaction transaction) {
        open.ending(transaction);
    }

    /**
     * Commits; whether the producer can go on.
     *
     * <p>A commit that timed out is asked for again, as the client allows nothing else.
     */
    boolean commit(Producer<byte[], byte[]> producer, Transaction transaction) {
        transaction.end(Outcome.UNKNOWN);
        for (int attempt = 0; ; attempt++) {
            try {
                producer.commitTransaction();
                transaction.end(Outcome.COMMITTED);
                return true;
            } catch (TimeoutException | InterruptException e) {
                history.error(e);
                if (attempt == ATTEMPTS) {
                    return false;
                }
            } catch (KafkaException | IllegalStateException e) {
                history.error(e);
                // Where the client lets it be aborted, the commit was never asked for.
                return abort(producer, transaction, Outcome.UNKNOWN);
            }
        }
    }

    /**
     * Aborts; whether the producer can go on.
     *
     * @param otherwise what is known if this fails
     */
    boolean abort(Producer<byte[], byte[]> producer, Transaction transaction, Outcome otherwise) {
        transaction.end(otherwise);
        try {
            producer.abortTransaction();
            transaction.end(Outcome.ABORTED);
            return true;
        } catch (KafkaException | IllegalStateException e) {
            history.error(e);
            return false;
        }
    }

    /** The client dies while its commit is under way, or a moment before or after. */
    void dieInCommit(
            Producer<byte[], byte[]> producer, Transaction transaction, SplittableRandom random) {
        AtomicBoolean committed = new AtomicBoolean();
        Thread commit =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        producer.commitTransaction();
                                        committed.set(true);
                                    } catch (KafkaException | IllegalStateException e) {
                                        history.error(e);
                                    }
                                });
        LockSupport.parkNanos(random.nextLong(12_000_000));
        producer.close(Duration.ZERO);
        try {
            commit.join(Duration.ofSeconds(60));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        transaction.end(committed.get() ? Outcome.COMMITTED : Outcome.UNKNOWN);
    }

    /** One that was fenced comes back. */
    void comeBack(Producer<byte[], byte[]> zombie, Transaction transaction) {
        try {
            if (transaction.processor() < 0) {
                var _ = zombie.send(Topics.message(0, transaction.append(0)));
            }
            zombie.commitTransaction();
            history.violations()
                    .add(
                            "transaction %d was committed by a producer that had been fenced"
                                    .formatted(transaction.id()));
        } catch (KafkaException | IllegalStateException e) {
            history.error(e);
        } finally {
            zombie.close(Duration.ZERO);
        }
    }
}
