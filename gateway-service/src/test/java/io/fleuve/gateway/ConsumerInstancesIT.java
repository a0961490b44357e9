package io.fleuve.gateway;

import static io.fleuve.gateway.InstanceClient.JSON;
import static io.fleuve.gateway.InstanceClient.JSON_RECORDS;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** Consumer instances through one gateway. */
@ExtendWith(GatewayUnderTest.class)
class ConsumerInstancesIT {

    private static final String BINARY_RECORDS = "application/vnd.kafka.binary.v2+json";
    private static final String TEXT_RECORDS = "application/vnd.kafka.text.v2+json";
    private static final String EARLIEST = "\"auto.offset.reset\":\"earliest\"";
    private static final String JSON_FORMAT = "\"format\":\"json\"";
    private static final String NO_AUTO_COMMIT = "\"auto.commit.enable\":\"false\"";
    private static final String SPEAKS_STRIMZI = "\"enable.auto.commit\":false";

    private final Client client;
    private final String group = "g-" + UUID.randomUUID();

    ConsumerInstancesIT(Client client) {
        this.client = client;
    }

    @Test
    void goesThroughAnInstancesWholeLife() {
        String topic = client.createTopic(1);
        produce(client, topic, 0, 0, 2);
        Answer created =
                client.post(
                                "/consumers/" + group,
                                JSON,
                                "{\"name\":\"c 1\",\"format\":\"json\",\"auto.offset.reset\":\"earliest\"}")
                        .expect(200);
        assertThat(created.contentType()).isEqualTo(JSON);
        assertThat(created.text())
                .isEqualTo(
                        "{\"instance_id\":\"c 1\",\"base_uri\":\"%s/consumers/%s/instances/c%%201\"}"
                                .formatted(client.baseUrl(), group));
        InstanceClient instance = new InstanceClient(client, group, "c%201");
        assertThat(instance.get("/subscription").expect(200).text()).isEqualTo("{\"topics\":[]}");
        assertThat(instance.get("/assignments").expect(200).text())
                .isEqualTo("{\"partitions\":[]}");

        Answer subscribed =
                instance.post("/subscription", "{\"topics\":[\"" + topic + "\"]}").expect(204);
        assertThat(subscribed.text()).isEmpty();
        List<JsonNode> records = instance.read(2);
        assertThat(records.getFirst().toString())
                .isEqualTo(
                        "{\"topic\":\"%s\",\"key\":null,\"value\":0,\"partition\":0,\"offset\":0}"
                                .formatted(topic));
        assertThat(instance.get("/subscription").expect(200).text())
                .isEqualTo("{\"topics\":[\"" + topic + "\"]}");
        assertThat(instance.get("/assignments").expect(200).text()).isEqualTo(partitions(topic, 0));

        instance.delete("/subscription").expect(204);
        assertThat(instance.get("/subscription").expect(200).text()).isEqualTo("{\"topics\":[]}");
        instance.delete("").expect(204);
        assertThat(instance.get("/records").expect(404).text())
                .isEqualTo("{\"error_code\":40403,\"message\":\"Consumer instance not found.\"}");
        instance.delete("").expect(404);
    }

    @Test
    void commitsBehindTheOffsetsThatAreNamed() {
        String topic = client.createTopic(1);
        produce(client, topic, 0, 0, 5);
        InstanceClient instance =
                InstanceClient.create(client, group, JSON_FORMAT, EARLIEST, NO_AUTO_COMMIT)
                        .subscribe(topic);
        instance.read(5);
        assertThat(instance.committed(topic, 0)).isEqualTo(-1);

        Answer committed =
                instance.post(
                                "/offsets",
                                "{\"offsets\":[{\"topic\":\"%s\",\"partition\":0,\"offset\":1}]}"
                                        .formatted(topic))
                        .expect(200);
        assertThat(committed.text()).isEqualTo("[]");
        assertThat(instance.getWithBody("/offsets", partitions(topic, 0)).text())
                .isEqualTo(
                        "{\"offsets\":[{\"topic\":\"%s\",\"partition\":0,\"offset\":2,\"metadata\":\"\"}]}"
                                .formatted(topic));

        instance.post("/offsets", "").expect(200);
        assertThat(instance.committed(topic, 0)).isEqualTo(5);
    }

