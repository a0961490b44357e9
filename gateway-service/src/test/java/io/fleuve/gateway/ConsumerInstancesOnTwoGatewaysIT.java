package io.fleuve.gateway;

import static io.fleuve.gateway.ConsumerInstanceLimitsIT.metric;
import static io.fleuve.gateway.InstanceClient.JSON;
import static io.fleuve.gateway.InstanceClient.partitions;
import static io.fleuve.gateway.InstanceClient.produce;
import static io.fleuve.gateway.InstanceClient.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fleuve.gateway.GatewayUnderTest.Answer;
import io.fleuve.gateway.GatewayUnderTest.Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** Consumer instances through any gateway, and through the death of the one that runs them. */
@ExtendWith(GatewayUnderTest.class)
class ConsumerInstancesOnTwoGatewaysIT {

    private static final String TAKEOVERS = "fleuve_gateway_consumers_takeovers_total";
    private static final String[] MANUAL = {
        "\"auto.offset.reset\":\"earliest\"",
        "\"format\":\"json\"",
        "\"auto.commit.enable\":\"false\""
    };
    private static final String[] AUTOMATIC = {
        "\"auto.offset.reset\":\"earliest\"", "\"format\":\"json\""
    };

    private final Client shared;
    private final String group = "g-" + UUID.randomUUID();
    private final String instances =
            "--fleuve.gateway.consumers.topic=instances-" + UUID.randomUUID();

    ConsumerInstancesOnTwoGatewaysIT(Client shared) {
        this.shared = shared;
    }

    @Test
    void servesEveryCallOnEveryGateway() {
        String topic = shared.createTopic(1);
        produce(shared, topic, 0, 0, 4);
        try (ConfigurableApplicationContext a = gateway();
                ConfigurableApplicationContext b = gateway()) {
            InstanceClient onA = InstanceClient.create(client(a), group, MANUAL);
            InstanceClient onB = onA.through(client(b));
            onB.subscribe(topic);
            assertThat(values(onB.read(4))).containsExactly(0, 1, 2, 3);
            assertThat(onA.get("/assignments").text()).isEqualTo(partitions(topic, 0));
            assertThat(onB.get("/assignments").text()).isEqualTo(partitions(topic, 0));
            Answer subscription = onB.get("/subscription").expect(200);
            assertThat(subscription.text()).isEqualTo("{\"topics\":[\"" + topic + "\"]}");
            assertThat(subscription.contentType()).isEqualTo(JSON);
            assertThat(onB.post("/offsets", "").expect(200).text()).isEqualTo("[]");
            assertThat(onB.committed(topic, 0)).isEqualTo(4);
            onB.post("/positions/beginning", partitions(topic, 0)).expect(204);
            assertThat(values(onA.read(4))).hasSize(4);
            onB.post("/positions/end", partitions(topic, 0)).expect(204);
            onB.post(
                            "/positions",
                            "{\"offsets\":[{\"topic\":\"%s\",\"partition\":0,\"offset\":3}]}"
                                    .formatted(topic))
                    .expect(204);
            assertThat(values(onB.read(1))).containsExactly(3);

            // Failures come through as they are, too.
            assertThat(onB.post("/assignments", partitions(topic, 0)).expect(409).text())
                    .contains("40903");
            assertThat(
                            onB.get("/records", "Accept", "application/vnd.kafka.binary.v2+json")
                                    .expect(406)
                                    .text())
                    .contains("40601");
            client(b)
                    .post("/consumers/" + group, JSON, "{\"name\":\"" + onA.name() + "\"}")
                    .expect(409);

            onB.delete("/subscription").expect(204);
            onB.delete("").expect(204);
            onA.get("/assignments").expect(404);
            onB.get("/assignments").expect(404);
            assertThat(metric(client(b), "fleuve_gateway_consumers_forwarded_total"))
                    .isGreaterThan(10);
            assertThat(metric(client(b), TAKEOVERS)).isZero();
            assertThat(metric(client(a), "fleuve_gateway_consumers_open")).isZero();
        }
    }

