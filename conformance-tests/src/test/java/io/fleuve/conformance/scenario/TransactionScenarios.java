package io.fleuve.conformance.scenario;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** Transactions: what is seen of those that were committed and of those that were not. */
final class TransactionScenarios {

    private TransactionScenarios() {}

    static Stream<Scenario> all() {
        return Stream.of(
                new Scenario(
                        "transactions committed and aborted", TransactionScenarios::commitAndAbort),
                new Scenario("offsets in transactions", TransactionScenarios::offsets),
                new Scenario(
                        "a second producer of one transactional id",
                        TransactionScenarios::fencing));
    }

    private static void commitAndAbort(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(2, Map.of());
        try (KafkaProducer<byte[], byte[]> producer =
                producer(client, Client.newName("transaction"))) {
            producer.initTransactions();
            transaction(producer, topic, "one");
            producer.commitTransaction();
            transaction(producer, topic, "two");
            producer.abortTransaction();
            transaction(producer, topic, "three");
            producer.commitTransaction();
        }
        seen.saw("uncommitted", values(client, topic, 18, "read_uncommitted"));
        seen.saw("committed", values(client, topic, 12, "read_committed"));
    }

    private static void offsets(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(1, Map.of());
        String group = Client.newName("group");
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaProducer<byte[], byte[]> producer =
                        producer(client, Client.newName("transaction"));
                KafkaConsumer<byte[], byte[]> consumer =
                        client.consumer(Map.of("group.id", group));
                Admin admin = client.admin()) {
            producer.initTransactions();
            for (long offset : List.of(3L, 7L)) {
                producer.beginTransaction();
                producer.sendOffsetsToTransaction(
                        Map.of(partition, new OffsetAndMetadata(offset)), consumer.groupMetadata());
                if (offset == 3L) {
                    producer.commitTransaction();
                } else {
                    producer.abortTransaction();
                }
            }
            seen.saw("committed", GroupScenarios.committed(admin, group));
        }
    }

    private static void fencing(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(2, Map.of());
        String id = Client.newName("transaction");
        try (KafkaProducer<byte[], byte[]> first = producer(client, id);
                KafkaProducer<byte[], byte[]> second = producer(client, id)) {
            first.initTransactions();
            transaction(first, topic, "of the first");
            second.initTransactions();
            seen.sawOutcome(
                    "the first commits",
                    () -> {
                        first.commitTransaction();
                        return "committed";
                    });
            transaction(second, topic, "of the second");
            second.commitTransaction();
        }
        seen.saw("committed", values(client, topic, 6, "read_committed"));
    }

    private static void transaction(
            KafkaProducer<byte[], byte[]> producer, String topic, String value) throws Exception {
        producer.beginTransaction();
        for (int i = 0; i < 6; i++) {
            producer.send(new ProducerRecord<>(topic, i % 2, null, Client.bytes(value + " " + i)))
                    .get();
        }
    }

    private static List<String> values(Client client, String topic, int count, String isolation) {
        return client.read(topic, 2, count, Map.of("isolation.level", isolation)).stream()
                .map(TransactionScenarios::describe)
                .sorted()
                .toList();
    }

    private static String describe(ConsumerRecord<byte[], byte[]> message) {
        return message.partition() + ":" + message.offset() + " " + Client.text(message.value());
    }

    private static KafkaProducer<byte[], byte[]> producer(Client client, String transactionalId) {
        return client.producer(
                Map.of("transactional.id", transactionalId, "max.block.ms", 15_000L));
    }
}
