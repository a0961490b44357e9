package io.fleuve.broker.protocol;

import org.apache.kafka.common.protocol.Errors;

/** A batch that must not be appended. */
final class BatchFormatException extends Exception {

    private final Errors error;

    BatchFormatException(Errors error, String message) {
        super(message, null, false, false);
        this.error = error;
    }

    Errors error() {
        return error;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
