package io.fleuve.conformance.gateway;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes one message after the other, each under a key of its own, and repeats a request through
 * either gateway until it has seen an answer. It loses one answer in ten.
 */
final class RepeatingClient implements Runnable {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(40);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String V3 = "application/json";
    private static final String V2 = "application/vnd.kafka.json.v2+json";

    private final int number;
    private final List<String> gateways;
    private final String topic;
    private final String second;
    private final HttpClient http;
    private final Random random;
    private final AtomicBoolean ended;

    final List<Message> messages = new ArrayList<>();
    final List<String> violations = new ArrayList<>();
    long requests;
    long responsesLost;
    long replayed;
    long conflicts;
    long failures;
    long longestMs;

    RepeatingClient(
            int number,
            List<String> gateways,
            String topic,
            String second,
            HttpClient http,
            long seed,
            AtomicBoolean ended) {
        this.number = number;
        this.gateways = gateways;
        this.topic = topic;
        this.second = second;
        this.http = http;
        this.random = new Random(seed * 1000 + number);
        this.ended = ended;
    }

    /** Where a message is said to be. */
    record Message(String topic, String value, int partition, long offset) {}

    private record Post(String path, String type, String body) {}

    @Override
    public void run() {
        for (int i = 0; !ended.get(); i++) {
            String value = "m-" + number + "-" + i;
            long start = System.nanoTime();
            JsonNode answer = postUntilAnswered(post(i, value));
            longestMs = Math.max(longestMs, (System.nanoTime() - start) / 1_000_000);
            if (answer == null) {
                violations.add(value + " has no answer after " + PATIENCE);
            } else {
                note(i, value, answer);
            }
        }
    }

    // The three ways to write take turns.
    private Post post(int i, String value) {
        String quoted = "{\"type\":\"STRING\",\"data\":\"" + value + "\"}";
        String topicPath = "/v3/clusters/any/topics/" + topic;
        return switch (i % 3) {
            case 0 -> new Post(topicPath + "/records", V3, "{\"value\":" + quoted + "}");
            case 1 ->
                    new Post(
                            "/topics/" + topic,
                            V2,
                            "{\"records\":[{\"value\":\"" + value + "\"}]}");
            default ->
                    new Post(
                            topicPath + "/records:batch",
                            V3,
                            """
                            {"atomic":true,"entries":[{"id":"1","value":%s},{"id":"2","topic_name":"%s","value":%s}]}"""
                                    .formatted(quoted, second, quoted));
        };
    }

    private void note(int i, String value, JsonNode answer) {
        switch (i % 3) {
            case 0 -> add(topic, value, answer, "partition_id");
            case 1 -> add(topic, "\"" + value + "\"", answer.at("/offsets/0"), "partition");
            default -> {
                add(topic, value, answer.at("/successes/0"), "partition_id");
                add(second, value, answer.at("/successes/1"), "partition_id");
            }
        }
    }

    private void add(String where, String value, JsonNode at, String partition) {
        if (at.path("offset").isIntegralNumber()) {
            messages.add(
                    new Message(
                            where,
                            value,
                            at.path(partition).intValue(),
                            at.path("offset").longValue()));
        } else {
            violations.add(value + " was answered by " + at);
        }
    }

    private @Nullable JsonNode postUntilAnswered(Post post) {
        String key = "\"" + UUID.randomUUID() + "\"";
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            requests++;
            HttpResponse<String> response = send(post, key);
            if (response == null) {
                continue;
            }
            int status = response.statusCode();
            if (status == 200 || status == 207) {
                if (response.headers().firstValue("Idempotency-Replayed").isPresent()) {
                    replayed++;
                }
                return MAPPER.readTree(response.body());
            }
            if (status == 409) {
                conflicts++;
            } else if (status == 429 || status >= 500) {
                failures++;
            } else {
                violations.add("status " + status + ": " + response.body());
                return null;
            }
            pause(300);
        }
        return null;
    }

    /** The response, or nothing if it was lost, on purpose or not. */
    private @Nullable HttpResponse<String> send(Post post, String key) {
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create(
                                        gateways.get(random.nextInt(gateways.size()))
                                                + post.path()))
                        .timeout(TIMEOUT)
                        .header("Content-Type", post.type())
                        .header("Idempotency-Key", key)
                        .POST(BodyPublishers.ofString(post.body()))
                        .build();
        CompletableFuture<HttpResponse<String>> pending =
                http.sendAsync(request, BodyHandlers.ofString());
        int fate = random.nextInt(20);
        if (fate == 0) {
            // The connection breaks at some moment while the gateway is at it.
            responsesLost++;
            LockSupport.parkNanos(random.nextInt(30_000_000));
            pending.cancel(true);
            return null;
        }
        try {
            HttpResponse<String> response =
                    pending.get(TIMEOUT.toMillis() + 5000, TimeUnit.MILLISECONDS);
            if (fate == 1) {
                responsesLost++;
                return null;
            }
            return response;
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof IOException)) {
                violations.add("a request failed: " + e.getCause());
            }
            failures++;
            pause(100);
            return null;
        } catch (TimeoutException e) {
            pending.cancel(true);
            violations.add("no response within " + TIMEOUT);
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void pause(int aboutMs) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(aboutMs / 2 + random.nextInt(aboutMs)));
    }
}
