package io.fleuve.broker.transaction;

/** A request about a transaction is refused. */
public final class TransactionException extends Exception {

    private final TransactionError error;

    TransactionException(TransactionError error, String message) {
        super(message);
        this.error = error;
    }

    public TransactionError error() {
        return error;
    }
}
