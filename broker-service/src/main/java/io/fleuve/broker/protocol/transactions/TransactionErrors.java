package io.fleuve.broker.protocol.transactions;

import io.fleuve.broker.transaction.TransactionError;
import org.apache.kafka.common.protocol.Errors;

/** Kafka's codes for what transactions are refused for. */
final class TransactionErrors {

    private TransactionErrors() {}

    /**
     * The code for a client.
     *
     * @param knowsFenced whether the version of the request has a code of its own for producers
     *     that were replaced
     */
    static Errors of(TransactionError error, boolean knowsFenced) {
        return switch (error) {
            case INVALID_ID -> Errors.INVALID_REQUEST;
            case UNKNOWN_PRODUCER -> Errors.INVALID_PRODUCER_ID_MAPPING;
            case FENCED -> knowsFenced ? Errors.PRODUCER_FENCED : Errors.INVALID_PRODUCER_EPOCH;
            case INVALID_STATE -> Errors.INVALID_TXN_STATE;
            case INVALID_TIMEOUT -> Errors.INVALID_TRANSACTION_TIMEOUT;
            case CONCURRENT -> Errors.CONCURRENT_TRANSACTIONS;
            case UNAVAILABLE -> Errors.COORDINATOR_NOT_AVAILABLE;
        };
    }
}
