package io.fleuve.postgres;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * The server could not be unpacked, initialised, started or stopped; the message says what to do
 * about it.
 */
public final class EmbeddedPostgresException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    EmbeddedPostgresException(String message) {
        super(message);
    }

    EmbeddedPostgresException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
