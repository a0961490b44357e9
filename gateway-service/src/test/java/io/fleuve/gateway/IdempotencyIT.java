package io.fleuve.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fleuve.gateway.GatewayUnderTest.Answer;
import io.fleuve.gateway.GatewayUnderTest.Client;
import io.fleuve.gateway.idempotency.Digest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.context.ConfigurableApplicationContext;

/** Repeated requests, through two gateways in front of the same brokers. */
@ExtendWith(GatewayUnderTest.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdempotencyIT {

    private static final String JSON_RECORDS = "application/vnd.kafka.json.v2+json";
    private static final String CLAIMS = "__fleuve-gateway-claims";
    private static final String OUTCOMES = "__fleuve-gateway-outcomes";

    private final ConfigurableApplicationContext first;
    private final ConfigurableApplicationContext second;
    private final Client one;
    private final Client two;
    private final String cluster;

    IdempotencyIT(Client shared) {
        this.first = start(shared.bootstrap());
        this.second = start(shared.bootstrap());
        this.one = Client.of(first, shared.bootstrap());
        this.two = Client.of(second, shared.bootstrap());
        this.cluster = one.cluster();
    }

    private static ConfigurableApplicationContext start(String bootstrap) {
        return GatewayUnderTest.startGateway(
                bootstrap,
                "--fleuve.gateway.transactions.timeout=3s",
                "--fleuve.gateway.idempotency.take-over-after=4s");
    }

    @AfterAll
    void stop() {
        first.close();
        second.close();
    }

    private static String newKey() {
        return UUID.randomUUID().toString();
    }

    private static String record(String value) {
        return "{\"value\":{\"type\":\"STRING\",\"data\":\"%s\"}}".formatted(value);
    }

    private Answer post(Client client, String topic, String key, String value) {
        return client.post(
                cluster + "/topics/" + topic + "/records",
                "application/json",
                record(value),
                "Idempotency-Key",
                "\"" + key + "\"");
    }

    private List<String> values(String topic) {
        return CommittedRecords.values(one.bootstrap(), topic);
    }

    @Test
    void givesTheFirstAnswerAgainThroughEitherGateway() {
        String topic = one.createTopic(2);
        String key = newKey();
        Answer answer = post(one, topic, key, "x").expect(200);
        assertThat(answer.headers()).doesNotContainKey("idempotency-replayed");
        assertThat(answer.header("idempotency-expiry")).isEqualTo("3600");
        for (Client client : List.of(one, two)) {
            Answer again =
                    await().atMost(Duration.ofMinutes(1))
                            .until(() -> post(client, topic, key, "x"), a -> a.status() != 409)
                            .expect(200);
            assertThat(again.text()).isEqualTo(answer.text());
            assertThat(again.contentType()).isEqualTo(answer.contentType());
            assertThat(again.header("idempotency-replayed")).isEqualTo("true");
        }
        assertThat(values(topic)).containsExactly("x");
    }

    @Test
    void beginsAnewWhenWhatItRemembersWasDeleted() {
        String topic = one.createTopic(1);
        String id = UUID.randomUUID().toString();
        try (ConfigurableApplicationContext own =
                GatewayUnderTest.startGateway(
                        one.bootstrap(),
                        "--fleuve.gateway.produce.delivery-timeout=3s",
                        "--fleuve.gateway.produce.request-timeout=1s",
                        "--fleuve.gateway.idempotency.claims-topic=claims-" + id,
                        "--fleuve.gateway.idempotency.outcomes-topic=outcomes-" + id)) {
            Client client = Client.of(own, one.bootstrap());
            post(client, topic, newKey(), "x").expect(200);
            client.delete(cluster + "/topics/claims-" + id).expect(204);
            String key =
                    await().atMost(Duration.ofMinutes(2))
                            .until(
                                    IdempotencyIT::newKey,
                                    tried -> post(client, topic, tried, "y").status() == 200);
            Answer again = post(client, topic, key, "y").expect(200);
            assertThat(again.header("idempotency-replayed")).isEqualTo("true");
        }
    }

    @Test
    void replaysBatchesAndV2WithTheirOwnStatusAndType() {
        String topic = one.createTopic(1);
        String batchPath = cluster + "/topics/" + topic + "/records:batch";
        String batch =
                """
                {"entries":[{"id":"a","value":{"type":"STRING","data":"1"}},
                 {"id":"b","value":{"type":"BINARY","data":"***"}}]}""";
        String batchKey = newKey();
        Answer first = one.post(batchPath, "application/json", batch, "Idempotency-Key", batchKey);
        first.expect(207);
        assertThat(first.json().at("/successes/0/id").stringValue()).isEqualTo("a");
        assertThat(first.json().at("/failures/0/id").stringValue()).isEqualTo("b");
        Answer second = one.post(batchPath, "application/json", batch, "Idempotency-Key", batchKey);
        assertThat(second.expect(207).text()).isEqualTo(first.text());
        assertThat(second.header("idempotency-replayed")).isEqualTo("true");

        String v2Key = newKey();
        String v2 = "{\"records\":[{\"value\":2},{\"value\":3}]}";
        Answer v2First = one.post("/topics/" + topic, JSON_RECORDS, v2, "Idempotency-Key", v2Key);
        assertThat(v2First.expect(200).contentType()).startsWith("application/vnd.kafka.v2+json");
        Answer v2Again = one.post("/topics/" + topic, JSON_RECORDS, v2, "Idempotency-Key", v2Key);
        assertThat(v2Again.expect(200).text()).isEqualTo(v2First.text());
        assertThat(v2Again.contentType()).isEqualTo(v2First.contentType());
        assertThat(values(topic)).containsExactly("1", "2", "3");
    }

    @Test
    void refusesAnotherBodyOrPathUnderTheSameKey() {
        String topic = one.createTopic(1);
        String key = newKey();
        post(one, topic, key, "x").expect(200);
        Answer body = post(one, topic, key, "y").expect(422);
        assertThat(body.json().get("error_code").intValue()).isEqualTo(42210);
        post(one, one.createTopic(1), key, "x").expect(422);
        assertThat(values(topic)).containsExactly("x");
    }

    @Test
    void refusesMalformedKeysAndBodiesThatAreTooLarge() {
        String topic = one.createTopic(1);
        String path = cluster + "/topics/" + topic + "/records";
        Answer malformed =
                one.post(path, "application/json", record("x"), "Idempotency-Key", "a b")
                        .expect(400);
        assertThat(malformed.json().get("error_code").intValue()).isEqualTo(40010);
        one.post(path, "application/json", "", "Idempotency-Key", newKey()).expect(422);
        try (ConfigurableApplicationContext small =
                GatewayUnderTest.startGateway(
                        one.bootstrap(), "--fleuve.gateway.produce.max-request-size=2KB")) {
            Client.of(small, one.bootstrap())
                    .post(
                            path,
                            "application/json",
                            record("x").repeat(100),
                            "Idempotency-Key",
                            newKey())
                    .expect(413);
        }
        assertThat(values(topic)).isEmpty();
    }

    @Test
    void remembersNothingOfARequestThatWroteNothing() {
        String topic = "late-" + UUID.randomUUID();
        String key = newKey();
        String tooLarge =
                "{\"topic_name\":\"%s\",\"partitions_count\":1,\"configs\":[{\"name\":\"max.message.bytes\",\"value\":\"%d\"}]}";
        one.postJson(cluster + "/topics", tooLarge.formatted(topic, 500)).expect(201);
        String value = "x".repeat(1000);
        Answer refused = post(one, topic, key, value).expect(200);
        assertThat(refused.json().get("error_code").intValue()).isEqualTo(413);
        Answer again =
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> post(one, topic, key, value), a -> a.status() != 409)
                        .expect(200);
        assertThat(again.headers()).doesNotContainKey("idempotency-replayed");
        assertThat(again.json().get("error_code").intValue()).isEqualTo(413);
        // The key is free, even for another body.
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> post(one, topic, key, "small").expect(200));
        assertThat(values(topic)).containsExactly("small");
    }

    @Test
    void writesWhatTwoGatewaysAreToldAtTheSameTimeOnce() {
        String topic = one.createTopic(3);
        List<String> expected = new ArrayList<>();
        for (int round = 0; round < 60; round++) {
            String key = newKey();
            String value = "v" + round;
            expected.add(value);
            List<CompletableFuture<Answer>> racing =
                    List.of(one, two, one, two).stream()
                            .map(
                                    c ->
                                            CompletableFuture.supplyAsync(
                                                    () -> post(c, topic, key, value)))
                            .toList();
            List<Answer> answers = racing.stream().map(CompletableFuture::join).toList();
            assertThat(answers).allMatch(a -> a.status() == 200 || a.status() == 409);
            assertThat(answers).anyMatch(a -> a.status() == 200);
            assertThat(answers.stream().filter(a -> a.status() == 200).map(Answer::text).distinct())
                    .hasSize(1);
            assertThat(
                            answers.stream()
                                    .filter(a -> a.status() == 200)
                                    .filter(a -> !a.headers().containsKey("idempotency-replayed")))
                    .hasSize(1);
        }
        assertThat(values(topic)).containsExactlyInAnyOrderElementsOf(expected);
    }

    /** What a gateway that dies leaves behind, written by hand. */
    private final class DeadGateway implements AutoCloseable {
        private final String transactionalId = "dead-" + UUID.randomUUID();
        private final KafkaProducer<String, String> transactions;
        private final KafkaProducer<String, String> claims;
        private final Digest key;
        private final int partition;

        DeadGateway(String key) {
            this.key = Digest.of("", key);
            this.claims = producer(Map.of());
            this.transactions =
                    producer(
                            Map.of(
                                    "transactional.id",
                                    transactionalId,
                                    "transaction.timeout.ms",
                                    60_000));
            this.partition = Math.floorMod(this.key.low(), claims.partitionsFor(CLAIMS).size());
            transactions.initTransactions();
        }

        private KafkaProducer<String, String> producer(Map<String, Object> more) {
            Map<String, Object> config = new java.util.HashMap<>(more);
            config.put("bootstrap.servers", one.bootstrap());
            return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
        }

        long claim(String path, String body) throws ExecutionException, InterruptedException {
            Digest fingerprint =
                    Digest.of(
                            "POST".getBytes(UTF_8),
                            path.getBytes(UTF_8),
                            "application/json".getBytes(UTF_8),
                            body.getBytes(UTF_8));
            return claims.send(
                            new ProducerRecord<>(
                                    CLAIMS,
                                    partition,
                                    key.toString(),
                                    """
                                    {"kind":"claim","supersedes":-1,"fingerprint":"%s","transactional_id":"%s"}"""
                                            .formatted(fingerprint, transactionalId)))
                    .get()
                    .offset();
        }

        void write(String topic, String value, long claim) {
            transactions.beginTransaction();
            var _ = transactions.send(new ProducerRecord<>(topic, 0, null, value));
            ProducerRecord<String, String> outcome =
                    new ProducerRecord<>(
                            OUTCOMES, partition, key.toString(), "{\"from\":\"the dead\"}");
            outcome.headers()
                    .add(
                            new RecordHeader(
                                    "reply",
                                    "{\"claim\":%d,\"status\":200,\"headers\":{}}"
                                            .formatted(claim)
                                            .getBytes(UTF_8)));
            var _ = transactions.send(outcome);
            transactions.flush();
        }

        void commit() {
            transactions.commitTransaction();
        }

        @Override
        public void close() {
            transactions.close(Duration.ZERO);
            claims.close();
        }
    }

    @Test
    void takesOverFromAGatewayThatDiedInItsTransaction() throws Exception {
        String topic = one.createTopic(1);
        // Makes sure of the topics.
        post(one, topic, newKey(), "before").expect(200);
        String key = newKey();
        try (DeadGateway dead = new DeadGateway(key)) {
            long claim = dead.claim(cluster + "/topics/" + topic + "/records", record("x"));
            dead.write(topic, "x", claim);
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> post(two, topic, key, "y").status() == 422);
            assertThat(post(two, topic, key, "x").expect(409).header("retry-after")).isEqualTo("1");
            Answer taken =
                    await().atMost(Duration.ofMinutes(2))
                            .pollInterval(Duration.ofMillis(200))
                            .until(() -> post(two, topic, key, "x"), a -> a.status() != 409)
                            .expect(200);
            assertThat(taken.headers()).doesNotContainKey("idempotency-replayed");
            assertThatThrownBy(dead::commit)
                    .isInstanceOfAny(
                            ProducerFencedException.class, InvalidProducerEpochException.class);
            Answer again =
                    await().atMost(Duration.ofMinutes(1))
                            .until(() -> post(one, topic, key, "x"), a -> a.status() != 409);
            assertThat(again.expect(200).text()).isEqualTo(taken.text());
        }
        assertThat(values(topic)).containsExactly("before", "x");
    }

    @Test
    void answersForAGatewayThatDiedAfterItsCommit() throws Exception {
        String topic = one.createTopic(1);
        post(one, topic, newKey(), "before").expect(200);
        String key = newKey();
        try (DeadGateway dead = new DeadGateway(key)) {
            long claim = dead.claim(cluster + "/topics/" + topic + "/records", record("x"));
            dead.write(topic, "x", claim);
            dead.commit();
        }
        Answer answer =
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> post(two, topic, key, "x"), a -> a.status() != 409)
                        .expect(200);
        assertThat(answer.text()).isEqualTo("{\"from\":\"the dead\"}");
        assertThat(answer.header("idempotency-replayed")).isEqualTo("true");
        assertThat(values(topic)).containsExactly("before", "x");
    }

    @Test
    void goesOnWhenItsOwnProducersAreFenced() throws Exception {
        String topic = one.createTopic(1);
        List<String> expected = new ArrayList<>();
        Set<String> fenced = new HashSet<>();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", one.bootstrap()))) {
            for (int round = 0; round < 5; round++) {
                String value = "v" + round;
                expected.add(value);
                post(one, topic, newKey(), value).expect(200);
                List<String> ids =
                        admin.listTransactions().all().get().stream()
                                .map(listing -> listing.transactionalId())
                                .filter(id -> id.startsWith("fleuve-gateway-") && fenced.add(id))
                                .toList();
                admin.fenceProducers(ids).all().get();
            }
        }
        String last = "last";
        expected.add(last);
        post(one, topic, newKey(), last).expect(200);
        assertThat(values(topic)).containsExactlyElementsOf(expected);
    }

    @Test
    void knowsTheKeysOfBeforeItsStart() {
        String topic = one.createTopic(1);
        String key = newKey();
        Answer answer = post(one, topic, key, "x").expect(200);
        try (ConfigurableApplicationContext later = start(one.bootstrap())) {
            Answer again = post(Client.of(later, one.bootstrap()), topic, key, "x").expect(200);
            assertThat(again.text()).isEqualTo(answer.text());
            assertThat(again.header("idempotency-replayed")).isEqualTo("true");
        }
        assertThat(values(topic)).containsExactly("x");
    }

    @Test
    void forgetsAKeyAfterItsExpiryAndRefusesMoreKeysThanItMayRemember() {
        String topic = one.createTopic(1);
        String names = UUID.randomUUID().toString();
        try (ConfigurableApplicationContext other =
                GatewayUnderTest.startGateway(
                        one.bootstrap(),
                        "--fleuve.gateway.transactions.timeout=3s",
                        "--fleuve.gateway.idempotency.take-over-after=4s",
                        "--fleuve.gateway.idempotency.expiry=8s",
                        "--fleuve.gateway.idempotency.max-keys=2",
                        "--fleuve.gateway.idempotency.partitions=1",
                        "--fleuve.gateway.idempotency.claims-topic=claims-" + names,
                        "--fleuve.gateway.idempotency.outcomes-topic=outcomes-" + names)) {
            Client client = Client.of(other, one.bootstrap());
            String key = newKey();
            Answer first = post(client, topic, key, "x").expect(200);
            assertThat(first.header("idempotency-expiry")).isEqualTo("8");
            post(client, topic, key, "y").expect(422);
            await().atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(500))
                    .untilAsserted(() -> post(client, topic, key, "y").expect(200));
            assertThat(values(topic)).containsExactly("x", "y");

            post(client, topic, newKey(), "z").expect(200);
            assertThat(client.get("/actuator/prometheus").expect(200).text())
                    .containsPattern("(?m)^fleuve_gateway_idempotency_keys(\\{.*})? 2\\.0$");
            Answer full = post(client, topic, newKey(), "too many").expect(503);
            assertThat(full.json().get("error_code").intValue()).isEqualTo(50310);
            assertThat(full.header("retry-after")).isEqualTo("30");
            assertThat(values(topic)).containsExactly("x", "y", "z");
        }
    }
}