    @Test
    void goesOnFromTheCommittedPositionWhenTheOwnerIsKilled() {
        String topic = shared.createTopic(1);
        produce(shared, topic, 0, 0, 10);
        try (GatewayProcess a = GatewayProcess.start(shared.bootstrap(), instances);
                ConfigurableApplicationContext b = gateway()) {
            InstanceClient onB =
                    InstanceClient.create(a.client(), group, MANUAL)
                            .subscribe(topic)
                            .through(client(b));
            assertThat(values(onB.read(6, "&max_bytes=6"))).containsExactly(0, 1, 2, 3, 4, 5);
            onB.post("/offsets", "").expect(200);
            assertThat(values(onB.read(2, "&max_bytes=2"))).containsExactly(6, 7);

            a.kill();

            // Nothing committed comes again; nothing that was not is lost.
            assertThat(values(onB.read(4))).containsExactly(6, 7, 8, 9);
            onB.post("/offsets", "").expect(200);
            assertThat(onB.committed(topic, 0)).isEqualTo(10);
            produce(shared, topic, 0, 10, 1);
            assertThat(values(onB.read(1))).containsExactly(10);
            assertThat(metric(client(b), TAKEOVERS)).isEqualTo(1);
            onB.delete("").expect(204);
        }
    }

    @Test
    void keepsAnAssignmentMadeByHandWhenTheOwnerIsKilled() {
        String topic = shared.createTopic(2);
        produce(shared, topic, 1, 0, 3);
        try (GatewayProcess a = GatewayProcess.start(shared.bootstrap(), instances);
                ConfigurableApplicationContext b = gateway()) {
            InstanceClient onA = InstanceClient.create(a.client(), group, MANUAL);
            onA.post("/assignments", partitions(topic, 1)).expect(204);
            assertThat(values(onA.read(3))).hasSize(3);
            onA.post(
                            "/offsets",
                            "{\"offsets\":[{\"topic\":\"%s\",\"partition\":1,\"offset\":0}]}"
                                    .formatted(topic))
                    .expect(200);

            a.kill();

            InstanceClient onB = onA.through(client(b));
            assertThat(onB.get("/assignments").expect(200).text()).isEqualTo(partitions(topic, 1));
            assertThat(values(onB.read(2))).containsExactly(1, 2);
        }
    }

    @Test
    void goesOnThroughAGatewayThatComesBackAtTheSameAddress() {
        String topic = shared.createTopic(1);
        produce(shared, topic, 0, 0, 3);
        try (GatewayProcess first = GatewayProcess.start(shared.bootstrap(), instances)) {
            InstanceClient instance =
                    InstanceClient.create(first.client(), group, MANUAL).subscribe(topic);
            assertThat(values(instance.read(1, "&max_bytes=1"))).containsExactly(0);
            instance.post("/offsets", "").expect(200);
            first.kill();
            try (GatewayProcess second = first.successor()) {
                assertThat(values(instance.through(second.client()).read(2))).containsExactly(1, 2);
            }
        }
    }

    @Test
    void losesNothingThatWasNotConfirmedWhenCommitsAreAutomatic() {
        String topic = shared.createTopic(1);
        produce(shared, topic, 0, 0, 6);
        try (GatewayProcess a =
                        GatewayProcess.start(
                                shared.bootstrap(),
                                instances,
                                "--fleuve.gateway.consumers.auto-commit-interval=1ms");
                ConfigurableApplicationContext b = gateway()) {
            InstanceClient onB =
                    InstanceClient.create(a.client(), group, AUTOMATIC)
                            .subscribe(topic)
                            .through(client(b));
            assertThat(values(onB.read(2, "&max_bytes=2"))).containsExactly(0, 1);
            assertThat(values(onB.read(2, "&max_bytes=2"))).containsExactly(2, 3);
            await().atMost(Duration.ofSeconds(60)).until(() -> onB.committed(topic, 0) == 2);

            a.kill();

            assertThat(values(onB.read(4))).containsExactly(2, 3, 4, 5);
        }
    }

    @Test
    void handsInstancesOverWhenAGatewayShutsDown() {
        String topic = shared.createTopic(1);
        produce(shared, topic, 0, 0, 5);
        try (ConfigurableApplicationContext b = gateway()) {
            InstanceClient onB;
            try (ConfigurableApplicationContext a = gateway()) {
                onB =
                        InstanceClient.create(client(a), group, MANUAL)
                                .subscribe(topic)
                                .through(client(b));
                assertThat(values(onB.read(2, "&max_bytes=2"))).containsExactly(0, 1);
                onB.post("/offsets", "").expect(200);
            }
            assertThat(values(onB.read(3))).containsExactly(2, 3, 4);
            assertThat(metric(client(b), TAKEOVERS)).isEqualTo(1);
            onB.delete("").expect(204);
        }
    }

