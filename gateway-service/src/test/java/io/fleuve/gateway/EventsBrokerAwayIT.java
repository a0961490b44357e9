package io.fleuve.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fleuve.gateway.GatewayUnderTest.Client;
import io.fleuve.kafkapeer.ApacheKafka;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** Events while the broker goes and comes back. It always has a broker of its own to kill. */
class EventsBrokerAwayIT {

    private static final String JSON_RECORDS = "application/vnd.kafka.json.v2+json";

    private static boolean produce(Client client, String topic, int n) {
        return client.post(
                        "/topics/" + topic,
                        JSON_RECORDS,
                        "{\"records\":[{\"value\":{\"n\":%d}}]}".formatted(n))
                .text()
                .contains("\"error_code\":null");
    }

    @Test
    void saysThatTheBrokerIsAwayAndGoesOnWhenItIsBack() {
        GatewayUnderTest.assumeApacheKafka();
        try (ApacheKafka kafka = ApacheKafka.temporary();
                ConfigurableApplicationContext gateway =
                        GatewayUnderTest.startGateway(
                                kafka.bootstrapServers(),
                                "--fleuve.gateway.admin-timeout=2s",
                                "--fleuve.gateway.produce.max-block=1s",
                                "--fleuve.gateway.produce.request-timeout=2s",
                                "--fleuve.gateway.produce.delivery-timeout=3s",
                                "--fleuve.gateway.events.heartbeat=500ms",
                                "--fleuve.gateway.events.probe-interval=500ms")) {
            Client client = Client.of(gateway, kafka.bootstrapServers());
            String topic = client.createTopic(1);
            assertThat(produce(client, topic, 1)).isTrue();
            try (SseReader reader =
                    SseReader.open(client, "/topics/" + topic + "/events?from=start", null)) {
                reader.awaitNumbers(1);

                kafka.kill();

                reader.awaitEvent(
                        e ->
                                e.name().equals("notice")
                                        && e.json().get("code").asString().equals("unavailable"));
                int heartbeats = reader.comments().size();
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> reader.comments().size() > heartbeats);
                assertThat(
                                client.get("/topics/" + topic + "/events")
                                        .expect(500)
                                        .json()
                                        .get("error_code")
                                        .intValue())
                        .isEqualTo(50003);

                kafka.restart();

                await().atMost(Duration.ofSeconds(90)).until(() -> produce(client, topic, 2));
                reader.awaitEvent(
                        e ->
                                e.name().equals("notice")
                                        && e.json().get("code").asString().equals("available"));
                // A produce that timed out may have been written all the same: what counts is the
                // last.
                await().atMost(Duration.ofSeconds(60)).until(() -> reader.numbers().contains(2));
                assertThat(reader.numbers().stream().filter(n -> n == 1)).hasSize(1);
            }
        }
    }
}
