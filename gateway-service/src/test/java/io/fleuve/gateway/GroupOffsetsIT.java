package io.fleuve.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fleuve.gateway.GatewayUnderTest.Answer;
import io.fleuve.gateway.GatewayUnderTest.Client;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(GatewayUnderTest.class)
class GroupOffsetsIT {

    private final Client client;
    private final String cluster;

    GroupOffsetsIT(Client client) {
        this.client = client;
        this.cluster = client.cluster();
    }

    @Test
    void aDryRunTellsWhatAResetWouldDoAndChangesNothing() {
        String topic = topicWithRecords(5);
        String group = commit(topic, 2);
        JsonNode plan =
                reset(group, "{\"target\":\"earliest\",\"dry_run\":true}").expect(200).json();
        assertThat(plan.get("kind").stringValue()).isEqualTo("KafkaConsumerGroupOffsetReset");
        assertThat(plan.get("dry_run").booleanValue()).isTrue();
        assertThat(plan.get("data").toString())
                .isEqualTo(
                        "[{\"topic_name\":\"%s\",\"partition_id\":0,\"old_offset\":2,\"new_offset\":0,\"clamped\":false,\"log_start_offset\":0,\"log_end_offset\":5,\"lag_before\":3,\"lag_after\":5}]"
                                .formatted(topic));
        assertThat(committed(group, topic, 0)).isEqualTo(2);

        JsonNode done = reset(group, "{\"target\":\"earliest\"}").expect(200).json();
        assertThat(done.get("dry_run").booleanValue()).isFalse();
        assertThat(done.get("data")).isEqualTo(plan.get("data"));
        assertThat(committed(group, topic, 0)).isZero();
    }

    @Test
    void movesToEachKindOfTarget() {
        String topic = topicWithRecords(5);
        String group = commit(topic, 2);
        assertThat(newOffset(group, "{\"target\":\"latest\"}")).isEqualTo(5);
        assertThat(newOffset(group, "{\"target\":\"offset\",\"offset\":3}")).isEqualTo(3);
        assertThat(newOffset(group, "{\"target\":\"shift-by\",\"shift_by\":-2}")).isEqualTo(1);
        assertThat(
                        newOffset(
                                group,
                                "{\"target\":\"timestamp\",\"timestamp\":\"2024-05-01T00:00:03Z\"}"))
                .isEqualTo(3);
        assertThat(
                        newOffset(
                                group,
                                "{\"target\":\"timestamp\",\"timestamp\":\"2030-01-01T00:00:00Z\"}"))
                .as("no record is that young")
                .isEqualTo(5);
        JsonNode clamped =
                reset(group, "{\"target\":\"offset\",\"offset\":99}")
                        .expect(200)
                        .json()
                        .at("/data/0");
        assertThat(clamped.get("new_offset").longValue()).isEqualTo(5);
        assertThat(clamped.get("clamped").booleanValue()).isTrue();
        assertThat(newOffset(group, "{\"target\":\"shift-by\",\"shift_by\":-9223372036854775808}"))
                .isZero();
        assertThat(committed(group, topic, 0)).isZero();
    }

    @Test
    void movesOnlyWhatIsNamed() {
        String topic = client.createTopic(3);
        String group = commit(topic, 0);
        String scope = "\"topics\":[{\"topic_name\":\"" + topic + "\"";
        assertThat(partitions(reset(group, "{\"target\":\"earliest\",\"dry_run\":true}")))
                .containsExactly(0);
        JsonNode all =
                reset(group, "{\"target\":\"earliest\",\"dry_run\":true," + scope + "}]}")
                        .expect(200)
                        .json();
        assertThat(all.get("data").size()).isEqualTo(3);
        assertThat(all.at("/data/1/old_offset").isNull()).as("never committed").isTrue();
        assertThat(all.at("/data/1/lag_before").isNull()).isTrue();
        assertThat(
                        partitions(
                                reset(
                                        group,
                                        "{\"target\":\"earliest\","
                                                + scope
                                                + ",\"partition_ids\":[2]}]}")))
                .containsExactly(2);
        assertThat(committed(group, topic, 2)).isZero();
        client.get(offsets(group) + "/" + topic + "/partitions/1").expect(404);

        assertThat(
                        reset(
                                        group,
                                        "{\"target\":\"earliest\","
                                                + scope
                                                + ",\"partition_ids\":[3]}]}")
                                .expect(404)
                                .json()
                                .get("error_code")
                                .intValue())
                .isEqualTo(40403);
        assertThat(
                        reset(
                                        group,
                                        "{\"target\":\"shift-by\",\"shift_by\":1,"
                                                + scope
                                                + ",\"partition_ids\":[1]}]}")
                                .expect(422)
                                .text())
                .contains("no committed offset for partition 1");
    }

