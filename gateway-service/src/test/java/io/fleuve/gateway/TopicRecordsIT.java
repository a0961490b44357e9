package io.fleuve.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.gateway.GatewayUnderTest.Client;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(GatewayUnderTest.class)
class TopicRecordsIT {

    private final Client client;

    TopicRecordsIT(Client client) {
        this.client = client;
    }

    private JsonNode read(String topic, String query) {
        return client.get("/topics/" + topic + "/records" + query).expect(200).json();
    }

    private KafkaProducer<String, String> producer(Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put("bootstrap.servers", client.bootstrap());
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    /** Record n goes to partition n % 3, later than the one before it. */
    private String topicOf(int count) throws Exception {
        String topic = client.createTopic(3);
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            for (int n = 0; n < count; n++) {
                var _ =
                        producer.send(
                                new ProducerRecord<>(
                                        topic, n % 3, 1_000_000L + n, "k", "{\"n\":" + n + "}"));
            }
            producer.flush();
        }
        return topic;
    }

    private static List<Integer> numbers(JsonNode page) {
        return page.get("records").valueStream().map(r -> r.at("/value/n").intValue()).toList();
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    @Test
    void leafsThroughAllPartitionsByNext() throws Exception {
        String topic = topicOf(100);
        List<Integer> seen = new ArrayList<>();
        JsonNode page = read(topic, "?max_records=20");
        assertThat(numbers(page)).hasSize(20);
        assertThat(page.get("records").valueStream().map(r -> r.get("partition").intValue()))
                .contains(0, 1, 2);
        int pages = 0;
        while (!page.get("records").isEmpty()) {
            seen.addAll(numbers(page));
            pages++;
            page = read(topic, "?max_records=20&from=" + page.get("next").stringValue());
        }
        assertThat(pages).isEqualTo(5);
        assertThat(seen).containsExactlyInAnyOrderElementsOf(range(0, 100));
        assertThat(page.toString())
                .isEqualTo(
                        "{\"records\":[],\"partitions\":[{\"partition\":0,\"next_offset\":34,\"begin_offset\":0,\"end_offset\":34},"
                                + "{\"partition\":1,\"next_offset\":33,\"begin_offset\":0,\"end_offset\":33},"
                                + "{\"partition\":2,\"next_offset\":33,\"begin_offset\":0,\"end_offset\":33}],"
                                + "\"next\":\"0:34,1:33,2:33\"}");
    }

    @Test
    void mergesPartitionsByTimeAndBeginsWhereItIsTold() throws Exception {
        String topic = topicOf(30);
        assertThat(numbers(read(topic, ""))).isEqualTo(range(0, 30));
        assertThat(numbers(read(topic, "?from=1000021"))).isEqualTo(range(21, 30));
        assertThat(numbers(read(topic, "?from=-2"))).isEqualTo(range(24, 30));
        assertThat(numbers(read(topic, "?partitions=1&from=1:8"))).containsExactly(25, 28);
        assertThat(numbers(read(topic, "?partitions=0,2&from=0:-1,2:9"))).containsExactly(27, 29);
        assertThat(numbers(read(topic, "?from=end"))).isEmpty();
        // One record is always given, if only to say that it is too large.
        JsonNode tooLarge = read(topic, "?max_bytes=1").get("records");
        assertThat(tooLarge).hasSize(1);
        assertThat(tooLarge.at("/0/errors/0/message").stringValue()).contains("max_bytes=1");
    }

    @Test
    void sharesItsBoundsAmongPartitionsOfDifferentLength() throws Exception {
        String topic = client.createTopic(2);
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            for (int n = 0; n < 1000; n++) {
                var _ = producer.send(new ProducerRecord<>(topic, 0, null, "{\"n\":" + n + "}"));
            }
            for (int n = 0; n < 3; n++) {
                var _ = producer.send(new ProducerRecord<>(topic, 1, null, "{\"n\":-1}"));
            }
            producer.flush();
        }
        JsonNode page = read(topic, "?max_records=100");
        assertThat(page.at("/partitions/1/next_offset").longValue()).isEqualTo(3);
        // What the short one left over goes to the long one.
        assertThat(page.at("/partitions/0/next_offset").longValue()).isEqualTo(97);
        assertThat(numbers(page)).hasSize(100);
    }

    @Test
    void showsTheNewestFirstAndLeafsBack() throws Exception {
        String topic = topicOf(50);
        List<Integer> seen = new ArrayList<>();
        JsonNode page = read(topic, "?newest=20");
        assertThat(numbers(page)).isEqualTo(range(30, 50).reversed());
        String next = page.get("next").stringValue();
        seen.addAll(numbers(page));
        while (page.has("previous")) {
            page = read(topic, "?newest=20&before=" + page.get("previous").stringValue());
            seen.addAll(numbers(page));
        }
        assertThat(seen).isEqualTo(range(0, 50).reversed());
        assertThat(numbers(read(topic, "?from=" + next))).isEmpty();
        assertThat(numbers(read(topic, "?newest=3&partitions=1"))).containsExactly(49, 46, 43);
        assertThat(numbers(read(topic, "?newest=2&before=1000010"))).containsExactly(9, 8);
        assertThat(read(client.createTopic(2), "?newest=5").toString())
                .contains("\"records\":[]")
                .doesNotContain("\"previous\":");
    }

    @Test
    void findsTheNewestBehindAbortedTransactions() throws Exception {
        String topic = client.createTopic(1);
        try (KafkaProducer<String, String> producer =
                producer(Map.of("transactional.id", "tx-" + topic))) {
            producer.initTransactions();
            producer.beginTransaction();
            var _ = producer.send(new ProducerRecord<>(topic, 0, null, "{\"n\":1}"));
            producer.commitTransaction();
            producer.beginTransaction();
            for (int n = 0; n < 100; n++) {
                var _ = producer.send(new ProducerRecord<>(topic, 0, null, "{\"n\":2}"));
            }
            producer.flush();
            producer.abortTransaction();
        }
        assertThat(numbers(read(topic, "?newest=5"))).containsExactly(1);
        assertThat(numbers(read(topic, "?newest=5&isolation=read_uncommitted")))
                .containsExactly(2, 2, 2, 2, 2);
        assertThat(read(topic, "").get("next").stringValue()).isEqualTo("0:103");
    }

    @Test
    void explainsWhatDoesNotFitAndNamesTheParameterAtFault() throws Exception {
        String topic = topicOf(3);
        assertThat(
                        read(topic, "?key_format=json&partitions=0")
                                .at("/records/0/errors/0/field")
                                .stringValue())
                .isEqualTo("key");
        for (String query :
                List.of(
                        "?from=x",
                        "?partitions=0,",
                        "?max_records=0",
                        "?timeout=x",
                        "?newest=0",
                        "?newest=99999",
                        "?newest=1&from=start",
                        "?before=end",
                        "?isolation=x",
                        "?format=x")) {
            assertThat(client.get("/topics/" + topic + "/records" + query).expect(400).text())
                    .contains(query.substring(1, query.indexOf('=')));
        }
        assertThat(client.get("/topics/" + topic + "/records?from=2:5").expect(416).text())
                .contains("Partition 2: Offset 5 is out of range");
        assertThat(client.get("/topics/" + topic + "/records?partitions=3").expect(404).text())
                .contains("40402");
        assertThat(client.get("/topics/nope/records").expect(404).text()).contains("40401");
    }
}
