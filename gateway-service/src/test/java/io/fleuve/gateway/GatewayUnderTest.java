package io.fleuve.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fleuve.kafkapeer.ApacheKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One gateway for all tests of a run, on a free port. It stands in front of Apache Kafka in a child
 * process, or of the brokers that {@code -Dfleuve.test.bootstrap=host:port} names.
 */
final class GatewayUnderTest implements ParameterResolver {

    static final String BOOTSTRAP_PROPERTY = "fleuve.test.bootstrap";

    private static final JsonMapper MAPPER = new JsonMapper();

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Client.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(GatewayUnderTest.class))
                .computeIfAbsent(Running.class, _ -> Running.start(), Running.class)
                .client();
    }

    /** The gateway and, if this run has its own, the broker behind it. */
    private record Running(
            @Nullable ApacheKafka kafka, ConfigurableApplicationContext gateway, Client client)
            implements AutoCloseable {

        static Running start() {
            String given = System.getProperty(BOOTSTRAP_PROPERTY, "");
            ApacheKafka kafka = given.isBlank() ? ApacheKafka.temporary() : null;
            String bootstrap = kafka == null ? given : kafka.bootstrapServers();
            ConfigurableApplicationContext gateway = startGateway(bootstrap);
            return new Running(kafka, gateway, Client.of(gateway, bootstrap));
        }

        @Override
        public void close() {
            gateway.close();
            if (kafka != null) {
                kafka.close();
            }
        }
    }

    /** Ends a test that needs a broker to itself when this run is against given brokers. */
    static void assumeApacheKafka() {
        assumeThat(System.getProperty(BOOTSTRAP_PROPERTY, "")).isBlank();
    }

    /** A gateway of one's own. */
    static ConfigurableApplicationContext startGateway(String bootstrap, String... more) {
        String[] arguments = new String[more.length + 3];
        arguments[0] = "--server.port=0";
        arguments[1] = "--fleuve.gateway.bootstrap-servers=" + bootstrap;
        arguments[2] = "--spring.main.banner-mode=off";
        System.arraycopy(more, 0, arguments, 3, more.length);
        return GatewayApplication.application().run(arguments);
    }

    /** An answer with its body as text. */
    record Answer(int status, String contentType, String text, Map<String, List<String>> headers) {

        JsonNode json() {
            return MAPPER.readTree(text);
        }

        String header(String name) {
            List<String> values = headers.getOrDefault(name, List.of());
            assertThat(values).as("header " + name + " of " + headers).hasSize(1);
            return values.getFirst();
        }

        Answer expect(int wanted) {
            assertThat(status).as(text).isEqualTo(wanted);
            return this;
        }
    }

    /** Speaks HTTP to a gateway. */
    record Client(String baseUrl, int port, String bootstrap, HttpClient http) {

        static Client of(ConfigurableApplicationContext gateway, String bootstrap) {
            int port =
                    gateway.getEnvironment()
                            .getRequiredProperty("local.server.port", Integer.class);
            return new Client(
                    "http://127.0.0.1:" + port,
                    port,
                    bootstrap,
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());
        }

        Answer get(String path, String... headers) {
            return send(request(path, headers).GET());
        }

        Answer delete(String path) {
            return send(request(path).DELETE());
        }

        Answer post(String path, String contentType, String body, String... headers) {
            return send(
                    request(path, headers)
                            .header("Content-Type", contentType)
                            .POST(BodyPublishers.ofString(body)));
        }

        Answer postJson(String path, String body) {
            return post(path, "application/json", body);
        }

        /** Any method, with a JSON body. */
        Answer sendJson(String method, String path, String body, String... headers) {
            return send(
                    request(path, headers)
                            .header("Content-Type", "application/json")
                            .method(method, BodyPublishers.ofString(body)));
        }

        private HttpRequest.Builder request(String path, String... headers) {
            HttpRequest.Builder builder =
                    HttpRequest.newBuilder(URI.create(baseUrl + path))
                            .timeout(Duration.ofMinutes(1));
            return headers.length == 0 ? builder : builder.headers(headers);
        }

        private Answer send(HttpRequest.Builder request) {
            try {
                HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
                return new Answer(
                        response.statusCode(),
                        response.headers().firstValue("Content-Type").orElse(""),
                        response.body(),
                        response.headers().map());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        /** {@code /v3/clusters/{the cluster}}. */
        String cluster() {
            return "/v3/clusters/"
                    + get("/v3/clusters").expect(200).json().at("/data/0/cluster_id").stringValue();
        }

        /** A new topic under a name of its own. */
        String createTopic(int partitions) {
            String name = "t-" + UUID.randomUUID();
            postJson(
                            cluster() + "/topics",
                            "{\"topic_name\":\"%s\",\"partitions_count\":%d}"
                                    .formatted(name, partitions))
                    .expect(201);
            return name;
        }
    }
}
