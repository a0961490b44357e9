package io.fleuve.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.gateway.GatewayUnderTest.Answer;
import io.fleuve.gateway.GatewayUnderTest.Client;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(GatewayUnderTest.class)
class AtomicBatchIT {

    private final Client client;
    private final String cluster;

    AtomicBatchIT(Client client) {
        this.client = client;
        this.cluster = client.cluster();
    }

    private Answer post(String topic, String body, String... headers) {
        return client.post(
                cluster + "/topics/" + topic + "/records:batch", "application/json", body, headers);
    }

    private static String entry(String id, String topic, String value) {
        return "{\"id\":\"%s\",\"topic_name\":\"%s\",\"value\":{\"type\":\"STRING\",\"data\":\"%s\"}}"
                .formatted(id, topic, value);
    }

    private static String atomic(String... entries) {
        return "{\"atomic\":true,\"entries\":[" + String.join(",", entries) + "]}";
    }

    private List<String> values(String topic) {
        return CommittedRecords.values(client.bootstrap(), topic);
    }

    @Test
    void writesAllOfItOverSeveralTopics() {
        String a = client.createTopic(1);
        String b = client.createTopic(2);
        String[] entries =
                IntStream.range(0, 40)
                        .mapToObj(i -> entry("e" + i, i % 2 == 0 ? a : b, "v" + i))
                        .toArray(String[]::new);
        Answer answer = post(a, atomic(entries)).expect(207);
        assertThat(answer.json().get("failures")).isEmpty();
        assertThat(answer.json().get("successes")).hasSize(40);
        assertThat(answer.json().at("/successes/1/topic_name").stringValue()).isEqualTo(b);
        assertThat(answer.json().at("/successes/0/offset").longValue()).isZero();
        assertThat(values(a)).hasSize(20);
        assertThat(values(b)).hasSize(20);
    }

    @Test
    void writesNothingWhenTheBrokersRefuseOneRecord() {
        String a = client.createTopic(1);
        String small = "small-" + UUID.randomUUID();
        client.postJson(
                        cluster + "/topics",
                        "{\"topic_name\":\"%s\",\"partitions_count\":1,\"configs\":[{\"name\":\"max.message.bytes\",\"value\":\"500\"}]}"
                                .formatted(small))
                .expect(201);
        Answer refused =
                post(a, atomic(entry("1", a, "x"), entry("2", small, "y".repeat(1000))))
                        .expect(413);
        assertThat(refused.json().get("error_code").intValue()).isEqualTo(413);
        assertThat(refused.json().get("message").stringValue())
                .startsWith("Nothing of the batch was written, because of entry \"2\": ");
        assertThat(values(a)).isEmpty();
        assertThat(values(small)).isEmpty();
        post(a, atomic(entry("1", a, "x"), entry("2", small, "y"))).expect(207);
        assertThat(values(a)).containsExactly("x");
        assertThat(values(small)).containsExactly("y");
    }

    @Test
    void writesNothingWhenAnEntryIsWrong() {
        String a = client.createTopic(1);
        String partition =
                "{\"id\":\"p\",\"partition_id\":7,\"value\":{\"type\":\"STRING\",\"data\":\"y\"}}";
        Answer refused = post(a, atomic(entry("1", a, "x"), partition)).expect(404);
        assertThat(refused.json().get("error_code").intValue()).isEqualTo(40402);
        assertThat(refused.json().get("message").stringValue()).contains("entry \"p\"");
        String binary = "{\"id\":\"q\",\"value\":{\"type\":\"BINARY\",\"data\":\"***\"}}";
        post(a, atomic(entry("1", a, "x"), binary)).expect(400);
        assertThat(values(a)).isEmpty();
    }

    @Test
    void leavesOtherRequestsAloneThatShareItsTransaction() {
        String good = client.createTopic(1);
        String small = "small-" + UUID.randomUUID();
        client.postJson(
                        cluster + "/topics",
                        "{\"topic_name\":\"%s\",\"partitions_count\":1,\"configs\":[{\"name\":\"max.message.bytes\",\"value\":\"500\"}]}"
                                .formatted(small))
                .expect(201);
        List<CompletableFuture<Answer>> answers =
                IntStream.range(0, 60)
                        .mapToObj(
                                i ->
                                        CompletableFuture.supplyAsync(
                                                () ->
                                                        i % 3 == 0
                                                                ? post(
                                                                        small,
                                                                        atomic(
                                                                                entry(
                                                                                        "1",
                                                                                        small,
                                                                                        "y"
                                                                                                .repeat(
                                                                                                        1000))))
                                                                : post(
                                                                        good,
                                                                        atomic(
                                                                                entry(
                                                                                        "1", good,
                                                                                        "v" + i)))))
                        .toList();
        for (int i = 0; i < answers.size(); i++) {
            answers.get(i).join().expect(i % 3 == 0 ? 413 : 207);
        }
        assertThat(values(good)).hasSize(40).doesNotHaveDuplicates();
        assertThat(values(small)).isEmpty();
    }

    @Test
    void isRepeatedUnderAKeyWithoutEffect() {
        String a = client.createTopic(1);
        String b = client.createTopic(1);
        String body = atomic(entry("1", a, "x"), entry("2", b, "y"));
        String key = UUID.randomUUID().toString();
        Answer first = post(a, body, "Idempotency-Key", key).expect(207);
        Answer again = post(a, body, "Idempotency-Key", key).expect(207);
        assertThat(again.text()).isEqualTo(first.text());
        assertThat(again.header("idempotency-replayed")).isEqualTo("true");
        assertThat(values(a)).containsExactly("x");
        assertThat(values(b)).containsExactly("y");
    }

    @Test
    void refusesTopicNamesInABatchThatIsNotAtomic() {
        String a = client.createTopic(1);
        Answer answer = post(a, "{\"entries\":[" + entry("1", a, "x") + "]}").expect(207);
        assertThat(answer.json().at("/failures/0/message").stringValue())
                .isEqualTo("Bad Request: Unrecognized field \"topic_name\" in entry.");
    }
}
