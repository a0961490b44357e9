package io.fleuve.broker.log;

/** The store or the database that a log lies in does not answer. Trying again later is right. */
public class LogUnavailableException extends RuntimeException {

    public LogUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
