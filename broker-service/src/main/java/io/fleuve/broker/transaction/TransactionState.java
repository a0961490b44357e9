package io.fleuve.broker.transaction;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a transactional id.
 *
 * @param id the transactional id
 * @param producer the producer that may use it now
 * @param last what that producer had before, where it may ask again for what it was answered then
 * @param timeoutMs how long a transaction may be open
 * @param logs the logs of the open transaction
 * @param startedAt when the open transaction began
 */
public record TransactionState(
        String id,
        ProducerIdentity producer,
        ProducerIdentity last,
        int timeoutMs,
        Phase phase,
        List<Long> logs,
        Optional<Instant> startedAt,
        Instant updatedAt) {

    /** Where a transactional id stands, in the order of the codes that the database uses. */
    public enum Phase {
        /** Nothing since the producer was initialised. */
        EMPTY,
        ONGOING,
        COMMITTED,
        ABORTED
    }
}
