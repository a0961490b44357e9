package io.fleuve.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.gateway.GatewayUnderTest.Answer;
import io.fleuve.gateway.GatewayUnderTest.Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(GatewayUnderTest.class)
class StatelessReadIT {

    private final Client client;

    StatelessReadIT(Client client) {
        this.client = client;
    }

    private String records(String topic, String query) {
        return "/topics/" + topic + "/partitions/0/records" + query;
    }

    private JsonNode read(String topic, String query) {
        return client.get(records(topic, query), "Accept", "application/json").expect(200).json();
    }

    private String topicOf(int count) {
        String topic = client.createTopic(1);
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < count; i++) {
            body.append(i == 0 ? "" : ",")
                    .append("{\"value\":{\"n\":%d},\"timestamp\":%d}".formatted(i, 1_000_000 + i));
        }
        client.post(
                        "/topics/" + topic,
                        "application/vnd.kafka.json.v2+json",
                        "{\"records\":[" + body + "]}")
                .expect(200);
        return topic;
    }

    private static List<Integer> numbers(JsonNode page) {
        return page.get("records").valueStream().map(r -> r.at("/value/n").intValue()).toList();
    }

    @Test
    void leafsThroughAPartitionByNextOffset() {
        String topic = topicOf(25);
        List<Integer> seen = new ArrayList<>();
        long offset = 0;
        int pages = 0;
        JsonNode page = read(topic, "?max_records=10&offset=0");
        while (!page.get("records").isEmpty()) {
            pages++;
            seen.addAll(numbers(page));
            offset = page.get("next_offset").longValue();
            page = read(topic, "?max_records=10&offset=" + offset);
        }
        assertThat(pages).isEqualTo(3);
        assertThat(seen).hasSize(25).isSorted().doesNotHaveDuplicates();
        assertThat(offset).isEqualTo(25);
        assertThat(page.toString())
                .isEqualTo(
                        "{\"records\":[],\"next_offset\":25,\"begin_offset\":0,\"end_offset\":25}");
    }

    @Test
    void beginsWhereItIsTold() {
        String topic = topicOf(5);
        assertThat(numbers(read(topic, ""))).containsExactly(0, 1, 2, 3, 4);
        assertThat(numbers(read(topic, "?offset=earliest&max_records=1"))).containsExactly(0);
        assertThat(numbers(read(topic, "?offset=3"))).containsExactly(3, 4);
        assertThat(numbers(read(topic, "?offset=-2"))).containsExactly(3, 4);
        assertThat(numbers(read(topic, "?offset=-99"))).containsExactly(0, 1, 2, 3, 4);
        assertThat(numbers(read(topic, "?timestamp=1000003"))).containsExactly(3, 4);
        assertThat(numbers(read(topic, "?timestamp=1970-01-01T00:16:40.002Z")))
                .containsExactly(2, 3, 4);
        assertThat(read(topic, "?timestamp=2090-01-01T00:00:00Z").get("next_offset").longValue())
                .isEqualTo(5);
        assertThat(read(topic, "?offset=latest").get("next_offset").longValue()).isEqualTo(5);
    }

    @Test
    void showsEverythingOfARecord() {
        String topic = topicOf(1);
        assertThat(read(topic, "").at("/records/0").toString())
                .isEqualTo(
                        """
                        {"topic":"%s","partition":0,"offset":0,"timestamp":"1970-01-01T00:16:40Z",\
                        "timestamp_type":"CreateTime","key":null,"value":{"n":0},"headers":[]}"""
                                .formatted(topic));
    }

    @Test
    void answersTheObjectToWhoAcceptsAnything() {
        String topic = topicOf(1);
        for (String accept : List.of("*/*", "application/*", "application/json, */*;q=0.1")) {
            Answer answer = client.get(records(topic, ""), "Accept", accept).expect(200);
            assertThat(answer.contentType()).isEqualTo("application/json");
            assertThat(answer.json().has("next_offset")).isTrue();
        }
        client.get(records(topic, "")).expect(200);
        assertThat(client.get(records(topic, ""), "Accept", "text/csv").expect(406).text())
                .isEqualTo("{\"error_code\":406,\"message\":\"HTTP 406 Not Acceptable\"}");
    }

    @Test
    void waitsForTheFirstRecordAndNoLongerThanAsked() throws Exception {
        String topic = client.createTopic(1);
        long start = System.nanoTime();
        JsonNode nothing = read(topic, "?offset=0&timeout=1500");
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThan(Duration.ofMillis(1400));
        assertThat(nothing.get("records")).isEmpty();
        assertThat(nothing.get("next_offset").longValue()).isZero();

        start = System.nanoTime();
        CompletableFuture<JsonNode> waiting =
                CompletableFuture.supplyAsync(() -> read(topic, "?offset=0&timeout=25000"));
        client.post(
                        "/topics/" + topic,
                        "application/vnd.kafka.json.v2+json",
                        "{\"records\":[{\"value\":{\"n\":7}}]}")
                .expect(200);
        assertThat(numbers(waiting.get(30, TimeUnit.SECONDS))).containsExactly(7);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void explainsAPoisonRecordAndGoesOn() throws Exception {
        String topic = client.createTopic(1);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", client.bootstrap()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            for (byte[] value :
                    List.of(
                            new byte[] {'1'},
                            new byte[] {(byte) 0xff},
                            new byte[0],
                            new byte[] {'2'})) {
                producer.send(new ProducerRecord<>(topic, 0, null, value)).get();
            }
        }
        JsonNode json = read(topic, "").get("records");
        assertThat(json.valueStream().map(r -> r.get("value").toString()))
                .containsExactly("1", "null", "null", "2");
        assertThat(json.at("/1/errors/0/field").stringValue()).isEqualTo("value");
        assertThat(json.at("/1/errors/0/data").stringValue()).isEqualTo("/w==");
        assertThat(json.at("/2/errors/0/size").intValue()).isZero();
        JsonNode string = read(topic, "?format=string").get("records");
        assertThat(string.valueStream().map(r -> r.get("value").toString()))
                .containsExactly("\"1\"", "null", "\"\"", "\"2\"");
        assertThat(string.at("/1/errors/0/message").stringValue()).isEqualTo("not UTF-8 text");
        JsonNode bare =
                client.get(records(topic, ""), "Accept", "application/vnd.kafka.json.v2+json")
                        .expect(200)
                        .json();
        assertThat(bare.get(1).get("value").isNull()).isTrue();
        assertThat(bare.at("/1/errors/0/data").stringValue()).isEqualTo("/w==");
    }

    @Test
    void showsThatARecordIsLargerThanAskedForAndHowToGoOn() {
        String topic = client.createTopic(1);
        client.post(
                        "/topics/" + topic,
                        "application/vnd.kafka.text.v2+json",
                        "{\"records\":[{\"key\":\"k\",\"value\":\"%s\"},{\"value\":\"small\"}]}"
                                .formatted("x".repeat(5000)))
                .expect(200);
        assertThat(read(topic, "?key_format=json").at("/records/0/errors/0/field").asString())
                .isEqualTo("key");
        JsonNode first = read(topic, "?format=string&max_bytes=1000");
        assertThat(first.get("records").size()).isEqualTo(1);
        assertThat(first.at("/records/0/key").stringValue()).isEqualTo("k");
        assertThat(first.at("/records/0/value").isNull()).isTrue();
        assertThat(first.at("/records/0/errors/0/size").intValue()).isEqualTo(5000);
        assertThat(first.at("/records/0/errors/0/data").isMissingNode()).isTrue();
        assertThat(first.get("next_offset").longValue()).isEqualTo(1);
        assertThat(read(topic, "?format=string&max_bytes=1000&offset=1").at("/records/0/value"))
                .asString()
                .isEqualTo("\"small\"");
    }

    @Test
    void namesTheValidRangeOrTheParameterAtFault() {
        String topic = topicOf(3);
        Answer range =
                client.get(records(topic, "?offset=4"), "Accept", "application/json").expect(416);
        assertThat(range.text())
                .isEqualTo(
                        "{\"error_code\":41601,\"message\":\"Offset 4 is out of range: the partition holds"
                                + " offsets from 0 (inclusive) to 3 (exclusive).\"}");
        for (String query :
                List.of(
                        "?offset=x",
                        "?max_records=0",
                        "?max_bytes=-1",
                        "?timeout=999999999",
                        "?format=avro",
                        "?timestamp=yesterday",
                        "?offset=1&timestamp=1")) {
            Answer answer =
                    client.get(records(topic, query), "Accept", "application/json").expect(400);
            assertThat(answer.json().get("message").stringValue())
                    .contains(query.substring(1, query.indexOf('=')));
        }
        assertThat(
                        client.get(
                                        "/topics/nope/partitions/0/records",
                                        "Accept",
                                        "application/json")
                                .expect(404)
                                .json()
                                .get("error_code")
                                .intValue())
                .isEqualTo(40401);
        assertThat(
                        client.get(
                                        "/topics/" + topic + "/partitions/9/records",
                                        "Accept",
                                        "application/json")
                                .expect(404)
                                .json()
                                .get("error_code")
                                .intValue())
                .isEqualTo(40402);
    }
}
