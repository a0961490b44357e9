package io.fleuve.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fleuve.gateway.GatewayUnderTest.Answer;
import io.fleuve.gateway.GatewayUnderTest.Client;
import io.fleuve.kafkapeer.ApacheKafka;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** A gateway whose broker comes, goes and comes back. It always has a broker of its own to kill. */
class BrokerAwayIT {

    private static final String RECORDS = "{\"records\":[{\"value\":1}]}";
    private static final String JSON_RECORDS = "application/vnd.kafka.json.v2+json";

    @Test
    void answersInBoundedTimeWithoutABrokerAndRecoversByItself() {
        GatewayUnderTest.assumeApacheKafka();
        try (ApacheKafka kafka = ApacheKafka.temporary();
                ConfigurableApplicationContext gateway =
                        GatewayUnderTest.startGateway(
                                kafka.bootstrapServers(),
                                "--fleuve.gateway.admin-timeout=2s",
                                "--fleuve.gateway.produce.max-block=1s",
                                "--fleuve.gateway.produce.request-timeout=2s",
                                "--fleuve.gateway.produce.delivery-timeout=3s")) {
            Client client = Client.of(gateway, kafka.bootstrapServers());
            String topic = client.createTopic(1);
            client.post("/topics/" + topic, JSON_RECORDS, RECORDS).expect(200);

            kafka.kill();

            assertDocumentedFailure(client.get("/v3/clusters"), 500, 50003);
            assertDocumentedFailure(
                    client.get(
                            "/topics/" + topic + "/partitions/0/records",
                            "Accept",
                            "application/json"),
                    500,
                    50003);
            long start = System.nanoTime();
            Answer produced = client.post("/topics/" + topic, JSON_RECORDS, RECORDS);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(10));
            assertThat(produced.text()).contains("50003");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> client.get("/actuator/health/readiness").status() == 503);
            client.get("/actuator/health/liveness").expect(200);

            kafka.restart();

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> client.get("/actuator/health/readiness").status() == 200);
            await().atMost(Duration.ofSeconds(30))
                    .until(
                            () ->
                                    client.post("/topics/" + topic, JSON_RECORDS, RECORDS)
                                            .text()
                                            .contains("\"error_code\":null"));
            assertThat(
                            client.get(
                                            "/topics/" + topic + "/partitions/0/records",
                                            "Accept",
                                            "application/json")
                                    .expect(200)
                                    .json()
                                    .at("/records/0/value")
                                    .intValue())
                    .isEqualTo(1);
        }
    }

    /** A topic that exists, and of which the producer has not heard yet, or has forgotten. */
    @Test
    void doesNotSayThatATopicIsMissingWhenItCannotKnow() {
        GatewayUnderTest.assumeApacheKafka();
        try (ApacheKafka kafka = ApacheKafka.temporary();
                ConfigurableApplicationContext gateway =
                        GatewayUnderTest.startGateway(
                                kafka.bootstrapServers(),
                                "--fleuve.gateway.metadata-ttl=10m",
                                "--fleuve.gateway.admin-timeout=2s",
                                "--fleuve.gateway.produce.max-block=1s")) {
            Client client = Client.of(gateway, kafka.bootstrapServers());
            String topic = client.createTopic(1);
            client.get(
                            "/topics/" + topic + "/partitions/0/records?timeout=0",
                            "Accept",
                            "application/json")
                    .expect(200);

            kafka.kill();

            assertThat(
                            client.post("/topics/" + topic, JSON_RECORDS, RECORDS)
                                    .expect(200)
                                    .json()
                                    .at("/offsets/0/error_code")
                                    .intValue())
                    .isEqualTo(50003);
        }
    }

    @Test
    void startsWithoutABrokerAndWithAnAddressThatDoesNotResolve() {
        for (String bootstrap : List.of("127.0.0.1:1", "no-such-host.invalid:9092")) {
            try (ConfigurableApplicationContext gateway =
                    GatewayUnderTest.startGateway(
                            bootstrap,
                            "--fleuve.gateway.admin-timeout=1s",
                            "--fleuve.gateway.produce.max-block=1s")) {
                Client client = Client.of(gateway, bootstrap);
                client.get("/").expect(200);
                client.get("/actuator/health/liveness").expect(200);
                client.get("/actuator/health/readiness").expect(503);
                Answer answer = client.get("/brokers");
                assertThat(answer.status()).isBetween(500, 503);
                assertThat(answer.json().get("error_code").intValue()).isIn(50003, 50302);
                assertThat(answer.headers()).containsKey("retry-after");
            }
        }
    }

    private static void assertDocumentedFailure(Answer answer, int status, int code) {
        assertThat(answer.expect(status).json().get("error_code").intValue()).isEqualTo(code);
        assertThat(answer.headers()).containsKey("retry-after");
    }
}
