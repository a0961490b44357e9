package io.fleuve.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fleuve.gateway.GatewayUnderTest.Client;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.context.ConfigurableApplicationContext;

/** A reader that does not take what it is sent costs the gateway little, and not for long. */
@ExtendWith(GatewayUnderTest.class)
class SlowReaderIT {

    // More than the buffers of two sockets hold, so that the gateway has to wait.
    private static final int RECORDS = 1500;
    private static final String FILLING = "x".repeat(20_000);

    private final Client shared;

    SlowReaderIT(Client shared) {
        this.shared = shared;
    }

    private void produce(String topic) {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", shared.bootstrap()),
                        new StringSerializer(),
                        new StringSerializer())) {
            for (int n = 0; n < RECORDS; n++) {
                var _ =
                        producer.send(
                                new ProducerRecord<>(
                                        topic,
                                        0,
                                        null,
                                        "{\"n\":%d,\"filling\":\"%s\"}".formatted(n, FILLING)));
            }
            producer.flush();
        }
    }

    private static Socket connect(Client client, String topic) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), client.port()), 10_000);
        socket.getOutputStream()
                .write(
                        ("GET /topics/" + topic + "/events?from=start HTTP/1.0\r\nHost: x\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static double metric(Client client, String name) {
        return client.get("/actuator/prometheus")
                .text()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    private ConfigurableApplicationContext startGateway(String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("--fleuve.gateway.events.slow-write-timeout=500ms"));
        arguments.addAll(List.of(more));
        return GatewayUnderTest.startGateway(shared.bootstrap(), arguments.toArray(new String[0]));
    }

    @Test
    void isToldWhyItIsDisconnectedAndResumesWithoutLoss() throws Exception {
        try (ConfigurableApplicationContext gateway = startGateway()) {
            Client client = Client.of(gateway, shared.bootstrap());
            String topic = client.createTopic(1);
            String sent = "fleuve_gateway_events_sent_total";
            try (Socket socket = connect(client, topic)) {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> metric(client, "fleuve_gateway_events_readers") == 1);
                produce(topic);
                double[] before = {-1};
                // It stands still, for longer than it may.
                await().atMost(Duration.ofSeconds(90))
                        .pollInterval(Duration.ofSeconds(2))
                        .until(
                                () -> {
                                    double now = metric(client, sent);
                                    boolean still = now > 0 && now == before[0];
                                    before[0] = now;
                                    return still;
                                });
                assertThat(metric(client, sent)).isLessThan(RECORDS);
                SseReader reader = SseReader.of(socket.getInputStream());
                reader.awaitEnd();
                assertThat(reader.awaitEvent("end").json().get("reason").stringValue())
                        .isEqualTo("slow_reader");
                List<Integer> seen = new ArrayList<>(reader.numbers());
                assertThat(seen.size()).isLessThan(RECORDS);
                try (SseReader resumed =
                        SseReader.open(client, "/topics/" + topic + "/events", reader.lastId())) {
                    resumed.awaitCount(RECORDS - seen.size());
                    seen.addAll(resumed.numbers());
                }
                assertThat(seen).isEqualTo(IntStream.range(0, RECORDS).boxed().toList());
                assertThat(metric(client, "fleuve_gateway_events_slow_disconnected_total"))
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void isDisconnectedEvenIfItNeverReadsAgain() throws Exception {
        try (ConfigurableApplicationContext gateway =
                startGateway("--server.tomcat.connection-timeout=2s")) {
            Client client = Client.of(gateway, shared.bootstrap());
            String topic = client.createTopic(1);
            produce(topic);
            try (Socket _ = connect(client, topic)) {
                await().atMost(Duration.ofSeconds(90))
                        .until(
                                () ->
                                        metric(
                                                        client,
                                                        "fleuve_gateway_events_slow_disconnected_total")
                                                == 1);
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> metric(client, "fleuve_gateway_events_readers") == 0);
            }
        }
    }
}
