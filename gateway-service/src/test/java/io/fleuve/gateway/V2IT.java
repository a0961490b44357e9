package io.fleuve.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.gateway.GatewayUnderTest.Answer;
import io.fleuve.gateway.GatewayUnderTest.Client;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(GatewayUnderTest.class)
class V2IT {

    private static final String JSON_RECORDS = "application/vnd.kafka.json.v2+json";
    private static final String BINARY_RECORDS = "application/vnd.kafka.binary.v2+json";
    private static final String TEXT_RECORDS = "application/vnd.kafka.text.v2+json";

    private final Client client;

    V2IT(Client client) {
        this.client = client;
    }

    @Test
    void answersTheRootByWhoAsks() {
        Answer program = client.get("/").expect(200);
        assertThat(program.text()).isEqualTo("{}");
        assertThat(program.contentType()).isEqualTo("application/vnd.kafka.v2+json");
        assertThat(client.get("/", "Accept", "application/json").contentType())
                .startsWith("application/json");
    }

    @Test
    void describesBrokersTopicsAndPartitions() {
        String topic = client.createTopic(2);
        JsonNode brokers = client.get("/brokers").expect(200).json();
        int broker = brokers.at("/brokers/0").intValue();
        assertThat(
                        client.get("/topics")
                                .expect(200)
                                .json()
                                .valueStream()
                                .map(JsonNode::stringValue))
                .contains(topic);
        Answer described =
                client.get("/topics/" + topic, "Accept", "application/vnd.kafka.v2+json");
        assertThat(described.contentType()).isEqualTo("application/vnd.kafka.v2+json");
        JsonNode json = described.expect(200).json();
        assertThat(json.get("name").stringValue()).isEqualTo(topic);
        assertThat(json.at("/configs/cleanup.policy").stringValue()).isEqualTo("delete");
        JsonNode partitions = client.get("/topics/" + topic + "/partitions").expect(200).json();
        assertThat(partitions).isEqualTo(json.get("partitions"));
        assertThat(client.get("/topics/" + topic + "/partitions/1").expect(200).json())
                .isEqualTo(partitions.get(1));
        assertThat(partitions.at("/1/partition").intValue()).isEqualTo(1);
        assertThat(partitions.at("/1/replicas/0/leader").isBoolean()).isTrue();
        assertThat(partitions.at("/1/leader").intValue()).isGreaterThanOrEqualTo(0);
        assertThat(broker).isGreaterThanOrEqualTo(0);
    }

    @Test
    void producesInEveryFormatAndKeepsTheBytes() {
        String topic = client.createTopic(2);
        Answer json =
                client.post(
                                "/topics/" + topic + "/partitions/0",
                                JSON_RECORDS,
                                "{\"records\":[{\"key\":\"k\",\"value\":{\"a\":1.10}},{\"value\":null}]}")
                        .expect(200);
        assertThat(json.contentType()).isEqualTo("application/vnd.kafka.v2+json");
        assertThat(json.text())
                .isEqualTo(
                        "{\"offsets\":[{\"partition\":0,\"offset\":0,\"error_code\":null,\"error\":null},"
                                + "{\"partition\":0,\"offset\":1,\"error_code\":null,\"error\":null}],"
                                + "\"key_schema_id\":null,\"value_schema_id\":null}");
        client.post(
                        "/topics/" + topic,
                        BINARY_RECORDS,
                        "{\"records\":[{\"key\":\"AAE=\",\"value\":\"/w==\",\"partition\":0}]}")
                .expect(200);
        client.post(
                        "/topics/" + topic,
                        TEXT_RECORDS,
                        """
                        {"records":[{"key":"é","value":"text","partition":0,"timestamp":1714568400000,
                         "headers":[{"key":"h","value":"aGk="}]}]}""")
                .expect(200);
        JsonNode binary =
                client.get("/topics/" + topic + "/partitions/0/records", "Accept", BINARY_RECORDS)
                        .expect(200)
                        .json();
        assertThat(binary.toString())
                .isEqualTo(
                        """
                        [{"topic":"%1$s","key":"Imsi","value":"eyJhIjoxLjEwfQ==","partition":0,"offset":0},\
                        {"topic":"%1$s","key":null,"value":null,"partition":0,"offset":1},\
                        {"topic":"%1$s","key":"AAE=","value":"/w==","partition":0,"offset":2},\
                        {"topic":"%1$s","key":"w6k=","value":"dGV4dA==","partition":0,"offset":3}]"""
                                .formatted(topic));
        assertThat(client.get("/topics/" + topic + "/partitions/0/offsets").expect(200).text())
                .isEqualTo("{\"beginning_offset\":0,\"end_offset\":4}");
    }

