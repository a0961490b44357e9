package io.fleuve.simulator.gateway;

import io.fleuve.simulator.publish.UnreachableTopicException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** Asks the gateway, one attempt at a time. Safe for use by several threads. */
final class GatewayClient implements AutoCloseable {

    private static final int MAX_REASON = 300;

    private final GatewayTopic topic;
    private final JsonMapper json = JsonMapper.builder().build();
    private final HttpClient http;

    GatewayClient(GatewayTopic topic) {
        this.topic = topic;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(topic.requestTimeout())
                        .build();
    }

    /**
     * An answer.
     *
     * @param retryAfterMs how long it asks to wait; 0 if it does not say
     */
    record Answer(int status, byte[] body, long retryAfterMs) {

        /** Whether trying again later may succeed. */
        boolean isRetriable() {
            return status == 408 || status == 409 || status == 429 || status >= 500;
        }

        /** Status and body, cut short, for people. */
        String reason() {
            String text = new String(body, StandardCharsets.UTF_8).strip();
            return "HTTP %d %s"
                    .formatted(
                            status,
                            text.length() > MAX_REASON ? text.substring(0, MAX_REASON) : text);
        }
    }

    Answer get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    Answer post(String path, byte[] body) throws IOException, InterruptedException {
        return send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(body)));
    }

    Answer post(String path, byte[] body, String idempotencyKey)
            throws IOException, InterruptedException {
        return send(
                request(path)
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", '"' + idempotencyKey + '"')
                        .POST(BodyPublishers.ofByteArray(body)));
    }

    /**
     * What a path shows.
     *
     * @throws UnreachableTopicException if there is no answer but a later one
     * @throws IllegalStateException if the gateway refuses
     */
    JsonNode show(String path) {
        try {
            Answer answer = get(path);
            if (answer.status() == 200) {
                return read(answer);
            }
            if (answer.isRetriable()) {
                throw topic.unreachable(new IOException(answer.reason()));
            }
            throw new IllegalStateException(
                    "the gateway at %s refuses %s: %s"
                            .formatted(topic.url(), path, answer.reason()));
        } catch (IOException e) {
            throw topic.unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw topic.unreachable(e);
        }
    }

    /** The body as JSON; a missing node if it is none. */
    JsonNode read(Answer answer) {
        try {
            return json.readTree(answer.body());
        } catch (JacksonException _) {
            return MissingNode.getInstance();
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(topic.at(path))
                .timeout(topic.requestTimeout())
                .header("Accept", "application/json");
    }

    private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
        return new Answer(response.statusCode(), response.body(), retryAfterMs(response));
    }

    private static long retryAfterMs(HttpResponse<byte[]> response) {
        try {
            return Math.max(
                    0,
                    response.headers()
                            .firstValue("Retry-After")
                            .map(seconds -> Long.parseLong(seconds.strip()) * 1_000)
                            .orElse(0L));
        } catch (NumberFormatException _) {
            // A date: the back-off has to do.
            return 0;
        }
    }

    /** Breaks off what is under way. */
    @Override
    public void close() {
        http.shutdownNow();
    }
}
