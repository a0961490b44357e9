package io.fleuve.simulator.gateway;

import io.fleuve.simulator.publish.UnreachableTopicException;
import java.net.URI;
import java.time.Duration;

/**
 * The topic that readings go to, and the bounds of writing to it through a gateway.
 *
 * @param url where the gateway is, such as {@code http://127.0.0.1:8080}
 * @param name the topic
 * @param partitions how many the topic gets if it does not exist
 * @param maxUnacknowledged readings that may be on their way at once
 * @param batchReadings most readings of one request
 * @param lanes requests that may be under way at once; the readings of a region share a lane
 * @param requestTimeout how long one attempt may take
 */
public record GatewayTopic(
        URI url,
        String name,
        int partitions,
        int maxUnacknowledged,
        int batchReadings,
        int lanes,
        Duration requestTimeout) {

    public GatewayTopic {
        String scheme = url.getScheme();
        if (url.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw new IllegalArgumentException(
                    "url must be one such as http://127.0.0.1:8080, not '%s'".formatted(url));
        }
    }

    /** Says that there is no answer for now. */
    UnreachableTopicException unreachable(Exception cause) {
        String why =
                cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new UnreachableTopicException(
                "no answer from the gateway at %s: %s".formatted(url, why), cause);
    }

    /** The address of a path, which begins with a slash. */
    URI at(String path) {
        String base = url.toString();
        return URI.create(
                (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
    }
}
