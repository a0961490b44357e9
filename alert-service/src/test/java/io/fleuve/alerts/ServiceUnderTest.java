package io.fleuve.alerts;

import io.fleuve.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole service on a free port, with whatever database and brokers a test gives it. */
final class ServiceUnderTest implements AutoCloseable {

    private final ConfigurableApplicationContext context;
    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = JsonMapper.builder().build();

    /** An answer with its body as JSON. */
    record Answer(int status, JsonNode body) {}

    ServiceUnderTest(
            EmbeddedPostgres postgres,
            String bootstrapServers,
            Path stateDirectory,
            Map<String, String> properties) {
        List<String> arguments = new ArrayList<>();
        arguments.add("--server.port=0");
        arguments.add("--spring.datasource.url=" + postgres.jdbcUrl());
        arguments.add("--spring.datasource.username=" + postgres.user());
        arguments.add("--spring.datasource.password=" + postgres.password());
        arguments.add("--fleuve.alerts.streams.bootstrap-servers=" + bootstrapServers);
        arguments.add("--fleuve.alerts.streams.state-directory=" + stateDirectory);
        properties.forEach((key, value) -> arguments.add("--" + key + "=" + value));
        context = AlertsApplication.application().run(arguments.toArray(String[]::new));
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    Answer get(String path) {
        return send(HttpRequest.newBuilder(uri(path)).GET().build());
    }

    Answer post(String path, String body) {
        return post(path, body, Map.of());
    }

    Answer post(String path, String body, Map<String, String> headers) {
        return post(path, "application/json", body, headers);
    }

    /** What a browser or a provider posts as a form; the answer's text is not looked at. */
    Answer form(String path, String body, Map<String, String> headers) {
        return post(path, "application/x-www-form-urlencoded", body, headers);
    }

    private Answer post(String path, String type, String body, Map<String, String> headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(path))
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return send(request.build());
    }

    Answer put(String path, String body) {
        return send(
                HttpRequest.newBuilder(uri(path))
                        .header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString(body))
                        .build());
    }

    Answer delete(String path) {
        return send(HttpRequest.newBuilder(uri(path)).DELETE().build());
    }

    String text(String path) {
        return exchange(HttpRequest.newBuilder(uri(path)).GET().build()).body();
    }

    @Override
    public void close() {
        context.close();
        http.close();
    }

    private URI uri(String path) {
        if (!(context instanceof WebServerApplicationContext web) || web.getWebServer() == null) {
            throw new IllegalStateException("the service serves no HTTP");
        }
        return URI.create("http://127.0.0.1:" + web.getWebServer().getPort() + path);
    }

    private Answer send(HttpRequest request) {
        HttpResponse<String> response = exchange(request);
        return new Answer(
                response.statusCode(),
                response.headers()
                                .firstValue("Content-Type")
                                .filter(type -> type.contains("json"))
                                .isPresent()
                        ? json.readTree(response.body())
                        : json.createObjectNode());
    }

    private HttpResponse<String> exchange(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
