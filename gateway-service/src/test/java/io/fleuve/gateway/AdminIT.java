package io.fleuve.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.gateway.GatewayUnderTest.Answer;
import io.fleuve.gateway.GatewayUnderTest.Client;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What the examples of the documentation do not show of changing a cluster. */
@ExtendWith(GatewayUnderTest.class)
class AdminIT {

    private final Client client;
    private final String cluster;

    AdminIT(Client client) {
        this.client = client;
        this.cluster = client.cluster();
    }

    @Test
    void aTopicCanBeUsedAtOnceOnItsNewPartitions() {
        String topic = client.createTopic(1);
        String records = cluster + "/topics/" + topic + "/records";
        String record = "{\"partition_id\":3,\"value\":{\"type\":\"STRING\",\"data\":\"x\"}}";
        assertThat(client.postJson(records, record).expect(200).json().get("error_code").intValue())
                .isEqualTo(40402);
        JsonNode grown =
                client.sendJson("PATCH", cluster + "/topics/" + topic, "{\"partitions_count\":4}")
                        .expect(200)
                        .json();
        assertThat(grown.get("partitions_count").intValue()).isEqualTo(4);
        assertThat(
                        client.postJson(records, record)
                                .expect(200)
                                .json()
                                .get("partition_id")
                                .intValue())
                .isEqualTo(3);
    }

    @Test
    void refusesBodiesThatSayTooLittleTooMuchOrTheWrongThing() {
        String topic = cluster + "/topics/" + client.createTopic(1);
        refused("PATCH", topic, "{}", "partitions_count is required");
        refused("PATCH", topic, "{\"partitions_count\":\"4\"}", "must be a 32-bit integer");
        refused("PATCH", topic, "{\"partitions_count\":4,\"x\":1}", "Unrecognized field \\\"x\\\"");
        refused("PUT", topic + "/configs/retention.ms", "{\"value\":[1]}", "is not text");
        refused("POST", topic + "/configs:alter", "{}", "\\\"data\\\" is required");
        refused(
                "POST",
                topic + "/configs:alter",
                "{\"data\":[{\"name\":\"retention.ms\",\"operation\":\"APPEND\"}]}",
                "must be SET or DELETE, but is APPEND");
        refused(
                "POST",
                topic + "/configs:alter",
                "{\"data\":[{\"value\":\"1\"}]}",
                "an element without \\\"name\\\"");
    }

    @Test
    void changesOfASettingAreAllOrNone() {
        String topic = cluster + "/topics/" + client.createTopic(1);
        client.postJson(
                        topic + "/configs:alter",
                        """
                        {"data":[{"name":"retention.ms","value":"1000"},{"name":"max.message.bytes","value":"-7"}]}""")
                .expect(400);
        assertThat(
                        client.get(topic + "/configs/retention.ms")
                                .expect(200)
                                .json()
                                .get("is_default")
                                .booleanValue())
                .isTrue();
    }

    @Test
    void tellsWhatItMayDoToATopicWhenAsked() {
        String topic = cluster + "/topics/" + client.createTopic(1);
        assertThat(
                        client.get(topic + "?include_authorized_operations=true")
                                .expect(200)
                                .json()
                                .get("authorized_operations")
                                .toString())
                .contains("\"READ\"", "\"WRITE\"", "\"DELETE\"");
    }

    @Test
    void refusesABodyThatIsTooLarge() {
        Answer answer =
                client.sendJson(
                        "POST",
                        cluster + "/topics",
                        "{\"topic_name\":\"" + "x".repeat(1 << 20) + "\"}");
        assertThat(answer.expect(413).json().get("error_code").intValue()).isEqualTo(413);
    }

    private void refused(String method, String path, String body, String message) {
        assertThat(client.sendJson(method, path, body).expect(400).text())
                .contains("{\"error_code\":400,\"message\":\"Bad Request: ")
                .contains(message);
    }
}
