package io.fleuve.simulator.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The part of the gateway that a publisher uses, over real HTTP: it remembers keys as the gateway
 * does, and misbehaves as it is told to.
 */
final class StubGateway implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** What it does with the next request to publish. */
    enum Fate {
        WRITE,
        /** It is written, and the connection ends without an answer. */
        WRITE_AND_LOSE_ANSWER,
        LOSE_REQUEST,
        TOO_MANY_REQUESTS,
        UNAVAILABLE,
        IN_FLIGHT,
        TOPIC_UNKNOWN,
        REFUSE
    }

    final Deque<Fate> fates = new ConcurrentLinkedDeque<>();
    final List<JsonNode> written = new CopyOnWriteArrayList<>();
    final List<String> keys = new CopyOnWriteArrayList<>();
    final AtomicInteger mostAtOnce = new AtomicInteger();
    private final AtomicInteger atOnce = new AtomicInteger();
    private final Map<String, String> bodies = new ConcurrentHashMap<>();
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    StubGateway() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/v3/clusters/any/topics/readings/records:batch", this::publish);
        server.start();
    }

    GatewayTopic topic(int maxUnacknowledged, int batchReadings, int lanes) {
        return new GatewayTopic(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"),
                "readings",
                6,
                maxUnacknowledged,
                batchReadings,
                lanes,
                Duration.ofSeconds(20));
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    private void publish(HttpExchange exchange) throws IOException {
        mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
        try (exchange) {
            String key =
                    Objects.requireNonNullElse(
                            exchange.getRequestHeaders().getFirst("Idempotency-Key"), "");
            keys.add(key);
            String body =
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Fate fate = Objects.requireNonNullElse(fates.poll(), Fate.WRITE);
            switch (fate) {
                case WRITE -> {
                    write(key, body);
                    answer(exchange, 207, "{\"successes\":[],\"failures\":[]}");
                }
                case WRITE_AND_LOSE_ANSWER -> write(key, body);
                case LOSE_REQUEST -> {
                    // The connection ends.
                }
                case TOO_MANY_REQUESTS -> {
                    exchange.getResponseHeaders().add("Retry-After", "1");
                    answer(exchange, 429, "{\"error_code\":42901}");
                }
                case UNAVAILABLE -> answer(exchange, 503, "{\"error_code\":50302}");
                case IN_FLIGHT -> answer(exchange, 409, "{\"error_code\":40910}");
                case TOPIC_UNKNOWN -> answer(exchange, 404, "{\"error_code\":40401}");
                case REFUSE -> answer(exchange, 403, "{\"error_code\":40301,\"message\":\"no\"}");
            }
        } finally {
            atOnce.decrementAndGet();
        }
    }

    private synchronized void write(String key, String body) {
        String before = bodies.putIfAbsent(key, body);
        if (before == null) {
            List<JsonNode> entries = new ArrayList<>();
            JsonNode batch = JSON.readTree(body);
            batch.path("entries").forEach(entries::add);
            if (!batch.path("atomic").asBoolean()) {
                violations.add("not atomic: " + body);
            }
            written.addAll(entries);
        } else if (!before.equals(body)) {
            violations.add("another body under the key " + key);
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
