package io.fleuve.gateway.errors;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Ends a request with a {@link RestError}. It carries no stack: it is an answer, not a defect. */
public final class RestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient RestError error;
    private final @Nullable Duration retryAfter;

    public RestException(RestError error) {
        this(error, null);
    }

    /** With {@code retryAfter}, the answer has a {@code Retry-After} header in whole seconds. */
    public RestException(RestError error, @Nullable Duration retryAfter) {
        super(error.message(), null, false, false);
        this.error = error;
        this.retryAfter = retryAfter;
    }

    public RestError error() {
        return error;
    }

    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
