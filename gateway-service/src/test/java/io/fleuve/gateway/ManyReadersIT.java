package io.fleuve.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.gateway.GatewayUnderTest.Client;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** Many readers of one topic see the same, and share what reads it. */
@ExtendWith(GatewayUnderTest.class)
class ManyReadersIT {

    private static final int READERS = 50;
    private static final int RECORDS = 200;

    private final Client shared;

    ManyReadersIT(Client shared) {
        this.shared = shared;
    }

    @Test
    void fiftyReadersSeeTheSameTwoHundredRecordsFromOneTail() {
        try (ConfigurableApplicationContext gateway =
                GatewayUnderTest.startGateway(shared.bootstrap())) {
            Client client = Client.of(gateway, shared.bootstrap());
            String topic = client.createTopic(1);
            List<SseReader> readers = new ArrayList<>();
            try {
                for (int i = 0; i < READERS; i++) {
                    readers.add(
                            SseReader.open(client, "/topics/" + topic + "/events?from=end", null));
                }
                for (int n = 0; n < RECORDS; n += 20) {
                    produce(client, topic, n, n + 20);
                }
                readers.forEach(reader -> reader.awaitCount(RECORDS));
                List<JsonNode> first = readers.getFirst().records();
                assertThat(readers.getFirst().numbers())
                        .isEqualTo(IntStream.range(0, RECORDS).boxed().toList());
                assertThat(readers)
                        .allSatisfy(reader -> assertThat(reader.records()).isEqualTo(first));
                assertThat(client.get("/actuator/prometheus").text())
                        .contains("fleuve_gateway_events_readers %d.0".formatted(READERS))
                        .contains("fleuve_gateway_events_tails 1.0")
                        .contains(
                                "fleuve_gateway_events_sent_total %.1f"
                                        .formatted((double) READERS * RECORDS));
            } finally {
                readers.forEach(SseReader::close);
            }
        }
    }

    private static void produce(Client client, String topic, int from, int to) {
        String records =
                String.join(
                        ",",
                        IntStream.range(from, to)
                                .mapToObj("{\"value\":{\"n\":%d}}"::formatted)
                                .toList());
        client.post(
                        "/topics/" + topic,
                        "application/vnd.kafka.json.v2+json",
                        "{\"records\":[" + records + "]}")
                .expect(200);
    }
}
