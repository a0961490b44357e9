package io.fleuve.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.gateway.GatewayUnderTest.Client;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(GatewayUnderTest.class)
class TransactionalReadIT {

    private final Client client;

    TransactionalReadIT(Client client) {
        this.client = client;
    }

    private JsonNode read(String topic, String query) {
        return client.get(
                        "/topics/" + topic + "/partitions/0/records" + query,
                        "Accept",
                        "application/json")
                .expect(200)
                .json();
    }

    @Test
    void showsWhatIsCommittedAndDoesNotWaitForWhatIsNot() {
        String topic = client.createTopic(1);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                client.bootstrap(),
                                "transactional.id",
                                "tx-" + topic),
                        new StringSerializer(),
                        new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            var _ = producer.send(new ProducerRecord<>(topic, 0, null, "1"));
            producer.commitTransaction();
            producer.beginTransaction();
            var _ = producer.send(new ProducerRecord<>(topic, 0, null, "2"));
            producer.flush();
            producer.abortTransaction();
            producer.beginTransaction();
            var _ = producer.send(new ProducerRecord<>(topic, 0, null, "3"));
            producer.flush();

            long start = System.nanoTime();
            JsonNode page = read(topic, "");
            assertThat(page.get("records").valueStream().map(r -> r.get("value").intValue()))
                    .containsExactly(1);
            // The record, its marker, the aborted record and its marker are behind us.
            assertThat(page.get("next_offset").longValue()).isEqualTo(4);
            assertThat(page.get("end_offset").longValue()).isEqualTo(5);
            JsonNode blocked = read(topic, "?offset=4");
            assertThat(blocked.get("records")).isEmpty();
            assertThat(blocked.get("next_offset").longValue()).isEqualTo(4);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(4));
            producer.commitTransaction();
            assertThat(read(topic, "?offset=4&timeout=5000").at("/records/0/value").intValue())
                    .isEqualTo(3);
        }
    }
}
