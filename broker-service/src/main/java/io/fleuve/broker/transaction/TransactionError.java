package io.fleuve.broker.transaction;

/** Why a request about a transaction is refused. */
public enum TransactionError {
    /** The text cannot be a transactional id. */
    INVALID_ID,
    /** There is no such transactional id, or another producer has it. */
    UNKNOWN_PRODUCER,
    /** A newer epoch of the producer exists. */
    FENCED,
    /** What is asked for does not go with the transaction's state. */
    INVALID_STATE,
    /** The timeout is not positive, or more than the broker allows. */
    INVALID_TIMEOUT,
    /** Others change the transaction at the same time; retriable. */
    CONCURRENT,
    /** The store or the database does not answer; retriable. */
    UNAVAILABLE
}