    @Test
    void aGroupWithMembersIsNeitherMovedNorDeleted() {
        String topic = topicWithRecords(3);
        String group = "g-" + topic;
        String path = cluster + "/consumer-groups/" + group;
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(group)) {
            consumer.subscribe(List.of(topic));
            await().atMost(Duration.ofSeconds(60))
                    .until(
                            () -> {
                                consumer.poll(Duration.ofMillis(100));
                                return !consumer.assignment().isEmpty();
                            });
            consumer.commitSync(Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(1)));
            for (Answer refused :
                    List.of(
                            reset(group, "{\"target\":\"earliest\"}"),
                            reset(group, "{\"target\":\"earliest\",\"dry_run\":true}"),
                            client.delete(path))) {
                assertThat(refused.expect(409).text())
                        .isEqualTo(
                                "{\"error_code\":40904,\"message\":\"Consumer Group %s has live members. Stop them first, then try again.\"}"
                                        .formatted(group));
            }
            describesTheMembersOf(path, topic);
        }
        assertThat(committed(group, topic, 0)).isEqualTo(1);
        client.delete(path).expect(204);
        client.get(path).expect(404);
        client.delete(path).expect(404);
        reset(group, "{\"target\":\"earliest\"}").expect(404);
    }

    private void describesTheMembersOf(String path, String topic) {
        JsonNode consumers = client.get(path + "/consumers").expect(200).json();
        assertThat(consumers.get("kind").stringValue()).isEqualTo("KafkaConsumerList");
        assertThat(consumers.get("data").size()).isEqualTo(1);
        JsonNode member = consumers.at("/data/0");
        assertThat(member.propertyNames())
                .containsExactly(
                        "kind",
                        "metadata",
                        "cluster_id",
                        "consumer_group_id",
                        "consumer_id",
                        "instance_id",
                        "client_id",
                        "assignments");
        assertThat(member.get("instance_id").isNull()).isTrue();
        assertThat(member.get("client_id").stringValue()).isEqualTo("member-" + topic);
        String self = member.at("/metadata/self").stringValue();
        String own = self.substring(client.baseUrl().length());
        assertThat(client.get(own).expect(200).json()).isEqualTo(member);
        JsonNode assignments = client.get(own + "/assignments").expect(200).json();
        assertThat(assignments.get("kind").stringValue()).isEqualTo("KafkaConsumerAssignmentList");
        assertThat(assignments.at("/data/0/topic_name").stringValue()).isEqualTo(topic);
        assertThat(client.get(own + "/assignments/" + topic + "/partitions/0").expect(200).json())
                .isEqualTo(assignments.at("/data/0"));
        assertThat(assignments.at("/data/0/lag/related").stringValue())
                .isEqualTo(client.baseUrl() + path + "/lags/" + topic + "/partitions/0");
        client.get(own + "/assignments/" + topic + "/partitions/1").expect(404);
        assertThat(client.get(path + "/consumers/nobody").expect(404).text())
                .contains("HTTP 404 Not Found");
        assertThat(client.get(path + "/consumers/nobody/assignments").expect(404).text())
                .contains("Consumer nobody does not exist.");
        assertThat(client.get(path + "/lags").expect(200).json().at("/data/0/consumer_id"))
                .isEqualTo(member.get("consumer_id"));
    }

    @Test
    void tellsWhatAGroupHasCommitted() {
        String topic = client.createTopic(1);
        String group = commit(topic, 0);
        JsonNode list = client.get(offsets(group)).expect(200).json();
        assertThat(list.get("kind").stringValue()).isEqualTo("KafkaConsumerGroupOffsetList");
        assertThat(list.get("data").size()).isEqualTo(1);
        assertThat(client.get(offsets(group) + "/" + topic + "/partitions/0").expect(200).json())
                .isEqualTo(list.at("/data/0"));
        assertThat(list.at("/data/0/committed_metadata").stringValue()).isEmpty();
        client.get(offsets("nobody-" + group)).expect(404);
    }

    private Answer reset(String group, String body) {
        return client.postJson(offsets(group) + ":reset", body);
    }

    private long newOffset(String group, String body) {
        return reset(group, body).expect(200).json().at("/data/0/new_offset").longValue();
    }

    private static List<Integer> partitions(Answer answer) {
        return answer.expect(200)
                .json()
                .get("data")
                .valueStream()
                .map(change -> change.get("partition_id").intValue())
                .toList();
    }

    private String offsets(String group) {
        return cluster + "/consumer-groups/" + group + "/offsets";
    }

    private long committed(String group, String topic, int partition) {
        return client.get(offsets(group) + "/" + topic + "/partitions/" + partition)
                .expect(200)
                .json()
                .get("committed_offset")
                .longValue();
    }

    /** One record a second, from the beginning of May 2024. */
    private String topicWithRecords(int count) {
        String topic = client.createTopic(1);
        StringBuilder records = new StringBuilder();
        for (int i = 0; i < count; i++) {
            records.append(
                    "{\"timestamp\":\"2024-05-01T00:00:0%dZ\",\"value\":{\"type\":\"STRING\",\"data\":\"x\"}}"
                            .formatted(i));
        }
        client.postJson(cluster + "/topics/" + topic + "/records", records.toString()).expect(200);
        return topic;
    }

    /** A group without members that has committed an offset of partition 0. */
    private String commit(String topic, long offset) {
        String group = "g-" + topic;
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(group)) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(offset)));
        }
        return group;
    }

    private KafkaConsumer<byte[], byte[]> consumer(String group) {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        client.bootstrap(),
                        ConsumerConfig.GROUP_ID_CONFIG,
                        group,
                        ConsumerConfig.CLIENT_ID_CONFIG,
                        "member-" + group.substring(2),
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
