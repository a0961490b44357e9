package io.fleuve.gateway.examples;

import io.fleuve.gateway.examples.Example.Step;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads examples from JSON, and tries them out on a gateway. {@code ${name}} stands for a value of
 * the run: {@code base}, {@code cluster}, {@code broker}, and a {@code topic} and {@code group} of
 * the example's own.
 */
public final class Examples {

    /** Of Confluent's documentation of v3. */
    public static final String CONFLUENT_V3 = "confluent-v3.json";

    /** Of Confluent's documentation of v2. */
    public static final String CONFLUENT_V2 = "confluent-v2.json";

    /** Of Confluent's documentation of v2's consumer instances. */
    public static final String CONFLUENT_V2_CONSUMERS = "confluent-v2-consumers.json";

    /** Of the documentation of Strimzi's bridge. */
    public static final String STRIMZI = "strimzi.json";

    private static final Duration EVENTUALLY = Duration.ofSeconds(60);
    private static final JsonMapper MAPPER = new JsonMapper();

    private final String base;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String cluster;
    private final String broker;

    private Examples(String base) {
        this.base = base;
        this.cluster = get("/v3/clusters").at("/data/0/cluster_id").stringValue();
        this.broker =
                get("/v3/clusters/" + cluster + "/brokers").at("/data/0/broker_id").asString();
    }

    /** For the gateway at {@code base}, such as {@code http://127.0.0.1:8080}. */
    public static Examples of(String base) {
        return new Examples(base);
    }

    /**
     * What came of an example.
     *
     * @param answers status and kind of each answer, and the code of a refusal
     * @param faults what was not as expected
     */
    public record Outcome(List<String> answers, List<String> faults) {}

    /** The examples of a resource beside this class. */
    public static List<Example> load(String resource) {
        try (InputStream in = Examples.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("there is no resource " + resource);
            }
            return MAPPER.readTree(in).valueStream().map(Examples::toExample).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Example toExample(JsonNode node) {
        return new Example(
                node.get("name").stringValue(),
                node.has("not_by_fleuve") ? node.get("not_by_fleuve").stringValue() : null,
                node.get("steps").valueStream().map(Examples::toStep).toList());
    }

    private static Step toStep(JsonNode node) {
        String[] request = node.get("request").stringValue().split(" ", 2);
        Map<String, String> headers = texts(node.path("headers"));
        JsonNode body = node.get("body");
        if (body != null) {
            headers.putIfAbsent("Content-Type", "application/json");
        }
        return new Step(
                request[0],
                request[1],
                headers,
                body == null ? null : body.isString() ? body.stringValue() : body.toString(),
                node.get("status").intValue(),
                texts(node.path("answer_headers")),
                node.get("answer"),
                texts(node.path("capture")),
                node.path("eventually").asBoolean(false));
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        object.forEachEntry((name, value) -> texts.put(name, value.stringValue()));
        return texts;
    }

    /** Sends the requests of an example one after the other; the first fault ends it. */
    public Outcome run(Example example) {
        String unique = UUID.randomUUID().toString().substring(0, 8);
        Map<String, String> values = new LinkedHashMap<>();
        values.put("base", base);
        values.put("cluster", cluster);
        values.put("topic", "example-" + unique);
        values.put("group", "group-" + unique);
        values.put("broker", broker);
        List<String> answers = new ArrayList<>();
        for (Step step : example.steps()) {
            Attempt attempt = attempt(step, values);
            answers.add(attempt.describe());
            if (!attempt.faults().isEmpty()) {
                return new Outcome(answers, attempt.faults());
            }
            step.capture()
                    .forEach(
                            (name, pointer) ->
                                    values.put(name, attempt.json().at(pointer).asString()));
        }
        return new Outcome(answers, List.of());
    }

    /** One request, and what was wrong with its answer. */
    private record Attempt(Step step, HttpResponse<String> response, List<String> faults) {

        JsonNode json() {
            return MAPPER.readTree(response.body());
        }

        // What the pattern leaves open, brokers may word or set as they like.
        String describe() {
            return "%s %s: %d %s %s"
                    .formatted(
                            step.method(),
                            step.path(),
                            response.statusCode(),
                            response.headers().firstValue("Content-Type").orElse("-"),
                            response.statusCode() >= 400
                                    ? json().path("error_code").toString()
                                    : "");
        }
    }

    private Attempt attempt(Step step, Map<String, String> values) {
        if (!step.eventually()) {
            return once(step, values);
        }
        AtomicReference<Attempt> last = new AtomicReference<>(once(step, values));
        try {
            Awaitility.await()
                    .atMost(EVENTUALLY)
                    .pollInterval(Duration.ofMillis(200))
                    .until(
                            () ->
                                    last.updateAndGet(
                                                    attempt ->
                                                            attempt.faults().isEmpty()
                                                                    ? attempt
                                                                    : once(step, values))
                                            .faults()
                                            .isEmpty());
        } catch (ConditionTimeoutException e) {
            // The last answer tells what is wrong with it.
        }
        return Objects.requireNonNull(last.get());
    }

    private Attempt once(Step step, Map<String, String> values) {
        HttpResponse<String> response =
                send(
                        step.method(),
                        fill(step.path(), values),
                        step.headers(),
                        step.body() == null ? null : fill(step.body(), values));
        List<String> faults = new ArrayList<>();
        String at = "%s %s: ".formatted(step.method(), step.path());
        if (response.statusCode() != step.status()) {
            faults.add(
                    at
                            + "status %d, not %d: %s"
                                    .formatted(
                                            response.statusCode(), step.status(), response.body()));
            return new Attempt(step, response, faults);
        }
        step.answerHeaders()
                .forEach(
                        (name, pattern) -> {
                            String value = response.headers().firstValue(name).orElse("(absent)");
                            String wanted = fill(pattern, values);
                            boolean matches =
                                    wanted.startsWith("<matches>")
                                            ? value.matches(wanted.substring(9))
                                            : value.equals(wanted);
                            if (!matches) {
                                faults.add(at + name + " is " + value + ", not " + wanted);
                            }
                        });
        JsonNode answer = step.answer();
        if (answer == null) {
            if (!response.body().isEmpty()) {
                faults.add(at + "a body where none should be: " + response.body());
            }
        } else if (response.body().isEmpty()) {
            faults.add(at + "no body");
        } else {
            Pattern.compare(
                            MAPPER.readTree(fill(answer.toString(), values)),
                            MAPPER.readTree(response.body()))
                    .forEach(fault -> faults.add(at + fault));
        }
        return new Attempt(step, response, faults);
    }

    private static String fill(String text, Map<String, String> values) {
        String filled = text;
        for (Map.Entry<String, String> value : values.entrySet()) {
            filled = filled.replace("${" + value.getKey() + "}", value.getValue());
        }
        return filled;
    }

    private JsonNode get(String path) {
        return MAPPER.readTree(send("GET", path, Map.of(), null).body());
    }

    private HttpResponse<String> send(
            String method, String path, Map<String, String> headers, @Nullable String body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path))
                        .timeout(Duration.ofMinutes(1))
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        headers.forEach(request::header);
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
