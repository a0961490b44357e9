package io.fleuve.alerts;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A provider's HTTP API on loopback: records what it is sent and answers as the test says. */
final class ProviderStub implements AutoCloseable {

    /** A request as it came. */
    record Call(
            String method,
            String path,
            String query,
            Map<String, List<String>> headers,
            String body,
            Instant at) {

        String header(String name) {
            List<String> values = headers.get(name);
            return values == null ? "" : values.getFirst();
        }
    }

    /** An answer to give. */
    record Reply(int status, Map<String, String> headers, String body) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private volatile Function<Call, Reply> behaviour = _ -> new Reply(500, Map.of(), "");

    ProviderStub() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String baseUrl() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void behave(Function<Call, Reply> next) {
        behaviour = next;
    }

    /** The calls so far that {@code text} occurs in, decoded or not, in order. */
    List<Call> calls(String method, String text) {
        return calls.stream()
                .filter(c -> c.method().equals(method))
                .filter(c -> c.body().contains(text) || c.query().contains(text))
                .toList();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body =
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String query = exchange.getRequestURI().getRawQuery();
            Call call =
                    new Call(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().getPath(),
                            query == null ? "" : query,
                            Map.copyOf(exchange.getRequestHeaders()),
                            body,
                            Instant.now());
            calls.add(call);
            Reply reply = behaviour.apply(call);
            reply.headers().forEach(exchange.getResponseHeaders()::add);
            byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
