package io.fleuve.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.gateway.GatewayUnderTest.Client;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.context.ConfigurableApplicationContext;

@ExtendWith(GatewayUnderTest.class)
class CorsIT {

    private static final String FRIEND = "https://dashboard.example.org";
    private static final String STRANGER = "https://elsewhere.example.org";

    private final Client shared;

    CorsIT(Client shared) {
        this.shared = shared;
    }

    private static HttpResponse<String> preflight(Client client, String path, String origin)
            throws IOException, InterruptedException {
        return client.http()
                .send(
                        HttpRequest.newBuilder(URI.create(client.baseUrl() + path))
                                .method("OPTIONS", BodyPublishers.noBody())
                                .header("Origin", origin)
                                .header("Access-Control-Request-Method", "POST")
                                .header("Access-Control-Request-Headers", "content-type")
                                .build(),
                        BodyHandlers.ofString());
    }

    @Test
    void isOffUnlessItIsSet() throws Exception {
        assertThat(preflight(shared, "/topics", FRIEND).headers().map())
                .doesNotContainKey("access-control-allow-origin");
        assertThat(shared.get("/topics", "Origin", FRIEND).headers())
                .doesNotContainKey("access-control-allow-origin");
    }

    @Test
    void letsPagesOfTheAllowedOriginsCallAndNoOthers() throws Exception {
        try (ConfigurableApplicationContext gateway =
                GatewayUnderTest.startGateway(
                        shared.bootstrap(), "--fleuve.gateway.cors.allowed-origins=" + FRIEND)) {
            Client client = Client.of(gateway, shared.bootstrap());
            HttpResponse<String> allowed = preflight(client, "/topics/t", FRIEND);
            assertThat(allowed.statusCode()).isEqualTo(200);
            assertThat(allowed.headers().firstValue("access-control-allow-origin"))
                    .hasValue(FRIEND);
            assertThat(allowed.headers().firstValue("access-control-allow-headers"))
                    .hasValue("content-type");
            assertThat(allowed.headers().firstValue("access-control-allow-methods").orElse(""))
                    .contains("POST", "DELETE");
            assertThat(
                            client.get("/topics", "Origin", FRIEND)
                                    .expect(200)
                                    .header("access-control-allow-origin"))
                    .isEqualTo(FRIEND);

            HttpResponse<String> refused = preflight(client, "/topics/t", STRANGER);
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body()).startsWith("{\"error_code\":403,");
            client.get("/topics", "Origin", STRANGER).expect(403);
            // Whoever is no browser sends no origin.
            client.get("/topics").expect(200);

            assertThat(client.get("/actuator/health", "Origin", FRIEND).headers())
                    .doesNotContainKey("access-control-allow-origin");

            try (SseReader reader =
                    SseReader.open(client, "/topics/" + client.createTopic(1) + "/events", null)) {
                assertThat(reader.records()).isEmpty();
            }
        }
    }
}
