package io.fleuve.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.gateway.GatewayUnderTest.Answer;
import io.fleuve.gateway.GatewayUnderTest.Client;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code Prefer: handling=strict} and {@code traceparent}, on all ways to produce. */
@ExtendWith(GatewayUnderTest.class)
class StrictProduceIT {

    private static final String JSON_RECORDS = "application/vnd.kafka.json.v2+json";
    private static final String[] STRICT = {"Prefer", "handling=strict"};
    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final Client client;
    private final String cluster;

    StrictProduceIT(Client client) {
        this.client = client;
        this.cluster = client.cluster();
    }

    private Answer records(String topic, String body, String... headers) {
        return client.post(
                cluster + "/topics/" + topic + "/records", "application/json", body, headers);
    }

    private Answer batch(String topic, String body, String... headers) {
        return client.post(
                cluster + "/topics/" + topic + "/records:batch", "application/json", body, headers);
    }

    private static String value(String text) {
        return "{\"value\":{\"type\":\"STRING\",\"data\":\"" + text + "\"}}";
    }

    private static void assertError(Answer answer, int status, int code) {
        answer.expect(status);
        assertThat(answer.json().get("error_code").intValue()).isEqualTo(code);
    }

    private String smallTopic() {
        String topic = "small-" + UUID.randomUUID();
        client.postJson(
                        cluster + "/topics",
                        "{\"topic_name\":\"%s\",\"partitions_count\":1,\"configs\":[{\"name\":\"max.message.bytes\",\"value\":\"500\"}]}"
                                .formatted(topic))
                .expect(201);
        return topic;
    }

    @Test
    void tellsByTheStatusThatALoneRecordIsTooLarge() {
        String topic = smallTopic();
        String large = "x".repeat(1000);
        assertThat(records(topic, value(large)).expect(200).json().get("error_code").intValue())
                .isEqualTo(413);
        assertError(records(topic, value(large), STRICT), 413, 413);
        String entry = "{\"entries\":[{\"id\":\"1\"," + value(large).substring(1) + "]}";
        batch(topic, entry).expect(207);
        assertError(batch(topic, entry, STRICT), 413, 413);
        String v2 = "{\"records\":[{\"value\":\"" + large + "\"}]}";
        client.post("/topics/" + topic, JSON_RECORDS, v2).expect(200);
        assertError(client.post("/topics/" + topic, JSON_RECORDS, v2, STRICT), 413, 413);
    }

    @Test
    void tellsByTheStatusWhatIsWrongWithALoneRecord() {
        String topic = client.createTopic(1);
        assertError(
                records(topic, "{\"value\":{\"type\":\"BINARY\",\"data\":\"***\"}}", STRICT),
                400,
                400);
        assertError(records(topic, "{\"value\":{\"type\":\"AVRO\"}}", STRICT), 422, 42206);
        assertError(records(topic, "{\"partition_id\":9}", STRICT), 404, 40402);
        assertError(records(topic, "{", STRICT), 400, 400);
        assertError(records(topic, "\u0000", STRICT), 400, 400);
        assertThat(CommittedRecords.values(client.bootstrap(), topic)).isEmpty();
    }

    @Test
    void saysThatThePreferenceWasApplied() {
        String topic = client.createTopic(1);
        Answer lone = records(topic, value("a"), STRICT).expect(200);
        assertThat(lone.header("preference-applied")).isEqualTo("handling=strict");
        assertThat(lone.json().get("offset").longValue()).isZero();
        Answer several = records(topic, value("b") + "{\"partition_id\":9}", STRICT).expect(200);
        assertThat(several.text()).contains("\"error_code\":200").contains("\"error_code\":40402");
        Answer v2 =
                client.post(
                        "/topics/" + topic, JSON_RECORDS, "{\"records\":[{\"value\":1}]}", STRICT);
        assertThat(v2.expect(200).header("preference-applied")).isEqualTo("handling=strict");
        assertThat(records(topic, value("c")).expect(200).headers())
                .doesNotContainKey("preference-applied");
    }

    @Test
    void putsTheTraceOfARequestIntoItsRecords() {
        String topic = client.createTopic(1);
        String[] trace = {"traceparent", PARENT, "tracestate", "a=1"};
        records(topic, value("stream"), trace).expect(200);
        batch(topic, "{\"entries\":[{\"id\":\"1\"," + value("b").substring(1) + "]}", trace)
                .expect(207);
        client.post("/topics/" + topic, JSON_RECORDS, "{\"records\":[{\"value\":1}]}", trace)
                .expect(200);
        records(
                        topic,
                        "{\"headers\":[{\"name\":\"traceparent\",\"value\":\"b3du\"}],\"value\":{\"type\":\"STRING\",\"data\":\"own\"}}",
                        trace)
                .expect(200);
        List<ConsumerRecord<String, String>> read = CommittedRecords.of(client.bootstrap(), topic);
        assertThat(read).hasSize(4);
        for (ConsumerRecord<String, String> record : read.subList(0, 3)) {
            assertThat(new String(record.headers().lastHeader("traceparent").value(), UTF_8))
                    .isEqualTo(PARENT);
            assertThat(new String(record.headers().lastHeader("tracestate").value(), UTF_8))
                    .isEqualTo("a=1");
        }
        assertThat(new String(read.get(3).headers().lastHeader("traceparent").value(), UTF_8))
                .isEqualTo("own");
    }
}
