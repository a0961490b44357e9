package io.fleuve.broker.log;

import org.jspecify.annotations.Nullable;

/** The store or the database that a log lies in does not answer. Trying again later is right. */
public class LogUnavailableException extends RuntimeException {

    public LogUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
