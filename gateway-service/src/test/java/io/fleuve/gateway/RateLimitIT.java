package io.fleuve.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.gateway.GatewayUnderTest.Answer;
import io.fleuve.gateway.GatewayUnderTest.Client;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.context.ConfigurableApplicationContext;

@ExtendWith(GatewayUnderTest.class)
class RateLimitIT {

    private final Client shared;

    RateLimitIT(Client shared) {
        this.shared = shared;
    }

    private ConfigurableApplicationContext startGateway() {
        // One request in a thousand seconds: no test takes long enough to get another.
        return GatewayUnderTest.startGateway(
                shared.bootstrap(),
                "--fleuve.gateway.rate-limit.requests-per-second=0.001",
                "--fleuve.gateway.rate-limit.burst=2",
                "--fleuve.gateway.rate-limit.client-header=X-API-Key",
                "--fleuve.gateway.cors.allowed-origins=https://dashboard.example.org");
    }

    @Test
    void isOffUnlessItIsSet() {
        assertThat(shared.get("/topics").expect(200).headers())
                .doesNotContainKeys("ratelimit", "ratelimit-policy");
    }

    @Test
    void refusesWhatIsTooMuchAndTellsHowOneStands() {
        try (ConfigurableApplicationContext gateway = startGateway()) {
            Client client = Client.of(gateway, shared.bootstrap());
            Answer first = client.get("/topics").expect(200);
            assertThat(first.header("ratelimit-policy")).isEqualTo("\"requests\";q=2;w=2000");
            assertThat(first.header("ratelimit")).isEqualTo("\"requests\";r=1;t=1000");
            client.get("/no/such/path").expect(404);
            Answer refused = client.get("/topics").expect(429);
            assertThat(refused.contentType()).isEqualTo("application/json");
            assertThat(refused.json().get("error_code").intValue()).isEqualTo(429);
            assertThat(refused.json().get("message").stringValue())
                    .startsWith("This client sends more than the allowed 0.001 requests a second.");
            assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(900, 1000);
            assertThat(refused.header("ratelimit")).matches("\"requests\";r=0;t=\\d+");
            assertThat(
                            client.get("/topics", "Accept", "application/problem+json")
                                    .expect(429)
                                    .contentType())
                    .isEqualTo("application/problem+json");
            // Another client has its own, and an operator none.
            client.get("/topics", "X-API-Key", "someone").expect(200);
            assertThat(client.get("/actuator/prometheus").expect(200).text())
                    .contains("fleuve_gateway_ratelimit_refused_total 2.0");
        }
    }

    @Test
    void aPageOfAnotherOriginCanReadTheRefusal() {
        try (ConfigurableApplicationContext gateway = startGateway()) {
            Client client = Client.of(gateway, shared.bootstrap());
            String origin = "https://dashboard.example.org";
            client.get("/topics", "Origin", origin).expect(200);
            client.get("/topics", "Origin", origin).expect(200);
            assertThat(
                            client.get("/topics", "Origin", origin)
                                    .expect(429)
                                    .header("access-control-allow-origin"))
                    .isEqualTo(origin);
        }
    }
}
