package io.fleuve.gateway.format;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads the small JSON bodies of administrative requests, and no more than a bound of each. */
public final class JsonBody {

    private final long limitBytes;

    public JsonBody(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /**
     * The body, which must not be empty.
     *
     * @throws RestException 42206 if there is none, 400 if it is not JSON, 413 if it is too large
     */
    public JsonNode require(InputStream body) {
        JsonNode read = read(body);
        if (read == null) {
            // Confluent's words.
            throw new RestException(
                    RestError.invalidPayload("Null input provided. Data is required."));
        }
        return read;
    }

    /**
     * The body as it is.
     *
     * @throws RestException 413 if it is too large
     */
    public byte[] bytes(InputStream body) throws IOException {
        return bounded(body).readAllBytes();
    }

    private BoundedInputStream bounded(InputStream body) {
        return new BoundedInputStream(body, limitBytes, "request body");
    }

    private @Nullable JsonNode read(InputStream body) {
        try {
            JsonNode read = LosslessJson.read(bounded(body));
            return read.isMissingNode() || read.isNull() ? null : read;
        } catch (JacksonException e) {
            throw new RestException(RestError.ofStatus(400, LosslessJson.explain(e)));
        }
    }
}
