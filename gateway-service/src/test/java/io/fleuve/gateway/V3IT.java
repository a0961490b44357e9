package io.fleuve.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.gateway.GatewayUnderTest.Answer;
import io.fleuve.gateway.GatewayUnderTest.Client;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(GatewayUnderTest.class)
class V3IT {

    private final Client client;

    V3IT(Client client) {
        this.client = client;
    }

    @Test
    void listsTheClusterWithLinksUnderThePrefixThatWasCalled() {
        JsonNode list = client.get("/v3/clusters").expect(200).json();
        assertThat(list.get("kind").stringValue()).isEqualTo("KafkaClusterList");
        assertThat(list.at("/metadata/next").isNull()).isTrue();
        String id = list.at("/data/0/cluster_id").stringValue();
        assertThat(list.at("/data/0/metadata/resource_name").stringValue())
                .isEqualTo("crn:///kafka=" + id);
        assertThat(list.at("/data/0/topics/related").stringValue())
                .isEqualTo(client.baseUrl() + "/v3/clusters/" + id + "/topics");
        JsonNode prefixed = client.get("/kafka/v3/clusters/" + id).expect(200).json();
        assertThat(prefixed.at("/metadata/self").stringValue())
                .isEqualTo(client.baseUrl() + "/kafka/v3/clusters/" + id);
    }

    @Test
    void refusesAnotherCluster() {
        Answer cluster = client.get("/v3/clusters/other").expect(404);
        assertThat(cluster.text())
                .isEqualTo("{\"error_code\":404,\"message\":\"HTTP 404 Not Found\"}");
        Answer topics = client.get("/v3/clusters/other/topics").expect(404);
        assertThat(topics.text())
                .isEqualTo("{\"error_code\":404,\"message\":\"Cluster other cannot be found.\"}");
    }

    @Test
    void describesBrokers() {
        String cluster = client.cluster();
        JsonNode brokers = client.get(cluster + "/brokers").expect(200).json();
        assertThat(brokers.get("kind").stringValue()).isEqualTo("KafkaBrokerList");
        int id = brokers.at("/data/0/broker_id").intValue();
        JsonNode broker = client.get(cluster + "/brokers/" + id).expect(200).json();
        assertThat(broker).isEqualTo(brokers.at("/data/0"));
        assertThat(broker.get("port").isInt()).isTrue();
        assertThat(broker.has("rack")).as("rack is null, not absent").isTrue();
        client.get(cluster + "/brokers/12345").expect(404);
        client.get(cluster + "/brokers/one").expect(404);
    }

    @Test
    void createsDescribesAndDeletesATopic() {
        String cluster = client.cluster();
        String topic = "v3-life-" + System.nanoTime();
        Answer created =
                client.postJson(
                                cluster + "/topics",
                                """
                                {"topic_name":"%s","partitions_count":3,"replication_factor":1,
                                 "configs":[{"name":"retention.ms","value":"123456"}]}"""
                                        .formatted(topic))
                        .expect(201);
        assertThat(created.json().get("partitions_count").intValue()).isEqualTo(3);
        assertThat(created.headers().get("location"))
                .containsExactly(client.baseUrl() + cluster + "/topics/" + topic);

        JsonNode described = client.get(cluster + "/topics/" + topic).expect(200).json();
        assertThat(described).isEqualTo(created.json());
        assertThat(described.propertyNames())
                .containsExactly(
                        "kind",
                        "metadata",
                        "cluster_id",
                        "topic_name",
                        "is_internal",
                        "replication_factor",
                        "partitions_count",
                        "partitions",
                        "configs",
                        "partition_reassignments",
                        "authorized_operations");
        assertThat(client.get(cluster + "/topics").expect(200).json().get("data"))
                .contains(described);

        JsonNode partitions = client.get(cluster + "/topics/" + topic + "/partitions").json();
        assertThat(partitions.get("data").size()).isEqualTo(3);
        assertThat(client.get(cluster + "/topics/" + topic + "/partitions/2").expect(200).json())
                .isEqualTo(partitions.at("/data/2"));
        client.get(cluster + "/topics/" + topic + "/partitions/3").expect(404);

        JsonNode config = client.get(cluster + "/topics/" + topic + "/configs/retention.ms").json();
        assertThat(config.get("value").stringValue()).isEqualTo("123456");
        assertThat(config.get("source").stringValue()).isEqualTo("DYNAMIC_TOPIC_CONFIG");
        assertThat(config.get("is_default").booleanValue()).isFalse();
        assertThat(client.get(cluster + "/topics/" + topic + "/configs").json().get("data"))
                .contains(config);
        client.get(cluster + "/topics/" + topic + "/configs/no.such.config").expect(404);

        Answer deleted = client.delete(cluster + "/topics/" + topic).expect(204);
        assertThat(deleted.text()).isEmpty();
        Answer missing = client.get(cluster + "/topics/" + topic).expect(404);
        assertThat(missing.text())
                .isEqualTo(
                        "{\"error_code\":40403,\"message\":\"This server does not host this"
                                + " topic-partition.\"}");
    }

