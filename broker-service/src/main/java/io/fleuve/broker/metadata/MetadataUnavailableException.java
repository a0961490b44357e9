package io.fleuve.broker.metadata;

/** The database that holds the metadata does not answer. Trying again later is right. */
public class MetadataUnavailableException extends RuntimeException {

    public MetadataUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    public MetadataUnavailableException(String message) {
        super(message);
    }
}
