package io.fleuve.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fleuve.gateway.GatewayUnderTest.Answer;
import io.fleuve.gateway.GatewayUnderTest.Client;
import io.fleuve.kafkapeer.ApacheKafka;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** Brokers that are away, for those who ask for the status. It has a broker to itself. */
class HonestStatusIT {

    private static final String VALUE = "{\"value\":{\"type\":\"STRING\",\"data\":\"x\"}}";
    private static final String ATOMIC =
            "{\"atomic\":true,\"entries\":[{\"id\":\"1\"," + VALUE.substring(1) + "]}";

    private static Answer post(Client client, String path, String body, String... headers) {
        return client.post(path, "application/json", body, headers);
    }

    private static void assertError(Answer answer, int status, int code) {
        answer.expect(status);
        assertThat(answer.json().get("error_code").intValue()).isEqualTo(code);
        assertThat(answer.header("retry-after")).isEqualTo("1");
    }

    @Test
    void tellsByTheStatusThatBrokersAreAway() {
        GatewayUnderTest.assumeApacheKafka();
        try (ApacheKafka kafka = ApacheKafka.temporary();
                ConfigurableApplicationContext gateway =
                        GatewayUnderTest.startGateway(
                                kafka.bootstrapServers(),
                                "--fleuve.gateway.admin-timeout=2s",
                                "--fleuve.gateway.produce.max-block=1s",
                                "--fleuve.gateway.produce.request-timeout=1s",
                                "--fleuve.gateway.produce.delivery-timeout=2s")) {
            Client client = Client.of(gateway, kafka.bootstrapServers());
            String topics = client.cluster() + "/topics";
            client.postJson(topics, "{\"topic_name\":\"away\",\"partitions_count\":1}").expect(201);
            String records = topics + "/away/records";
            String batch = records + ":batch";
            // The first transaction of all takes the brokers longer than they are given here.
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> post(client, batch, ATOMIC).status() == 207);

            post(client, records, VALUE).expect(200);

            kafka.kill();

            assertThat(post(client, records, VALUE).expect(200).text()).contains("50003");
            assertError(post(client, records, VALUE, "Prefer", "handling=strict"), 503, 50302);
            assertError(post(client, batch, ATOMIC), 503, 50302);
            assertError(
                    post(
                            client,
                            records,
                            VALUE,
                            "Prefer",
                            "handling=strict",
                            "Idempotency-Key",
                            "k"),
                    503,
                    50302);
        }
    }
}
