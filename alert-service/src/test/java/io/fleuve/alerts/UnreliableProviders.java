package io.fleuve.alerts;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Twilio and a webhook on loopback as they are on a bad day. What becomes of the first request for
 * a recipient follows from the recipient's number; later ones are taken.
 */
final class UnreliableProviders implements AutoCloseable {

    private static final int RETRY_AFTER_SECONDS = 2;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final JsonMapper json = JsonMapper.builder().build();
    private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> accepted = new ConcurrentHashMap<>();
    private final Map<String, String> texts = new ConcurrentHashMap<>();
    private final Map<String, Instant> notBefore = new ConcurrentHashMap<>();
    private final Map<Boolean, Instant> pauses = new ConcurrentHashMap<>();
    private final List<String> tooEarly = new CopyOnWriteArrayList<>();
    private final Set<String> keys = ConcurrentHashMap.newKeySet();
    private final AtomicInteger retryAfters = new AtomicInteger();
    private final AtomicInteger duringPauses = new AtomicInteger();

    UnreliableProviders() {
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

    /** Recipients whom the provider refuses for good. */
    static boolean isRefused(String recipient) {
        return mood(recipient) == 4;
    }

    int acceptedCount() {
        return accepted.size();
    }

    int accepted(String recipient) {
        AtomicInteger count = accepted.get(recipient);
        return count == null ? 0 : count.get();
    }

    /** Recipients that were tried before the time that was asked for. */
    List<String> tooEarly() {
        return List.copyOf(tooEarly);
    }

    int retryAfters() {
        return retryAfters.get();
    }

    /** Requests for other recipients while the provider had asked for a pause. */
    int duringPauses() {
        return duringPauses.get();
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private static int mood(String recipient) {
        // Neighbours have different channels, so that each channel meets each mood.
        return Integer.parseInt(recipient.substring(recipient.length() - 8)) / 2 % 12;
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        boolean sms = exchange.getRequestURI().getPath().endsWith("Messages.json");
        if (exchange.getRequestMethod().equals("GET")) {
            answer(
                    exchange,
                    200,
                    listed(form(exchange.getRequestURI().getRawQuery()).getOrDefault("To", "")));
            return;
        }
        Map<String, String> form = sms ? form(body) : Map.of();
        String to = sms ? form.getOrDefault("To", "") : json.readTree(body).path("to").asString();
        String text = sms ? form.getOrDefault("Body", "") : "";
        // A webhook's receiver knows a repetition by its key; Twilio has no such thing.
        boolean repetition =
                !sms
                        && !keys.add(exchange.getRequestHeaders().getFirst("Idempotency-Key") + to)
                        && accepted(to) > 0;
        checkPause(to, sms);
        boolean first =
                requests.computeIfAbsent(to, _ -> new AtomicInteger()).incrementAndGet() == 1;
        int mood = mood(to);
        if (mood == 4) {
            answer(exchange, 400, "{\"code\":21211,\"message\":\"not valid\",\"status\":400}");
        } else if (first && mood == 0) {
            askForPause(exchange, to, sms);
        } else if (first && mood == 1) {
            answer(exchange, 503, "{}");
        } else if (first && mood == 2) {
            exchange.close();
        } else if (first && mood == 3 && sms) {
            accept(to, text);
            exchange.close();
        } else if (first && mood == 5 && sms) {
            accept(to, text);
            answer(exchange, 500, "{}");
        } else if (first && mood == 6 && !sms) {
            accept(to, text);
            hang(exchange);
        } else if (repetition) {
            answer(exchange, 200, "{}");
        } else {
            accept(to, text);
            answer(
                    exchange,
                    sms ? 201 : 200,
                    "{\"sid\":\"SM%s\",\"status\":\"queued\"}".formatted(to.substring(1)));
        }
    }

    private void checkPause(String to, boolean sms) {
        Instant now = Instant.now();
        if (now.isBefore(notBefore.getOrDefault(to, Instant.MIN))) {
            tooEarly.add(to);
        } else if (now.isBefore(pauses.getOrDefault(sms, Instant.MIN))) {
            duringPauses.incrementAndGet();
        }
    }

    private void askForPause(HttpExchange exchange, String to, boolean sms) throws IOException {
        Instant until = Instant.now().plus(Duration.ofSeconds(RETRY_AFTER_SECONDS));
        notBefore.put(to, until);
        pauses.put(sms, until);
        retryAfters.incrementAndGet();
        exchange.getResponseHeaders().add("Retry-After", Integer.toString(RETRY_AFTER_SECONDS));
        answer(exchange, 429, "{\"code\":20429,\"message\":\"Too Many Requests\",\"status\":429}");
    }

    private void hang(HttpExchange exchange) {
        try {
            // Longer than the client waits.
            closing.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.close();
    }

    private void accept(String to, String text) {
        texts.put(to, text);
        accepted.computeIfAbsent(to, _ -> new AtomicInteger()).incrementAndGet();
    }

    private String listed(String to) {
        ObjectNode page = json.createObjectNode().put("page_size", 100);
        if (accepted(to) > 0) {
            page.putArray("messages")
                    .addObject()
                    .put("sid", "SM" + to.substring(1))
                    .put("status", "queued")
                    .put("body", texts.get(to));
        } else {
            page.putArray("messages");
        }
        return json.writeValueAsString(page);
    }

    private static Map<String, String> form(String encoded) {
        Map<String, String> fields = new HashMap<>();
        for (String pair : encoded.split("&")) {
            String[] parts = pair.split("=", 2);
            fields.put(
                    URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                    URLDecoder.decode(parts.length > 1 ? parts[1] : "", StandardCharsets.UTF_8));
        }
        return fields;
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
