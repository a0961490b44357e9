package io.fleuve.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.gateway.GatewayUnderTest.Answer;
import io.fleuve.gateway.GatewayUnderTest.Client;
import io.fleuve.kafkapeer.ApacheKafka;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.context.ConfigurableApplicationContext;

/** What happens at each bound: a clear refusal, and nothing else breaks. */
@ExtendWith(GatewayUnderTest.class)
class BoundsIT {

    private static final String JSON_RECORDS = "application/vnd.kafka.json.v2+json";
    private static final String RECORDS = "{\"records\":[{\"value\":1}]}";

    private final Client shared;

    BoundsIT(Client shared) {
        this.shared = shared;
    }

    @Test
    void refusesMoreProducersThanAllowedWithATimeToComeBack() throws IOException {
        try (ConfigurableApplicationContext gateway =
                        GatewayUnderTest.startGateway(
                                shared.bootstrap(),
                                "--fleuve.gateway.produce.max-in-flight-requests=1",
                                "--fleuve.gateway.produce.admission-timeout=0ms");
                Socket stream =
                        new Socket(
                                InetAddress.getLoopbackAddress(),
                                Client.of(gateway, shared.bootstrap()).port())) {
            Client client = Client.of(gateway, shared.bootstrap());
            String topic = client.createTopic(1);
            OutputStream out = stream.getOutputStream();
            out.write(
                    ("POST "
                                    + client.cluster()
                                    + "/topics/"
                                    + topic
                                    + "/records HTTP/1.1\r\nHost: x\r\n"
                                    + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            Awaitility.await()
                    .until(
                            () ->
                                    client.post("/topics/" + topic, JSON_RECORDS, RECORDS).status()
                                            == 429);
            Answer refused = client.post("/topics/" + topic, JSON_RECORDS, RECORDS).expect(429);
            assertThat(refused.json().get("error_code").intValue()).isEqualTo(42901);
            assertThat(refused.header("retry-after")).isEqualTo("1");
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            Awaitility.await()
                    .until(
                            () ->
                                    client.post("/topics/" + topic, JSON_RECORDS, RECORDS).status()
                                            == 200);
        }
    }

    @Test
    void refusesAReadWhenAllConsumersAreReading() {
        try (ConfigurableApplicationContext gateway =
                GatewayUnderTest.startGateway(
                        shared.bootstrap(),
                        "--fleuve.gateway.read.pool-size=1",
                        "--fleuve.gateway.read.borrow-timeout=0ms")) {
            Client client = Client.of(gateway, shared.bootstrap());
            String path = "/topics/" + client.createTopic(1) + "/partitions/0/records";
            CompletableFuture<Answer> waiting =
                    CompletableFuture.supplyAsync(() -> client.get(path + "?timeout=15000"));
            Awaitility.await().until(() -> client.get(path + "?timeout=1").status() == 503);
            Answer refused = client.get(path + "?timeout=1").expect(503);
            assertThat(refused.json().get("error_code").intValue()).isEqualTo(50301);
            assertThat(refused.header("retry-after")).isEqualTo("1");
            assertThat(waiting.join().status()).isEqualTo(200);
            client.get(path + "?timeout=1").expect(200);
        }
    }

    @Test
    void refusesBodiesAndRecordCountsBeyondTheLimit() {
        try (ConfigurableApplicationContext gateway =
                GatewayUnderTest.startGateway(
                        shared.bootstrap(),
                        "--fleuve.gateway.produce.max-request-size=2KB",
                        "--fleuve.gateway.produce.max-records-per-request=2")) {
            Client client = Client.of(gateway, shared.bootstrap());
            String path = "/topics/" + client.createTopic(1);
            client.post(
                            path,
                            JSON_RECORDS,
                            "{\"records\":[{\"value\":\"" + "x".repeat(3000) + "\"}]}")
                    .expect(413);
            client.post(path, JSON_RECORDS, "{\"records\":[{},{},{}]}").expect(413);
            client.post(path, JSON_RECORDS, "{\"records\":[{},{}]}").expect(200);
        }
    }

    @Test
    void tellsAtOnceOfATopicThatBrokersWouldNotCreate() {
        GatewayUnderTest.assumeApacheKafka();
        try (ApacheKafka kafka =
                        ApacheKafka.builder()
                                .property("auto.create.topics.enable", "false")
                                .temporary();
                ConfigurableApplicationContext gateway =
                        GatewayUnderTest.startGateway(kafka.bootstrapServers())) {
            Client client = Client.of(gateway, kafka.bootstrapServers());
            client.cluster();
            long start = System.nanoTime();
            assertThat(client.post("/topics/nope", JSON_RECORDS, RECORDS).expect(404).text())
                    .isEqualTo("{\"error_code\":40401,\"message\":\"Topic not found.\"}");
            Answer stream =
                    client.postJson(
                                    client.cluster() + "/topics/nope/records",
                                    "{\"value\":{\"type\":\"JSON\",\"data\":1}}")
                            .expect(200);
            assertThat(stream.json().get("error_code").intValue()).isEqualTo(40401);
            assertThat(System.nanoTime() - start).isLessThan(4_000_000_000L);
        }
    }
}
