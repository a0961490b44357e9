package io.fleuve.conformance.gateway;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends requests, and holds each answer against what is documented. */
final class TroubleClient {

    static final JsonMapper MAPPER = new JsonMapper();

    /**
     * What a well-formed request may be refused with because of its broker, or of other requests
     * that wait for it. 50002 is not among them: it says not to try again.
     */
    private static final Set<Integer> OF_TROUBLE =
            Set.of(40910, 42901, 50003, 50301, 50302, 50305, 50310, 50311, 50401);

    private final String url;
    private final HttpClient http;
    private final ApiDocument document;
    private final TroubleTally tally;

    TroubleClient(String url, HttpClient http, TroubleTally tally) throws Exception {
        this.url = url;
        this.http = http;
        this.tally = tally;
        HttpResponse<String> openapi =
                http.send(
                        HttpRequest.newBuilder(URI.create(url + "/openapi")).build(),
                        BodyHandlers.ofString());
        this.document = new ApiDocument(MAPPER.readTree(openapi.body()));
    }

    /** A request; {@code gone} says that there may be nothing of the kind any more. */
    record Ask(
            TroubleKind kind,
            String method,
            String path,
            @Nullable String body,
            Map<String, String> headers,
            boolean gone) {

        static Ask get(TroubleKind kind, String path) {
            return new Ask(kind, "GET", path, null, Map.of("Accept", "application/json"), false);
        }

        static Ask post(TroubleKind kind, String path, String type, String body) {
            return new Ask(kind, "POST", path, body, Map.of("Content-Type", type), false);
        }

        static Ask delete(TroubleKind kind, String path, boolean again) {
            return new Ask(kind, "DELETE", path, null, Map.of(), again);
        }

        Ask with(String name, String value) {
            Map<String, String> more = new HashMap<>(headers);
            more.put(name, value);
            return new Ask(kind, method, path, body, Map.copyOf(more), gone);
        }

        String operation() {
            int query = path.indexOf('?');
            return query < 0 ? path : path.substring(0, query);
        }

        @Override
        public String toString() {
            return method + " " + operation().replaceAll("i-[0-9a-f-]{36}", "{instance}");
        }
    }

    /** The status and the body, or status 0 if there was no answer. */
    record Answer(int status, String body) {

        boolean ok() {
            return status >= 200 && status < 300;
        }

        JsonNode json() {
            return MAPPER.readTree(body);
        }
    }

    TroubleTally tally() {
        return tally;
    }

    String url() {
        return url;
    }

    HttpClient http() {
        return http;
    }

    HttpRequest.Builder request(Ask ask) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + ask.path()))
                        .timeout(ask.kind().bound())
                        .method(
                                ask.method(),
                                ask.body() == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(ask.body()));
        ask.headers().forEach(request::header);
        return request;
    }

    /** The answer, which has been counted and judged. */
    Answer send(Ask ask) {
        long start = System.nanoTime();
        try {
            HttpResponse<String> response =
                    http.send(request(ask).build(), BodyHandlers.ofString());
            took(ask, start);
            Answer answer = new Answer(response.statusCode(), response.body());
            judge(ask, answer.status(), answer.body());
            return answer;
        } catch (HttpTimeoutException e) {
            took(ask, start);
            tally.count(ask.kind(), "none in time");
            tally.violation(ask + ": no answer within " + ask.kind().bound());
        } catch (IOException e) {
            tally.count(ask.kind(), "connection broken");
            tally.violation(ask + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return new Answer(0, "");
    }

    void took(Ask ask, long startNanos) {
        tally.took(ask.kind(), (System.nanoTime() - startNanos) / 1_000_000);
    }

    /** Counts the answer, and says what is wrong with it. */
    void judge(Ask ask, int status, String body) {
        if (!document.knows(ask.method(), ask.operation(), status)) {
            tally.violation(
                    "%s: status %d is not documented: %s".formatted(ask, status, shortened(body)));
        }
        if (status < 400) {
            tally.count(ask.kind(), Integer.toString(status));
            return;
        }
        try {
            JsonNode error = MAPPER.readTree(body);
            int code = error.path("error_code").asInt(0);
            boolean shaped =
                    error.path("error_code").isIntegralNumber()
                            && error.path("message").isString()
                            && error.size() == 2;
            if (!shaped || code != status && code / 100 != status) {
                tally.violation("%s: %d with the body %s".formatted(ask, status, shortened(body)));
            }
            failed(ask, status + "/" + code, code, error.path("message").asString());
        } catch (JacksonException e) {
            tally.violation("%s: %d with the body %s".formatted(ask, status, shortened(body)));
        }
    }

    /** A record, or the whole, has failed with this code. */
    void failed(Ask ask, String answer, int code, String message) {
        tally.count(ask.kind(), answer);
        if (!OF_TROUBLE.contains(code) && !(ask.gone() && code == 40403)) {
            tally.violation(
                    "%s: %s is not what a broker in trouble is to be told by: %s"
                            .formatted(ask, answer, shortened(message)));
        }
    }

    // Without what differs each time, so that the same is told once.
    private static String shortened(String text) {
        String general = text.replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "#").replaceAll("\\d+", "#");
        return general.length() > 300 ? general.substring(0, 300) + "..." : general;
    }
}