    @Test
    void refusesWhatCannotBeProduced() {
        String path = "/topics/" + client.createTopic(1);
        assertThat(client.post(path, JSON_RECORDS, "{\"records\":[]}").expect(422).text())
                .isEqualTo("{\"error_code\":422,\"message\":\"records must not be empty\"}");
        client.post(path, JSON_RECORDS, "").expect(422);
        client.post(path, JSON_RECORDS, "{\"records\":[{\"valu\":1}]}").expect(400);
        client.post(path, JSON_RECORDS, "{\"records\":").expect(400);
        assertThat(
                        client.post(path, BINARY_RECORDS, "{\"records\":[{\"value\":\"***\"}]}")
                                .expect(400)
                                .text())
                .isEqualTo(
                        "{\"error_code\":400,\"message\":\"Bad Request: data=\\\"***\\\" is not a valid base64"
                                + " string.\"}");
        client.post(path, "application/json", "{\"records\":[{\"value\":1}]}").expect(415);
        client.post(path, "application/vnd.kafka.avro.v2+json", "{}").expect(415);
        client.post(path + "/partitions/1", JSON_RECORDS, "{\"records\":[{\"value\":1}]}")
                .expect(404);
        client.post(path + "/partitions/x", JSON_RECORDS, "{\"records\":[{\"value\":1}]}")
                .expect(404);
        JsonNode large =
                client.post(
                                path,
                                TEXT_RECORDS,
                                "{\"records\":[{\"value\":\""
                                        + "x".repeat(1_100_000)
                                        + "\"},{\"value\":\"small\"}]}")
                        .expect(200)
                        .json();
        assertThat(large.at("/offsets/0/error_code").intValue()).isEqualTo(50002);
        assertThat(large.at("/offsets/0/offset").isNull()).isTrue();
        assertThat(large.at("/offsets/1/offset").longValue()).isZero();
    }

    @Test
    void namesWhatDoesNotExist() {
        String topic = client.createTopic(1);
        assertThat(client.get("/topics/no-such-topic").expect(404).text())
                .isEqualTo(
                        "{\"error_code\":40403,\"message\":\"This server does not host this"
                                + " topic-partition.\"}");
        assertThat(client.get("/topics/" + topic + "/partitions/1").expect(404).text())
                .isEqualTo("{\"error_code\":40402,\"message\":\"Partition not found.\"}");
        client.get("/topics/" + topic + "/partitions/1/offsets").expect(404);
        assertThat(client.get("/consumers").expect(404).text())
                .isEqualTo("{\"error_code\":404,\"message\":\"HTTP 404 Not Found\"}");
        assertThat(client.delete("/topics").expect(405).text())
                .isEqualTo("{\"error_code\":405,\"message\":\"HTTP 405 Method Not Allowed\"}");
    }

    @Test
    void answersAProblemToWhoPrefersIt() {
        Answer problem =
                client.get(
                                "/topics/no-such-topic",
                                "Accept",
                                "application/json, application/problem+json")
                        .expect(404);
        assertThat(problem.contentType()).isEqualTo("application/problem+json");
        assertThat(problem.text())
                .isEqualTo(
                        "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,\"detail\":\"This server"
                                + " does not host this topic-partition.\",\"instance\":\"/topics/no-such-topic\","
                                + "\"error_code\":40403}");
    }
}