    @Test
    void letsOneGatewayAloneTakeAnInstanceOver() {
        String topic = shared.createTopic(1);
        produce(shared, topic, 0, 0, 3);
        try (GatewayProcess a = GatewayProcess.start(shared.bootstrap(), instances);
                ConfigurableApplicationContext b = gateway();
                ConfigurableApplicationContext c = gateway()) {
            List<InstanceClient> made = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                made.add(InstanceClient.create(a.client(), group + i, MANUAL).subscribe(topic));
            }
            a.kill();
            List<CompletableFuture<Answer>> answers =
                    made.stream()
                            .flatMap(
                                    instance ->
                                            IntStream.range(0, 4)
                                                    .mapToObj(
                                                            i ->
                                                                    instance.through(
                                                                            client(
                                                                                    i % 2 == 0
                                                                                            ? b
                                                                                            : c))))
                            .map(
                                    instance ->
                                            CompletableFuture.supplyAsync(
                                                    () -> instance.get("/subscription")))
                            .toList();
            for (CompletableFuture<Answer> answer : answers) {
                assertThat(answer.join().expect(200).text()).contains(topic);
            }
            assertThat(metric(client(b), TAKEOVERS) + metric(client(c), TAKEOVERS))
                    .isGreaterThanOrEqualTo(6);
            await().atMost(Duration.ofSeconds(60))
                    .until(
                            () ->
                                    metric(client(b), "fleuve_gateway_consumers_open")
                                                    + metric(
                                                            client(c),
                                                            "fleuve_gateway_consumers_open")
                                            == 6);
            for (InstanceClient instance : made) {
                assertThat(values(instance.through(client(c)).read(3))).containsExactly(0, 1, 2);
            }
        }
    }

    @Test
    void replacesAnOwnerThatOnlySeemedDead() {
        String topic = shared.createTopic(1);
        produce(shared, topic, 0, 0, 6);
        try (GatewayProcess a = GatewayProcess.start(shared.bootstrap(), instances);
                ConfigurableApplicationContext b =
                        gateway("--fleuve.gateway.consumers.hop-timeout=2s")) {
            InstanceClient onA = InstanceClient.create(a.client(), group, MANUAL).subscribe(topic);
            assertThat(values(onA.read(2, "&max_bytes=2"))).containsExactly(0, 1);
            onA.post("/offsets", "").expect(200);
            assertThat(values(onA.read(1, "&max_bytes=1"))).containsExactly(2);
            InstanceClient onB = onA.through(client(b));

            a.signal("STOP");
            List<JsonNode> records;
            try {
                records = onB.read(4);
                assertThat(values(records)).containsExactly(2, 3, 4, 5);
                onB.post("/offsets", "").expect(200);
            } finally {
                a.signal("CONT");
            }

            // The old owner knows by now, or learns, that the instance is run elsewhere.
            produce(shared, topic, 0, 6, 1);
            assertThat(values(onA.read(1))).containsExactly(6);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> metric(a.client(), "fleuve_gateway_consumers_open") == 0);
            assertThat(onB.committed(topic, 0)).isEqualTo(6);
        }
    }

    @Test
    void removesInstancesOfDeadGatewaysThatNobodyUses() {
        String timeout = "--fleuve.gateway.consumers.instance-timeout=3s";
        try (GatewayProcess a = GatewayProcess.start(shared.bootstrap(), instances, timeout);
                ConfigurableApplicationContext b = gateway(timeout)) {
            InstanceClient onB =
                    InstanceClient.create(a.client(), group, MANUAL).through(client(b));
            // The view of the other gateway begins with its first request.
            client(b).get("/consumers/" + group + "/instances/nobody/subscription").expect(404);
            assertThat(metric(client(b), "fleuve_gateway_consumers_known")).isEqualTo(1);
            a.kill();

            await().atMost(Duration.ofSeconds(60))
                    .until(() -> metric(client(b), "fleuve_gateway_consumers_known") == 0);

            onB.get("/subscription").expect(404);
        }
    }

    private ConfigurableApplicationContext gateway(String... more) {
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.add(instances);
        return GatewayUnderTest.startGateway(shared.bootstrap(), arguments.toArray(String[]::new));
    }

    private Client client(ConfigurableApplicationContext gateway) {
        return Client.of(gateway, shared.bootstrap());
    }
}