    @Test
    void commitsOnlyWhatWasDelivered() {
        String topic = client.createTopic(1);
        produce(client, topic, 0, 10, 9);
        InstanceClient instance =
                InstanceClient.create(client, group, JSON_FORMAT, EARLIEST, NO_AUTO_COMMIT)
                        .subscribe(topic);
        List<JsonNode> records = instance.read(3, "&max_bytes=6");
        assertThat(values(records)).containsExactly(10, 11, 12);

        instance.post("/offsets", "").expect(200);

        assertThat(instance.committed(topic, 0)).isEqualTo(3);
        assertThat(values(instance.read(6))).containsExactly(13, 14, 15, 16, 17, 18);
    }

    @Test
    void givesALargeRecordAlone() {
        String topic = client.createTopic(1);
        client.post(
                        "/topics/" + topic,
                        JSON_RECORDS,
                        "{\"records\":[{\"value\":\"%s\"},{\"value\":1}]}"
                                .formatted("x".repeat(5_000)))
                .expect(200);
        InstanceClient instance =
                InstanceClient.create(client, group, JSON_FORMAT, EARLIEST).subscribe(topic);
        assertThat(instance.read(1, "&max_bytes=10").getFirst().get("offset").intValue()).isZero();
        assertThat(values(instance.read(1, "&max_bytes=10"))).containsExactly(1);
    }

    @Test
    void commitsByItselfWhatTheClientHasComeBackAfter() {
        String topic = client.createTopic(1);
        produce(client, topic, 0, 0, 4);
        try (ConfigurableApplicationContext context =
                GatewayUnderTest.startGateway(
                        client.bootstrap(),
                        "--fleuve.gateway.consumers.auto-commit-interval=1ms")) {
            Client eager = Client.of(context, client.bootstrap());
            InstanceClient instance =
                    InstanceClient.create(eager, group, JSON_FORMAT, EARLIEST).subscribe(topic);
            List<JsonNode> first = instance.read(2, "&max_bytes=2");
            assertThat(values(first)).containsExactly(0, 1);
            assertThat(instance.committed(topic, 0)).isLessThanOrEqualTo(0);

            assertThat(values(instance.read(2))).containsExactly(2, 3);

            await().atMost(Duration.ofSeconds(60)).until(() -> instance.committed(topic, 0) == 2);
            instance.delete("").expect(204);
        }
        InstanceClient successor =
                InstanceClient.create(client, group, JSON_FORMAT, EARLIEST).subscribe(topic);
        // Deleting an instance settles all that it has delivered.
        produce(client, topic, 0, 4, 1);
        assertThat(values(successor.read(1))).containsExactly(4);
    }

    @Test
    void goesOnWhereItIsTold() {
        String topic = client.createTopic(1);
        produce(client, topic, 0, 0, 6);
        InstanceClient instance =
                InstanceClient.create(client, group, JSON_FORMAT, EARLIEST, NO_AUTO_COMMIT);
        instance.post("/assignments", partitions(topic, 0)).expect(204);
        assertThat(instance.get("/assignments").expect(200).text()).isEqualTo(partitions(topic, 0));
        instance.read(6);

        instance.post(
                        "/positions",
                        "{\"offsets\":[{\"topic\":\"%s\",\"partition\":0,\"offset\":4}]}"
                                .formatted(topic))
                .expect(204);
        assertThat(values(instance.read(2))).containsExactly(4, 5);
        instance.post("/positions/beginning", partitions(topic, 0)).expect(204);
        assertThat(values(instance.read(6))).hasSize(6);
        instance.post(
                        "/positions",
                        "{\"timestamps\":[{\"topic\":\"%s\",\"partition\":0,\"timestamp\":\"2001-01-01T00:00:00Z\"}]}"
                                .formatted(topic))
                .expect(204);
        assertThat(values(instance.read(1, "&max_bytes=1"))).containsExactly(0);
        instance.post("/positions/end", partitions(topic, 0)).expect(204);
        produce(client, topic, 0, 6, 1);
        assertThat(values(instance.read(1))).containsExactly(6);

        // A position that was only sought is delivered up to there, too.
        instance.post("/positions/beginning", partitions(topic, 0)).expect(204);
        instance.post("/offsets", "").expect(200);
        assertThat(instance.committed(topic, 0)).isZero();
    }

