package io.fleuve.gateway.produce;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.kafka.ProduceLimits;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.util.unit.DataSize;

/** Reads a body whole. */
public final class FiniteBody {

    private FiniteBody() {}

    /**
     * The body of a request.
     *
     * @throws RestException 413 as soon as it is known to be larger than a request may be
     */
    public static byte[] read(HttpServletRequest request, ProduceLimits limits) throws IOException {
        DataSize limit = limits.maxRequestSize();
        int max = Math.toIntExact(limit.toBytes());
        if (request.getContentLengthLong() > max) {
            throw tooLarge(max);
        }
        byte[] body = request.getInputStream().readNBytes(max);
        if (body.length == max && request.getInputStream().read() >= 0) {
            throw tooLarge(max);
        }
        return body;
    }

    private static RestException tooLarge(int max) {
        return new RestException(
                RestError.tooLarge(
                        "The request body is larger than the allowed %d bytes.".formatted(max)));
    }
}
