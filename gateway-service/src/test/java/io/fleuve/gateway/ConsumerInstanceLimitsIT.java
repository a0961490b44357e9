package io.fleuve.gateway;

import static io.fleuve.gateway.InstanceClient.JSON;
import static io.fleuve.gateway.InstanceClient.partitions;
import static io.fleuve.gateway.InstanceClient.produce;
import static io.fleuve.gateway.InstanceClient.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fleuve.gateway.GatewayUnderTest.Answer;
import io.fleuve.gateway.GatewayUnderTest.Client;
import io.fleuve.kafkapeer.ApacheKafka;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.context.ConfigurableApplicationContext;

/** What consumer instances refuse, how many there may be, and what ends them. */
@ExtendWith(GatewayUnderTest.class)
class ConsumerInstanceLimitsIT {

    private static final String EARLIEST = "\"auto.offset.reset\":\"earliest\"";
    private static final String JSON_FORMAT = "\"format\":\"json\"";
    private static final String NO_AUTO_COMMIT = "\"auto.commit.enable\":\"false\"";

    private final Client client;
    private final String group = "g-" + UUID.randomUUID();

    ConsumerInstanceLimitsIT(Client client) {
        this.client = client;
    }

    @Test
    void refusesWhatNoInstanceCanBeMadeOf() {
        String path = "/consumers/" + group;
        refused(path, "{\"format\":\"xml\"}", 422, 422, "Invalid format type.");
        refused(
                path,
                "{\"format\":\"avro\"}",
                422,
                42204,
                "Invalid consumer configuration: Missing required configuration"
                        + " \"schema.registry.url\" which has no default value.");
        refused(
                path,
                "{\"fetch.min.bytes\":-2}",
                422,
                40001,
                "Invalid consumer configuration. It does not abide by the constraints: Invalid value"
                        + " -2 for configuration fetch.min.bytes: Value must be at least -1");
        for (String body :
                List.of(
                        "{\"auto.offset.reset\":\"bogus\"}",
                        "{\"isolation.level\":\"bogus\"}",
                        "{\"auto.commit.enable\":\"maybe\"}",
                        "{\"name\":\"a/b\"}",
                        "{\"consumer.request.timeout.ms\":-1}")) {
            Answer answer = client.post(path, JSON, body).expect(422);
            assertThat(answer.json().get("error_code").intValue()).as(body).isEqualTo(42204);
            assertThat(answer.text()).contains("Invalid consumer configuration: ");
        }
        client.post(path, JSON, "{\"nome\":1}").expect(400);
        client.post(path, JSON, "[]").expect(400);
        client.post(path, JSON, "{").expect(400);
        client.post(path, "text/plain", "{}").expect(415);
        client.get(path).expect(405);
        client.post(path, JSON, "").expect(200);
    }

    private void refused(String path, String body, int status, int code, String message) {
        Answer answer = client.post(path, JSON, body).expect(status);
        assertThat(answer.json().get("error_code").intValue()).isEqualTo(code);
        assertThat(answer.json().get("message").stringValue()).isEqualTo(message);
    }

    @Test
    void refusesWhatTheStateOfAnInstanceForbids() {
        String topic = client.createTopic(1);
        InstanceClient instance = InstanceClient.create(client, group, EARLIEST);
        assertThat(
                        client.post(
                                        "/consumers/" + group,
                                        JSON,
                                        "{\"name\":\"" + instance.name() + "\"}")
                                .expect(409)
                                .text())
                .isEqualTo(
                        "{\"error_code\":40902,\"message\":\"Consumer with specified consumer ID"
                                + " already exists in the specified consumer group.\"}");
        assertThat(instance.get("/records").expect(409).text())
                .isEqualTo(
                        "{\"error_code\":40903,\"message\":\"Illegal state: Consumer is not subscribed"
                                + " to any topics or assigned any partitions\"}");
        assertThat(instance.post("/positions/end", partitions(topic, 0)).expect(409).text())
                .isEqualTo(
                        "{\"error_code\":40903,\"message\":\"Illegal state: No current assignment for"
                                + " partition "
                                + topic
                                + "-0\"}");
        assertThat(instance.get("/offsets").expect(404).text())
                .isEqualTo("{\"error_code\":40402,\"message\":\"Partition not found.\"}");
        instance.subscribe(topic);
        assertThat(instance.post("/assignments", partitions(topic, 0)).expect(409).text())
                .isEqualTo(
                        "{\"error_code\":40903,\"message\":\"Illegal state: Subscription to topics,"
                                + " partitions and pattern are mutually exclusive\"}");
        instance.post("/assignments", "").expect(422);
        instance.post("/assignments", "{}").expect(422);
        instance.post("/assignments", "{\"partitions\":[{\"topic\":\"\",\"partition\":0}]}")
                .expect(422);
        instance.post("/assignments", "{\"partitions\":[{\"topic\":\"t\",\"partition\":-1}]}")
                .expect(422);
        instance.post("/offsets", "{\"offsets\":[{\"topic\":\"t\",\"partition\":0}]}").expect(422);
        instance.post("/positions", "{\"offsets\":{}}").expect(400);
        instance.get("/records?timeout=soon").expect(400);
        client.delete("/consumers/" + group + "/instances/nobody").expect(404);
    }