    @Test
    void sharesPartitionsAmongTheMembersOfAGroup() {
        String topic = client.createTopic(2);
        produce(client, topic, 0, 0, 3);
        produce(client, topic, 1, 100, 3);
        InstanceClient one =
                InstanceClient.create(client, group, JSON_FORMAT, EARLIEST).subscribe(topic);
        assertThat(values(one.read(6))).containsExactlyInAnyOrder(0, 1, 2, 100, 101, 102);
        InstanceClient two =
                InstanceClient.create(client, group, JSON_FORMAT, EARLIEST).subscribe(topic);

        // The first client is silent meanwhile, which must not hold the second up.
        List<JsonNode> ofTwo = new ArrayList<>();
        await().atMost(Duration.ofSeconds(90))
                .until(
                        () -> {
                            two.get("/records?timeout=300").expect(200).json().forEach(ofTwo::add);
                            return two.get("/assignments").json().get("partitions").size() == 1;
                        });
        // For a moment it may have none.
        JsonNode mine =
                await().atMost(Duration.ofSeconds(90))
                        .until(
                                () -> one.get("/assignments").expect(200).json().get("partitions"),
                                assigned -> assigned.size() == 1);
        JsonNode theirs = two.get("/assignments").expect(200).json().get("partitions");
        assertThat(mine.get(0)).isNotEqualTo(theirs.get(0));

        produce(client, topic, 0, 3, 2);
        produce(client, topic, 1, 103, 2);
        List<Integer> all = new ArrayList<>();
        await().atMost(Duration.ofSeconds(90))
                .until(
                        () -> {
                            one.get("/records?timeout=300")
                                    .expect(200)
                                    .json()
                                    .forEach(r -> all.add(r.get("value").intValue()));
                            two.get("/records?timeout=300").expect(200).json().forEach(ofTwo::add);
                            return new java.util.HashSet<>(concat(all, values(ofTwo)))
                                    .containsAll(List.of(3, 4, 103, 104));
                        });
        // What stays with the first goes on where it was, though nothing was committed.
        assertThat(all).hasSize(2);

        two.delete("").expect(204);
        await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> {
                            one.get("/records?timeout=100").expect(200);
                            return one.get("/assignments").json().get("partitions").size() == 2;
                        });
    }

    private static List<Integer> concat(List<Integer> a, List<Integer> b) {
        List<Integer> both = new ArrayList<>(a);
        both.addAll(b);
        return both;
    }

    @Test
    void subscribesToAPattern() {
        String topic = client.createTopic(1);
        produce(client, topic, 0, 0, 1);
        InstanceClient instance = InstanceClient.create(client, group, JSON_FORMAT, EARLIEST);
        instance.post(
                        "/subscription",
                        "{\"topic_pattern\":\"%s.*\"}"
                                .formatted(topic.substring(0, topic.length() - 2)))
                .expect(204);
        assertThat(values(instance.read(1))).containsExactly(0);
        assertThat(instance.get("/subscription").expect(200).text())
                .isEqualTo("{\"topics\":[\"" + topic + "\"]}");
        instance.post("/subscription", "{\"topic_pattern\":\"(\"}").expect(422);
    }

    @Test
    void speaksStrimzisApiToWhoUsesItsSpellings() {
        String topic = client.createTopic(1);
        client.post(
                        "/topics/" + topic,
                        TEXT_RECORDS,
                        """
                        {"records":[{"key":"é","value":"text","timestamp":1714568400000,
                         "headers":[{"key":"h","value":"aGk="}]},{"key":"gone","value":null,
                         "timestamp":1714568400001}]}""")
                .expect(200);
        InstanceClient instance =
                InstanceClient.create(
                                client,
                                group,
                                "\"format\":\"text\"",
                                EARLIEST,
                                SPEAKS_STRIMZI,
                                "\"isolation.level\":\"read_committed\"",
                                "\"fetch.min.bytes\":1",
                                "\"consumer.request.timeout.ms\":30000")
                        .subscribe(topic);
        List<JsonNode> records = instance.read(2);
        assertThat(records.toString())
                .isEqualTo(
                        """
                        [{"topic":"%1$s","key":"é","value":"text","partition":0,"offset":0,\
                        "timestamp":1714568400000,"headers":[{"key":"h","value":"aGk="}]}, \
                        {"topic":"%1$s","key":"gone","value":null,"partition":0,"offset":1,\
                        "timestamp":1714568400001}]"""
                                .formatted(topic));
        assertThat(instance.get("/subscription").expect(200).text())
                .isEqualTo(
                        "{\"topics\":[\"%1$s\"],\"partitions\":[{\"%1$s\":[0]}]}".formatted(topic));
        instance.post(
                        "/offsets",
                        "{\"offsets\":[{\"topic\":\"%s\",\"partition\":0,\"offset\":1}]}"
                                .formatted(topic))
                .expect(204);
        assertThat(instance.committed(topic, 0)).isEqualTo(1);
        instance.post("/offsets", "").expect(204);
        assertThat(instance.committed(topic, 0)).isEqualTo(2);

        assertThat(instance.get("/records", "Accept", JSON_RECORDS).expect(406).text())
                .isEqualTo(
                        "{\"error_code\":406,\"message\":\"Consumer format does not match the embedded"
                                + " format requested by the Accept header.\"}");
        assertThat(instance.post("/subscription", "{}").expect(422).text())
                .contains("A list (of Topics type) or a topic_pattern must be specified.");
        assertThat(instance.post("/assignments", partitions(topic, 0)).expect(409).text())
                .isEqualTo(
                        "{\"error_code\":409,\"message\":\"Subscriptions to topics, partitions, and"
                                + " patterns are mutually exclusive.\"}");
        assertThat(instance.post("/positions/beginning", partitions("other", 0)).expect(404).text())
                .isEqualTo(
                        "{\"error_code\":404,\"message\":\"No current assignment for partition"
                                + " other-0\"}");
    }

    @Test
    void showsWhatIsNotOfTheFormatWithoutStandingStill() {
        String topic = client.createTopic(1);
        client.post(
                        "/topics/" + topic,
                        BINARY_RECORDS,
                        "{\"records\":[{\"value\":\"eyI=\"},{\"value\":\"MQ==\"}]}")
                .expect(200);
        InstanceClient instance =
                InstanceClient.create(client, group, JSON_FORMAT, EARLIEST).subscribe(topic);
        List<JsonNode> records = instance.read(2);
        assertThat(records.getFirst().get("value").isNull()).isTrue();
        assertThat(records.getFirst().at("/errors/0/field").stringValue()).isEqualTo("value");
        assertThat(records.getFirst().at("/errors/0/data").stringValue()).isEqualTo("eyI=");
        assertThat(records.getLast().get("value").intValue()).isEqualTo(1);
        assertThat(records.getLast().has("errors")).isFalse();
    }

    @Test
    void givesTheFormatThatAcceptNames() {
        String topic = client.createTopic(1);
        produce(client, topic, 0, 1, 3);
        InstanceClient instance = InstanceClient.create(client, group, EARLIEST).subscribe(topic);
        List<JsonNode> records = instance.read(3);
        assertThat(records.getFirst().get("value").stringValue()).isEqualTo("MQ==");
        assertThat(instance.get("/records?timeout=1").contentType()).isEqualTo(BINARY_RECORDS);
        assertThat(instance.get("/records?timeout=1", "Accept", "application/json").contentType())
                .isEqualTo("application/json");
        assertThat(instance.get("/records", "Accept", JSON_RECORDS).expect(406).text())
                .isEqualTo(
                        "{\"error_code\":40601,\"message\":\"The requested embedded data format does"
                                + " not match the deserializer for this consumer instance\"}");
        instance.get("/records", "Accept", "text/html").expect(406);
    }
}
