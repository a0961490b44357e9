package io.fleuve.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fleuve.gateway.GatewayUnderTest.Answer;
import io.fleuve.gateway.GatewayUnderTest.Client;
import io.fleuve.gateway.SseReader.Event;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** Server-sent events, from a gateway that is quicker to say things than it usually is. */
@ExtendWith(GatewayUnderTest.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventsIT {

    private final Client shared;
    private ConfigurableApplicationContext gateway;
    private Client client;
    private Producer<String, String> producer;

    EventsIT(Client shared) {
        this.shared = shared;
        this.gateway = startGateway();
        this.client = Client.of(gateway, shared.bootstrap());
        this.producer = producer(Map.of());
    }

    private ConfigurableApplicationContext startGateway(String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--fleuve.gateway.events.heartbeat=300ms",
                                "--fleuve.gateway.events.probe-interval=300ms",
                                "--fleuve.gateway.events.ring-records=50"));
        arguments.addAll(List.of(more));
        return GatewayUnderTest.startGateway(shared.bootstrap(), arguments.toArray(new String[0]));
    }

    private Producer<String, String> producer(Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put("bootstrap.servers", shared.bootstrap());
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    @BeforeAll
    void isUp() {
        client.get("/actuator/health/liveness").expect(200);
    }

    @AfterAll
    void close() {
        producer.close(Duration.ofSeconds(10));
        gateway.close();
    }

    private void send(String topic, int partition, @Nullable String key, int number)
            throws Exception {
        producer.send(
                        new ProducerRecord<>(
                                topic,
                                partition,
                                1_000_000L + number,
                                key,
                                "{\"n\":%d,\"even\":%b}".formatted(number, number % 2 == 0)))
                .get(60, TimeUnit.SECONDS);
    }

    private String topicOf(int records) throws Exception {
        String topic = client.createTopic(1);
        for (int n = 0; n < records; n++) {
            send(topic, 0, "k" + n % 3, n);
        }
        return topic;
    }

    private SseReader read(String topic, String query) {
        return SseReader.open(client, "/topics/" + topic + "/events" + query, null);
    }

    @Test
    void beginsWhereItIsTold() throws Exception {
        String topic = topicOf(5);
        try (SseReader end = read(topic, "");
                SseReader start = read(topic, "?from=start");
                SseReader last = read(topic, "?from=-2");
                SseReader offset = read(topic, "?from=0:3");
                SseReader millis = read(topic, "?from=1000001");
                SseReader time = read(topic, "?from=1970-01-01T00:16:40.004Z");
                SseReader future = read(topic, "?from=2090-01-01T00:00:00Z")) {
            start.awaitNumbers(0, 1, 2, 3, 4);
            send(topic, 0, null, 5);
            end.awaitNumbers(5);
            start.awaitNumbers(0, 1, 2, 3, 4, 5);
            last.awaitNumbers(3, 4, 5);
            offset.awaitNumbers(3, 4, 5);
            millis.awaitNumbers(1, 2, 3, 4, 5);
            time.awaitNumbers(4, 5);
            future.awaitNumbers(5);
        }
    }

    @Test
    void anEventIsTheRecordAsReadsShowIt() throws Exception {
        String topic = topicOf(1);
        String cluster = client.cluster();
        JsonNode read =
                client.get(
                                "/topics/" + topic + "/partitions/0/records",
                                "Accept",
                                "application/json")
                        .expect(200)
                        .json()
                        .at("/records/0");
        try (SseReader plain = read(topic, "?from=start");
                SseReader v3 =
                        SseReader.open(
                                client,
                                "/kafka" + cluster + "/topics/" + topic + "/events?from=start",
                                null);
                SseReader base64 = read(topic, "?from=start&format=base64&key_format=base64")) {
            assertThat(plain.awaitCount(1).records().getFirst()).isEqualTo(read);
            assertThat(v3.awaitCount(1).records().getFirst()).isEqualTo(read);
            assertThat(base64.awaitCount(1).records().getFirst().at("/key").stringValue())
                    .isEqualTo("azA=");
        }
        client.get("/v3/clusters/other/topics/" + topic + "/events").expect(404);
    }

    @Test
    void aValueThatDoesNotFitIsAnErrorOfItsRecord() throws Exception {
        String topic = client.createTopic(1);
        producer.send(new ProducerRecord<>(topic, 0, "k", "{")).get();
        send(topic, 0, null, 1);
        try (SseReader reader = read(topic, "?from=start")) {
            List<JsonNode> records = reader.awaitCount(2).records();
            assertThat(records.get(0).get("value").isNull()).isTrue();
            assertThat(records.get(0).at("/errors/0/data").stringValue()).isEqualTo("ew==");
            assertThat(records.get(1).at("/value/n").intValue()).isEqualTo(1);
        }
    }

    @Test
    void filtersAndChoosesPartitions() throws Exception {
        String topic = client.createTopic(3);
        try (SseReader key = read(topic, "?from=start&key=k1");
                SseReader prefix = read(topic, "?from=start&key_prefix=k");
                SseReader field = read(topic, "?filter=" + encode("n>=3") + "&filter=even=true");
                SseReader some = read(topic, "?partitions=0,2")) {
            for (int n = 0; n < 6; n++) {
                send(topic, n % 3, n % 2 == 0 ? "k" + n % 3 : "other", n);
            }
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () -> {
                                assertThat(key.numbers()).containsExactly(4);
                                assertThat(prefix.numbers()).containsExactlyInAnyOrder(0, 2, 4);
                                assertThat(field.numbers()).containsExactly(4);
                                assertThat(some.numbers()).containsExactlyInAnyOrder(0, 2, 3, 5);
                            });
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void resumesOverCutConnectionsWithoutLossOrRepetition() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String topic = client.createTopic(2);
        String query = "/topics/" + topic + "/events?from=start&filter=even=true";
        int count = 600;
        try (SseReader uncut = SseReader.open(client, query, null)) {
            CompletableFuture<Void> producing =
                    CompletableFuture.runAsync(() -> produce(topic, count));
            List<JsonNode> seen = new ArrayList<>();
            String id = null;
            int connections = 0;
            while (seen.size() < count / 2) {
                int more = Math.min(1 + random.nextInt(40), count / 2 - seen.size());
                SseReader cut = SseReader.open(client, query, id);
                cut.awaitCount(more);
                cut.close();
                seen.addAll(cut.records());
                id = cut.lastId();
                connections++;
            }
            producing.get(60, TimeUnit.SECONDS);
            uncut.awaitCount(count / 2);
            assertThat(connections).isGreaterThan(2);
            for (int partition = 0; partition < 2; partition++) {
                assertThat(of(partition, seen))
                        .as("seed %d, %d connections", seed, connections)
                        .isEqualTo(of(partition, uncut.records()))
                        .hasSize(count / 4);
            }
        }
    }

    private void produce(String topic, int count) {
        try {
            for (int n = 0; n < count; n++) {
                send(topic, n / 2 % 2, null, n);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<JsonNode> of(int partition, List<JsonNode> records) {
        return records.stream().filter(r -> r.get("partition").intValue() == partition).toList();
    }

    @Test
    void aHeartbeatMovesThePositionPastWhatWasFiltered() throws Exception {
        String topic = topicOf(0);
        String path = "/topics/" + topic + "/events";
        String id;
        try (SseReader all = read(topic, "");
                SseReader none = read(topic, "?filter=n" + encode("<") + "0")) {
            for (int n = 0; n < 5; n++) {
                send(topic, 0, null, n);
            }
            all.awaitCount(5);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> none.lastId().equals(all.events().get(4).id()));
            assertThat(none.comments()).contains(": heartbeat");
            assertThat(none.events()).isEmpty();
            id = none.lastId();
        }
        send(topic, 0, null, 5);
        try (SseReader resumed = SseReader.open(client, path, id);
                SseReader byParameter =
                        SseReader.open(client, path + "?last_event_id=" + id, null)) {
            resumed.awaitNumbers(5);
            byParameter.awaitNumbers(5);
        }
        assertThat(client.get(path + "?last_event_id=x").expect(400).text())
                .contains("Last-Event-ID");
    }

    @Test
    void showsOpenTransactionsOnlyToWhoWantsThem() throws Exception {
        String topic = topicOf(0);
        try (Producer<String, String> transactional =
                        producer(Map.of("transactional.id", "tx-" + topic));
                SseReader committed = read(topic, "?from=start");
                SseReader uncommitted = read(topic, "?from=start&isolation=read_uncommitted")) {
            transactional.initTransactions();
            transactional.beginTransaction();
            var _ = transactional.send(new ProducerRecord<>(topic, 0, null, "{\"n\":1}"));
            transactional.flush();
            uncommitted.awaitNumbers(1);
            transactional.abortTransaction();
            transactional.beginTransaction();
            var _ = transactional.send(new ProducerRecord<>(topic, 0, null, "{\"n\":2}"));
            transactional.commitTransaction();
            committed.awaitNumbers(2);
            uncommitted.awaitNumbers(1, 2);
        }
    }

    @Test
    void followsPartitionsThatAreAddedLater() throws Exception {
        String topic = topicOf(1);
        try (SseReader reader = read(topic, "?from=start");
                Admin admin = Admin.create(Map.of("bootstrap.servers", shared.bootstrap()))) {
            reader.awaitNumbers(0);
            admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(2))).all().get();
            producer.close();
            producer = producer(Map.of());
            send(topic, 1, null, 1);
            reader.awaitNumbers(0, 1);
            try (SseReader resumed =
                    SseReader.open(
                            client,
                            "/topics/" + topic + "/events",
                            reader.events().getFirst().id())) {
                resumed.awaitNumbers(1);
            }
        }
    }

    @Test
    void tellsOfRecordsThatWereDeletedBeforeTheyWereSent() throws Exception {
        String topic = topicOf(5);
        String id;
        try (SseReader reader = read(topic, "?from=start")) {
            id = reader.awaitCount(5).events().getFirst().id();
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", shared.bootstrap()))) {
            admin.deleteRecords(
                            Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(3)))
                    .all()
                    .get();
        }
        try (SseReader resumed = SseReader.open(client, "/topics/" + topic + "/events", id)) {
            JsonNode gap = resumed.awaitEvent("gap").json();
            assertThat(gap.get("from").longValue()).isEqualTo(1);
            assertThat(gap.get("to").longValue()).isEqualTo(3);
            resumed.awaitNumbers(3, 4);
        }
    }

    @Test
    void endsWhenTheTopicIsDeletedAndStartsAnewInItsSuccessor() throws Exception {
        String topic = topicOf(2);
        String cluster = client.cluster();
        String id;
        try (SseReader reader = read(topic, "?from=start")) {
            reader.awaitCount(2);
            client.delete(cluster + "/topics/" + topic).expect(204);
            Event end = reader.awaitEvent("end");
            assertThat(end.json().get("reason").stringValue()).isEqualTo("topic_deleted");
            reader.awaitEnd();
            id = reader.lastId();
        }
        assertThat(client.get("/topics/" + topic + "/events").expect(404).text()).contains("40401");
        await().atMost(Duration.ofSeconds(60))
                .until(
                        () ->
                                client.postJson(
                                                        cluster + "/topics",
                                                        "{\"topic_name\":\"%s\",\"partitions_count\":1}"
                                                                .formatted(topic))
                                                .status()
                                        == 201);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> client.get("/topics/" + topic).status() == 200);
        producer.close();
        producer = producer(Map.of());
        send(topic, 0, null, 7);
        try (SseReader resumed = SseReader.open(client, "/topics/" + topic + "/events", id)) {
            assertThat(resumed.awaitEvent("reset").json().get("message").stringValue())
                    .contains("created again");
            resumed.awaitNumbers(7);
        }
    }

    @Test
    void saysGoodbyeWhenTheGatewayGoesDown() throws Exception {
        String topic = topicOf(1);
        try (ConfigurableApplicationContext other = startGateway()) {
            Client there = Client.of(other, shared.bootstrap());
            SseReader reader =
                    SseReader.open(there, "/topics/" + topic + "/events?from=start", null);
            reader.awaitNumbers(0);
            other.close();
            assertThat(reader.awaitEvent("end").json().get("reason").stringValue())
                    .isEqualTo("shutdown");
            reader.awaitEnd();
        }
    }

    @Test
    void letsInOnlySoManyReaders() throws Exception {
        String topic = topicOf(1);
        try (ConfigurableApplicationContext other =
                startGateway("--fleuve.gateway.events.max-readers=1")) {
            Client there = Client.of(other, shared.bootstrap());
            String path = "/topics/" + topic + "/events?from=start";
            try (SseReader reader = SseReader.open(there, path, null)) {
                reader.awaitNumbers(0);
                Answer refused = there.get(path).expect(503);
                assertThat(refused.json().get("error_code").intValue()).isEqualTo(50305);
                assertThat(refused.header("retry-after")).isEqualTo("5");
                assertThat(there.get("/actuator/prometheus").text())
                        .contains("fleuve_gateway_events_readers 1.0")
                        .contains("fleuve_gateway_events_tails 1.0")
                        .contains("fleuve_gateway_events_sent_total 1.0");
            }
            // The gateway notices that it has gone by its next heartbeat.
            await().atMost(Duration.ofSeconds(60))
                    .until(
                            () -> {
                                try (SseReader again = SseReader.open(there, path, null)) {
                                    again.awaitNumbers(0);
                                    return true;
                                } catch (AssertionError e) {
                                    return false;
                                }
                            });
        }
    }

    @Test
    void refusesBeforeTheFirstEventAndSaysWhere() throws Exception {
        String topic = topicOf(1);
        String path = "/topics/" + topic + "/events";
        Map<String, String> wrong =
                Map.of(
                        "?from=yesterday", "parameter from",
                        "?from=1:0", "names partition 1",
                        "?partitions=a", "parameter partitions",
                        "?filter=n~3", "at character 2 of 'n~3'",
                        "?header=", "parameter header",
                        "?format=avro", "parameter format",
                        "?isolation=none", "parameter isolation");
        wrong.forEach(
                (query, reason) ->
                        assertThat(
                                        client.get(path + query, "Accept", "text/event-stream")
                                                .expect(400)
                                                .json()
                                                .get("message")
                                                .stringValue())
                                .contains(reason));
        assertThat(client.get(path + "?from=0:9").expect(416).text())
                .contains("Partition 0: Offset 9");
        assertThat(client.get(path + "?partitions=7").expect(404).text()).contains("40402");
        assertThat(client.get("/topics/nope/events").expect(404).text()).contains("40401");
        try (SseReader reader = read(topic, "?from=start")) {
            reader.awaitCount(1);
            String other = client.createTopic(1);
            assertThat(
                            client.get(
                                            "/topics/" + other + "/events",
                                            "Last-Event-ID",
                                            reader.lastId())
                                    .expect(400)
                                    .text())
                    .contains("another topic");
        }
    }

    @Test
    void documentsItsParametersUnderBothSpellings() {
        JsonNode paths = client.get("/openapi").expect(200).json().get("paths");
        for (String path :
                List.of(
                        "/topics/{topic}/events",
                        "/v3/clusters/{cluster_id}/topics/{topic_name}/events")) {
            JsonNode operation = paths.get(path).get("get");
            assertThat(
                            operation
                                    .get("parameters")
                                    .valueStream()
                                    .map(parameter -> parameter.get("name").stringValue()))
                    .contains("from", "partitions", "filter", "isolation", "Last-Event-ID")
                    .doesNotContain("request", "response");
            assertThat(operation.at("/responses/200/content").toString())
                    .contains("text/event-stream");
        }
    }
}
