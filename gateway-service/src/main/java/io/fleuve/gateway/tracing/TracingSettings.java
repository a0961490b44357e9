package io.fleuve.gateway.tracing;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where spans go and how many are made, below {@code fleuve.gateway.tracing}.
 *
 * @param otlpEndpoint of a collector that speaks OTLP over HTTP, such as {@code
 *     http://collector:4318}; a URL without a path gets {@code /v1/traces}. Without it, the
 *     default, nothing is traced
 * @param sampling which part of the traces that begin here is sent, from 0 to 1; a trace that
 *     begins elsewhere is sent if its caller says so
 * @param exportInterval how long a span waits for others to be sent with
 * @param exportTimeout how long the collector may take, also when the gateway stops
 * @param maxQueuedSpans how many wait at most; more are dropped
 * @param maxSendsPerRequest how many records of one request have a span of their own
 */
public record TracingSettings(
        @Nullable URI otlpEndpoint,
        @DefaultValue("0.1") double sampling,
        @DefaultValue("5s") Duration exportInterval,
        @DefaultValue("5s") Duration exportTimeout,
        @DefaultValue("2048") int maxQueuedSpans,
        @DefaultValue("32") int maxSendsPerRequest) {

    private static final String PREFIX = "fleuve.gateway.tracing.";
    private static final String TRACES_PATH = "/v1/traces";

    public TracingSettings {
        if (otlpEndpoint != null && !isHttp(otlpEndpoint)) {
            throw new IllegalArgumentException(
                    PREFIX
                            + "otlp-endpoint must be an http or https URL with a host, such as"
                            + " http://collector:4318, but is "
                            + otlpEndpoint);
        }
        if (!(sampling >= 0 && sampling <= 1)) {
            throw new IllegalArgumentException(
                    PREFIX + "sampling must be from 0 to 1, but is " + sampling);
        }
        requirePositive("export-interval", exportInterval);
        requirePositive("export-timeout", exportTimeout);
        if (maxQueuedSpans < 1) {
            throw new IllegalArgumentException(
                    PREFIX + "max-queued-spans must be at least 1, but is " + maxQueuedSpans);
        }
        if (maxSendsPerRequest < 0) {
            throw new IllegalArgumentException(
                    PREFIX
                            + "max-sends-per-request must not be negative, but is "
                            + maxSendsPerRequest);
        }
    }

    private static boolean isHttp(URI uri) {
        return uri.getHost() != null
                && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
    }

    private static void requirePositive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(
                    PREFIX + name + " must be longer than zero, but is " + value);
        }
    }

    /** Where spans are sent to, or null if they are not. */
    @Nullable String tracesUrl() {
        URI endpoint = otlpEndpoint;
        if (endpoint == null) {
            return null;
        }
        String path = endpoint.getRawPath();
        return path.isEmpty() || path.equals("/")
                ? endpoint.resolve(TRACES_PATH).toString()
                : endpoint.toString();
    }
}
