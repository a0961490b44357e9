package io.fleuve.conformance.scenario;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;

/** What tools see of logs. */
final class InspectionScenarios {

    private InspectionScenarios() {}

    static Stream<Scenario> all() {
        return Stream.of(
                new Scenario("producers of a partition", InspectionScenarios::producers),
                new Scenario("directories of logs", InspectionScenarios::logDirs));
    }

    private static void producers(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(2, Map.of());
        try (Admin admin = client.admin();
                KafkaProducer<byte[], byte[]> one = client.producer(Map.of());
                KafkaProducer<byte[], byte[]> other =
                        client.producer(Map.of("enable.idempotence", false))) {
            seen.saw("before", producers(admin, new TopicPartition(topic, 0)));
            for (int i = 0; i < 5; i++) {
                one.send(new ProducerRecord<>(topic, 0, null, Client.bytes("one"))).get();
                other.send(new ProducerRecord<>(topic, 1, null, Client.bytes("other"))).get();
            }
            seen.saw("of an idempotent producer", producers(admin, new TopicPartition(topic, 0)));
            seen.saw("of another one", producers(admin, new TopicPartition(topic, 1)));
            seen.sawOutcome(
                    "of a partition that does not exist",
                    () -> producers(admin, new TopicPartition(topic, 7)));
        }
    }

    private static List<String> producers(Admin admin, TopicPartition partition) throws Exception {
        return admin
                .describeProducers(List.of(partition))
                .partitionResult(partition)
                .get()
                .activeProducers()
                .stream()
                .map(InspectionScenarios::describe)
                .toList();
    }

    private static String describe(ProducerState state) {
        return "epoch %d, last sequence %d, has an id: %s, has a time: %s, transaction from %s"
                .formatted(
                        state.producerEpoch(),
                        state.lastSequence(),
                        state.producerId() >= 0,
                        state.lastTimestamp() > 1_700_000_000_000L,
                        state.currentTransactionStartOffset());
    }

    private static void logDirs(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(2, Map.of());
        try (Admin admin = client.admin()) {
            int broker = admin.describeCluster().nodes().get().iterator().next().id();
            seen.saw("sizes of empty partitions", sizes(admin, broker, topic));
            RecordScenarios.produceNumbers(client, topic, 1_000, Map.of());
            Map<String, LogDirDescription> dirs = dirs(admin, broker);
            seen.saw("directories", dirs.size());
            dirs.values().forEach(dir -> seen.saw("error", dir.error()));
            seen.saw(
                    "some size",
                    sizes(admin, broker, topic).values().stream()
                            .map(size -> size > 1_000)
                            .toList());
            String dir = dirs.keySet().iterator().next();
            for (var target :
                    Map.of("moved where it is", dir, "moved elsewhere", "/no/such/directory")
                            .entrySet()) {
                TopicPartitionReplica replica = new TopicPartitionReplica(topic, 0, broker);
                seen.sawOutcome(
                        target.getKey(),
                        () ->
                                admin.alterReplicaLogDirs(Map.of(replica, target.getValue()))
                                        .all()
                                        .get());
            }
        }
    }

    private static Map<String, LogDirDescription> dirs(Admin admin, int broker) throws Exception {
        return Objects.requireNonNull(
                admin.describeLogDirs(List.of(broker)).allDescriptions().get().get(broker));
    }

    private static Map<Integer, Long> sizes(Admin admin, int broker, String topic)
            throws Exception {
        Map<Integer, Long> sizes = new TreeMap<>();
        dirs(admin, broker)
                .values()
                .forEach(
                        dir ->
                                dir.replicaInfos()
                                        .forEach(
                                                (partition, replica) -> {
                                                    if (partition.topic().equals(topic)) {
                                                        sizes.put(
                                                                partition.partition(),
                                                                replica.size());
                                                    }
                                                }));
        return sizes;
    }
}
