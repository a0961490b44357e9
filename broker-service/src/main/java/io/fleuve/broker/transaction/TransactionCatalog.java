package io.fleuve.broker.transaction;

import io.fleuve.broker.log.TransactionEnd;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The state of all transactional ids, shared by all brokers. All calls block and throw {@link
 * io.fleuve.broker.log.LogUnavailableException} when it does not answer.
 */
public interface TransactionCatalog {

    /** What an entry of the catalog's index has room for. */
    int MAX_ID_BYTES = 2_000;

    /** Whether a text can be a transactional id: not empty, not too long, no U+0000 in it. */
    static boolean isId(String text) {
        return !text.isEmpty()
                && text.indexOf('\0') < 0
                && text.getBytes(StandardCharsets.UTF_8).length <= MAX_ID_BYTES;
    }

    /** The state of a transactional id, if there is such. */
    Optional<TransactionState> find(String id);

    /** The state of the transactional id that has this producer, if there is such. */
    Optional<TransactionState> findByProducer(long producerId);

    /** All transactional ids. */
    List<TransactionState> list();

    /**
     * Producers of transactions that have ended and whose offsets a group has still to take over.
     */
    Set<Long> settling();

    /**
     * Gives a transactional producer its id and epoch, the next one if it had any.
     *
     * @param known what the producer says it has, or {@link ProducerIdentity#NONE}
     * @param newProducerId the id that it gets if it has none, or its epochs are used up
     */
    Initialised initialise(String id, ProducerIdentity known, int timeoutMs, long newProducerId);

    /**
     * What an initialisation came to.
     *
     * @param producer what the producer has now, if it is {@link Step#DONE}
     */
    record Initialised(Step step, ProducerIdentity producer) {

        /** In the order of the codes that the database uses. */
        public enum Step {
            DONE,
            /** There is an open transaction, which must be ended first. */
            OPEN,
            /** What the producer says it has is neither the current nor the last. */
            FENCED
        }
    }

    /** Takes logs into a producer's transaction, which begins with the first. */
    Joined join(String id, ProducerIdentity producer, Collection<Long> logIds);

    /** In the order of the codes that the database uses. */
    enum Joined {
        DONE,
        /** No such transactional id, or it has another producer. */
        UNKNOWN,
        /** The producer has another epoch. */
        FENCED
    }

    /**
     * Ends a transaction that needs no markers. Returns whether it has ended, as {@code end} says.
     */
    boolean end(TransactionEnd end);

    /** Open transactions whose time is over. */
    List<TransactionState> overdue(int limit);

    /** Forgets transactional ids that nobody has used for so long. Returns how many. */
    int expire(Duration idle, int limit);

    /** The open transactions. */
    Open open();

    /**
     * The open transactions.
     *
     * @param count how many there are
     * @param oldest when the oldest began
     */
    record Open(long count, Optional<Instant> oldest) {}
}