    @Test
    void refusesTopicsThatCannotBe() {
        String topics = client.cluster() + "/topics";
        String topic = client.createTopic(1);
        Answer exists =
                client.postJson(topics, "{\"topic_name\":\"%s\"}".formatted(topic)).expect(400);
        assertThat(exists.json().get("error_code").intValue()).isEqualTo(40002);
        assertThat(exists.json().get("message").stringValue()).contains("already exists");
        Answer name = client.postJson(topics, "{\"topic_name\":\"a b\"}").expect(422);
        assertThat(name.text())
                .isEqualTo(
                        "{\"error_code\":42206,\"message\":\"Payload error. Invalid topic name.\"}");
        Answer empty = client.postJson(topics, "").expect(422);
        assertThat(empty.json().get("error_code").intValue()).isEqualTo(42206);
        Answer config =
                client.postJson(
                                topics,
                                """
                                {"topic_name":"bad-config","configs":[{"name":"retention.ms","value":"x"}]}""")
                        .expect(400);
        assertThat(config.json().get("error_code").intValue()).isEqualTo(40002);
        client.postJson(topics, "{\"topic_name\":\"x\",\"partitions_count\":0}").expect(400);
        client.postJson(topics, "{\"topic_name\"").expect(400);
        Answer mediaType = client.post(topics, "text/plain", "{}").expect(415);
        assertThat(mediaType.text())
                .isEqualTo("{\"error_code\":415,\"message\":\"HTTP 415 Unsupported Media Type\"}");
    }

    @Test
    void validatesATopicWithoutCreatingIt() {
        String cluster = client.cluster();
        String body =
                "{\"topic_name\":\"only-validated\",\"partitions_count\":1,\"validate_only\":true}";
        client.postJson(cluster + "/topics", body).expect(200);
        client.get(cluster + "/topics/only-validated").expect(404);
    }

    @Test
    void tellsHowFarAGroupIsBehind() throws Exception {
        String cluster = client.cluster();
        String topic = client.createTopic(1);
        String record = "{\"partition_id\":0,\"value\":{\"type\":\"STRING\",\"data\":\"x\"}}";
        client.postJson(cluster + "/topics/" + topic + "/records", record.repeat(5)).expect(200);
        String group = "g-" + topic;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", client.bootstrap()))) {
            admin.alterConsumerGroupOffsets(
                            group, Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(2)))
                    .all()
                    .get();
        }
        JsonNode described = client.get(cluster + "/consumer-groups/" + group).expect(200).json();
        assertThat(described.get("state").stringValue()).isEqualTo("EMPTY");
        assertThat(client.get(cluster + "/consumer-groups").expect(200).json().get("data"))
                .contains(described);
        JsonNode lags =
                client.get(cluster + "/consumer-groups/" + group + "/lags").expect(200).json();
        assertThat(lags.at("/data/0/current_offset").longValue()).isEqualTo(2);
        assertThat(lags.at("/data/0/log_end_offset").longValue()).isEqualTo(5);
        assertThat(lags.at("/data/0/lag").longValue()).isEqualTo(3);
        assertThat(lags.at("/data/0/consumer_id").stringValue()).isEmpty();
        assertThat(
                        client.get(
                                        cluster
                                                + "/consumer-groups/%s/lags/%s/partitions/0"
                                                        .formatted(group, topic))
                                .expect(200)
                                .json())
                .isEqualTo(lags.at("/data/0"));
        JsonNode summary =
                client.get(cluster + "/consumer-groups/" + group + "/lag-summary")
                        .expect(200)
                        .json();
        assertThat(summary.get("total_lag").longValue()).isEqualTo(3);
        assertThat(summary.get("max_lag_topic_name").stringValue()).isEqualTo(topic);
        client.get(cluster + "/consumer-groups/no-such-group").expect(404);
        client.get(cluster + "/consumer-groups/no-such-group/lags").expect(404);
    }

    @Test
    void producesABatchAndReportsEachEntry() {
        String cluster = client.cluster();
        String topic = client.createTopic(1);
        Answer answer =
                client.postJson(
                                cluster + "/topics/" + topic + "/records:batch",
                                """
                                {"entries":[
                                  {"id":"a","partition_id":0,"key":{"type":"STRING","data":"k"},"value":{"type":"JSON","data":1.10},"timestamp":"2024-05-01T13:00:00Z"},
                                  {"id":"b","value":{"type":"BINARY","data":"***"}},
                                  {"id":"c","partition_id":7,"value":{"type":"STRING","data":"x"}},
                                  {"id":"d","value":{"type":"AVRO","data":1}}]}""")
                        .expect(207);
        assertThat(answer.text())
                .isEqualTo(
                        """
                        {"successes":[{"id":"a","cluster_id":"%s","topic_name":"%s","partition_id":0,"offset":0,\
                        "timestamp":"2024-05-01T13:00:00Z","key":{"type":"STRING","size":1},"value":{"type":"JSON","size":4}}],\
                        "failures":[{"id":"b","error_code":400,"message":"Bad Request: data=\\"***\\" is not a valid base64 string."},\
                        {"id":"c","error_code":40402,"message":"Partition not found."},\
                        {"id":"d","error_code":422,"message":"Error: 42206 : Payload error. Schema Registry must be configured when using schemas."}]}"""
                                .formatted(cluster.substring("/v3/clusters/".length()), topic));
    }

    @Test
    void refusesBatchesThatAreNone() {
        String path = client.cluster() + "/topics/" + client.createTopic(1) + "/records:batch";
        for (String body :
                List.of(
                        "",
                        "{\"entries\":[]}",
                        "{\"entries\":[{\"id\":\"1\"},{\"id\":\"1\"}]}",
                        "{\"entries\":[{\"id\":1}]}",
                        "{\"entries\":[" + batchEntries(11) + "]}")) {
            Answer answer = client.postJson(path, body).expect(422);
            assertThat(answer.json().get("error_code").intValue()).isEqualTo(42208);
        }
    }

    private static String batchEntries(int count) {
        StringBuilder entries = new StringBuilder();
        for (int i = 0; i < count; i++) {
            entries.append(i == 0 ? "" : ",").append("{\"id\":\"").append(i).append("\"}");
        }
        return entries.toString();
    }
}
