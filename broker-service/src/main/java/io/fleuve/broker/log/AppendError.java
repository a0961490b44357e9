package io.fleuve.broker.log;

/** Why a batch was not appended. */
public enum AppendError {
    /** The sequence number does not follow the producer's last one in this log. */
    OUT_OF_ORDER_SEQUENCE,
    /** A newer epoch of this producer has written to the log. */
    STALE_PRODUCER_EPOCH,
    /** The batch says that it belongs to a transaction, and that one is not open for its log. */
    NOT_IN_TRANSACTION,
    /** A transactional batch of a producer id that no transactional id has. */
    UNKNOWN_PRODUCER,
    /** The log does not exist, or no longer. */
    UNKNOWN_LOG,
    /** A fenced append of a broker that does not lead the log at that epoch. */
    FENCED_LEADER,
    /** Too much is waiting to be written; retriable. */
    OVERLOADED,
    /** The store or the database does not answer; retriable. */
    UNAVAILABLE
}
