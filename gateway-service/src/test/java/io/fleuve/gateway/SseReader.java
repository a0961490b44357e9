package io.fleuve.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fleuve.gateway.GatewayUnderTest.Client;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads server-sent events as a browser does: by the HTML standard's rules, on its own thread. */
final class SseReader implements AutoCloseable {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final InputStream body;
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final List<String> comments = new CopyOnWriteArrayList<>();
    private volatile String lastId = "";
    private volatile boolean ended;

    /** An event that a listener sees. */
    record Event(String name, String id, String data) {

        JsonNode json() {
            return MAPPER.readTree(data);
        }
    }

    private SseReader(InputStream body) {
        this.body = body;
        Thread.ofVirtual().start(this::read);
    }

    /** Connects; {@code lastEventId} null for a first time. */
    static SseReader open(Client client, String path, @Nullable String lastEventId) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(client.baseUrl() + path))
                        .header("Accept", "text/event-stream");
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        try {
            HttpResponse<InputStream> response =
                    client.http().send(request.build(), BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type").orElse(""))
                    .startsWith("text/event-stream");
            return new SseReader(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Reads what is there already. */
    static SseReader of(InputStream body) {
        return new SseReader(body);
    }

    private void read() {
        String name = "message";
        StringBuilder data = new StringBuilder();
        String id = "";
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            String line = in.readLine();
            while (line != null) {
                if (line.isEmpty()) {
                    lastId = id;
                    if (!data.isEmpty()) {
                        events.add(new Event(name, id, data.toString()));
                    }
                    name = "message";
                    data.setLength(0);
                } else if (line.startsWith(":")) {
                    comments.add(line);
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data.append(line.substring(6));
                }
                line = in.readLine();
            }
        } catch (IOException e) {
            // Cut, by one side or the other: what was whole has been taken.
        }
        ended = true;
    }

    List<Event> events() {
        return events;
    }

    /** The records among the events. */
    List<JsonNode> records() {
        return events.stream()
                .filter(event -> event.name().equals("message"))
                .map(Event::json)
                .toList();
    }

    /** The member {@code n} of all values. */
    List<Integer> numbers() {
        return records().stream().map(record -> record.at("/value/n").intValue()).toList();
    }

    String lastId() {
        return lastId;
    }

    List<String> comments() {
        return comments;
    }

    SseReader awaitNumbers(Integer... wanted) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(numbers()).as("%s", events).containsExactly(wanted));
        return this;
    }

    SseReader awaitCount(int records) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(records().size()).isGreaterThanOrEqualTo(records));
        return this;
    }

    Event awaitEvent(Predicate<Event> wanted) {
        await().atMost(PATIENCE).until(() -> events.stream().anyMatch(wanted));
        return events.stream().filter(wanted).findFirst().orElseThrow();
    }

    Event awaitEvent(String name) {
        return awaitEvent(event -> event.name().equals(name));
    }

    void awaitEnd() {
        await().atMost(PATIENCE).until(() -> ended);
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitEnd();
    }
}
