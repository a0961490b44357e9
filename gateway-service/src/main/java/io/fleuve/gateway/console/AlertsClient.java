package io.fleuve.gateway.console;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Fetches the alerts for the console, which may not ask another origin itself. It asks at most once
 * a second, however many browsers want to know.
 */
public final class AlertsClient implements AutoCloseable {

    private static final long FRESH_MS = 1000;
    private static final int PAGE = 100;

    private final ConsoleProperties properties;
    private final JsonMapper mapper;
    private final Clock clock;
    private final HttpClient http;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Known known;

    public AlertsClient(ConsoleProperties properties, JsonMapper mapper, Clock clock) {
        this.properties = properties;
        this.mapper = mapper;
        this.clock = clock;
        this.http = HttpClient.newBuilder().connectTimeout(properties.alertsTimeout()).build();
    }

    /** What came of asking. */
    sealed interface Outcome {

        /** The newest alerts, as the alert service words them. */
        record Answered(JsonNode alerts) implements Outcome {}

        /** No usable answer, and why. */
        record Away(String reason) implements Outcome {}
    }

    private record Known(Outcome outcome, long atMs) {}

    Outcome alerts() {
        lock.lock();
        try {
            Known answer = known;
            if (answer == null || clock.millis() - answer.atMs() >= FRESH_MS) {
                answer = new Known(ask(), clock.millis());
                known = answer;
            }
            return answer.outcome();
        } finally {
            lock.unlock();
        }
    }

    private Outcome ask() {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(properties.alertsUrl() + "/alerts?size=" + PAGE))
                        .timeout(properties.alertsTimeout())
                        .header("Accept", "application/json")
                        .build();
        try {
            HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                return read(response.statusCode(), body);
            }
        } catch (ConnectException e) {
            return away("nothing answers there");
        } catch (HttpTimeoutException e) {
            return away("no answer within " + properties.alertsTimeout().toMillis() + " ms");
        } catch (IOException e) {
            return away("the connection failed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return away("the gateway is shutting down");
        }
    }

    private Outcome read(int status, InputStream body) throws IOException {
        if (status != 200) {
            return away("it answered with status " + status);
        }
        int limit = Math.toIntExact(properties.alertsMaxSize().toBytes());
        byte[] bytes = body.readNBytes(limit + 1);
        if (bytes.length > limit) {
            return away(
                    "its answer is larger than fleuve.gateway.console.alerts-max-size (%d bytes)"
                            .formatted(limit));
        }
        try {
            JsonNode alerts = mapper.readTree(bytes);
            return alerts.isArray()
                    ? new Outcome.Answered(alerts)
                    : away("its answer is not a list of alerts");
        } catch (JacksonException e) {
            return away("its answer is not JSON");
        }
    }

    private Outcome away(String why) {
        return new Outcome.Away(
                "The alert service at %s cannot be asked: %s."
                        .formatted(properties.alertsUrl(), why));
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