    @Test
    void letsOthersInWhileOneWaitsForRecords() {
        String topic = client.createTopic(1);
        InstanceClient instance =
                InstanceClient.create(
                                client,
                                group,
                                JSON_FORMAT,
                                EARLIEST,
                                "\"consumer.request.timeout.ms\":60000",
                                "\"fetch.min.bytes\":1")
                        .subscribe(topic);
        instance.get("/records?timeout=100").expect(200);
        CompletableFuture<Answer> waiting =
                CompletableFuture.supplyAsync(() -> instance.get("/records"));
        for (int ignored : IntStream.range(0, 5).toArray()) {
            instance.get("/assignments").expect(200);
        }
        assertThat(waiting).isNotDone();
        produce(client, topic, 0, 7, 1);
        assertThat(waiting.join().expect(200).json().at("/0/value").intValue()).isEqualTo(7);
    }

    @Test
    void boundsTheirNumberAndEndsThoseThatNobodyUses() {
        try (ConfigurableApplicationContext context =
                GatewayUnderTest.startGateway(
                        client.bootstrap(),
                        "--fleuve.gateway.consumers.topic=instances-" + UUID.randomUUID(),
                        "--fleuve.gateway.consumers.max-instances=1",
                        "--fleuve.gateway.consumers.instance-timeout=3s")) {
            Client narrow = Client.of(context, client.bootstrap());
            InstanceClient only = InstanceClient.create(narrow, group);
            Answer refused = narrow.post("/consumers/" + group, JSON, "{}").expect(429);
            assertThat(refused.json().get("error_code").intValue()).isEqualTo(42901);
            assertThat(refused.header("retry-after")).isEqualTo("1");
            assertThat(metric(narrow, "fleuve_gateway_consumers_open")).isEqualTo(1);

            await().atMost(Duration.ofSeconds(60))
                    .until(() -> metric(narrow, "fleuve_gateway_consumers_expired_total") == 1);

            only.get("/assignments").expect(404);
            await().until(() -> narrow.post("/consumers/" + group, JSON, "{}").status() == 200);
        }
    }

    @Test
    void answersInBoundedTimeWithoutBrokersAndGoesOnWhenTheyAreBack() {
        GatewayUnderTest.assumeApacheKafka();
        try (ApacheKafka kafka = ApacheKafka.temporary();
                ConfigurableApplicationContext context =
                        GatewayUnderTest.startGateway(
                                kafka.bootstrapServers(),
                                "--fleuve.gateway.admin-timeout=2s",
                                "--fleuve.gateway.consumers.api-timeout=2s")) {
            Client own = Client.of(context, kafka.bootstrapServers());
            String topic = own.createTopic(1);
            produce(own, topic, 0, 0, 2);
            InstanceClient instance =
                    InstanceClient.create(own, group, JSON_FORMAT, EARLIEST, NO_AUTO_COMMIT)
                            .subscribe(topic);
            instance.read(2);

            kafka.kill();

            retriable(own.post("/consumers/" + group, JSON, "{}"));
            retriable(own.get("/consumers/" + group + "/instances/nobody/subscription"));
            retriable(instance.post("/offsets", ""));
            assertThat(instance.get("/records?timeout=100").expect(200).text()).isEqualTo("[]");

            kafka.restart();

            // A member that the group has given up meanwhile is delivered again what it had not
            // committed.
            await().atMost(Duration.ofSeconds(90))
                    .ignoreExceptions()
                    .until(() -> isCommittedUpTo(2, instance, topic));
            produce(own, topic, 0, 2, 1);
            assertThat(values(instance.read(1))).containsExactly(2);
            await().atMost(Duration.ofSeconds(90))
                    .until(() -> own.post("/consumers/" + group, JSON, "{}").status() == 200);
        }
    }

    private static boolean isCommittedUpTo(long end, InstanceClient instance, String topic) {
        instance.post("/offsets", "").expect(200);
        if (instance.committed(topic, 0) == end) {
            return true;
        }
        instance.get("/records?timeout=500").expect(200);
        return false;
    }

    private static void retriable(Answer answer) {
        assertThat(answer.expect(500).json().get("error_code").intValue()).isEqualTo(50003);
        assertThat(answer.headers()).containsKey("retry-after");
    }

    static double metric(Client client, String name) {
        return client.get("/actuator/prometheus")
                .expect(200)
                .text()
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
