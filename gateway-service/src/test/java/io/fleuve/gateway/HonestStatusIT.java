package io.fleuve.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.gateway.GatewayUnderTest.Answer;
import io.fleuve.gateway.GatewayUnderTest.Client;
import io.fleuve.kafkapeer.ApacheKafka;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** Brokers that are away, and brokers that do not take a record. It has a broker to itself. */
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
    void tellsATimeOutFromBrokersThatAreAway() {
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
            // One replica where two are wanted: the brokers refuse for as long as they are asked.
            client.postJson(
                            topics,
                            """
                            {"topic_name":"unwritable","partitions_count":1,
                             "configs":[{"name":"min.insync.replicas","value":"2"}]}""")
                    .expect(201);
            String records = topics + "/unwritable/records";
            String batch = records + ":batch";
            assertThat(post(client, records, VALUE).expect(200).text()).contains("50003");
            assertError(post(client, records, VALUE, "Prefer", "handling=strict"), 504, 50401);
            assertError(post(client, batch, ATOMIC), 504, 50401);

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
