package io.fleuve.conformance.scenario;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import io.fleuve.conformance.scenario.TransactionWire.Generation;
import io.fleuve.conformance.scenario.TransactionWire.Identity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchResponse;

/** What readers see of transactions, at both isolation levels. */
final class TransactionReadScenarios {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private TransactionReadScenarios() {}

    static Stream<Scenario> all() {
        return Stream.of(
                new Scenario(
                        "readers of a transaction that is committed",
                        (client, seen) -> openThenEnded(client, seen, true)),
                new Scenario(
                        "readers of a transaction that is aborted",
                        (client, seen) -> openThenEnded(client, seen, false)),
                new Scenario(
                        "transactions side by side, old generation",
                        (client, seen) -> sideBySide(client, seen, TransactionWire.FIRST)),
                new Scenario(
                        "transactions side by side, new generation",
                        (client, seen) -> sideBySide(client, seen, TransactionWire.SECOND)),
                new Scenario(
                        "a transaction over several topics",
                        TransactionReadScenarios::severalTopics),
                new Scenario("empty transactions", TransactionReadScenarios::empty));
    }

    private static void openThenEnded(Client client, Observation seen, boolean commit)
            throws Exception {
        String topic = client.newTopic(1, Map.of());
        TopicPartition partition = new TopicPartition(topic, 0);
        // The marker's time is the broker's: records of the future stay the latest.
        long base = System.currentTimeMillis() + 600_000;
        try (KafkaProducer<byte[], byte[]> plain = client.producer(Map.of());
                KafkaProducer<byte[], byte[]> producer =
                        TransactionProducers.producer(
                                client, Client.newName("transaction"), Map.of());
                TransactionWire wire = new TransactionWire(client);
                Admin admin = client.admin()) {
            producer.initTransactions();
            producer.beginTransaction();
            send(plain, partition, base, "plain 0");
            send(plain, partition, base + 1, "plain 1");
            send(producer, partition, base + 2, "transaction 2");
            send(producer, partition, base + 3, "transaction 3");
            send(plain, partition, base + 4, "plain 4");
            sawAll(seen, "open", client, wire, admin, partition, base, 2);
            if (commit) {
                producer.commitTransaction();
            } else {
                producer.abortTransaction();
            }
            send(plain, partition, base + 6, "plain 6");
            awaitStable(admin, partition, 7);
            sawAll(seen, "ended", client, wire, admin, partition, base, commit ? 6 : 4);
        }
    }

    private static void send(
            KafkaProducer<byte[], byte[]> producer, TopicPartition to, long at, String value)
            throws Exception {
        producer.send(
                        new ProducerRecord<>(
                                to.topic(), to.partition(), at, null, Client.bytes(value)))
                .get();
    }

    private static void awaitStable(Admin admin, TopicPartition partition, long offset) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () ->
                                latest(admin, partition, IsolationLevel.READ_COMMITTED)
                                        .equals("offset " + offset));
    }

    private static String latest(Admin admin, TopicPartition partition, IsolationLevel isolation)
            throws Exception {
        return lookedUp(admin, partition, isolation, OffsetSpec.latest(), 0).replaceAll(", .*", "");
    }

    private static String lookedUp(
            Admin admin,
            TopicPartition partition,
            IsolationLevel isolation,
            OffsetSpec spec,
            long base)
            throws Exception {
        var found =
                admin.listOffsets(Map.of(partition, spec), new ListOffsetsOptions(isolation))
                        .partitionResult(partition)
                        .get();
        String time = found.timestamp() < 0 ? "no time" : "time " + (found.timestamp() - base);
        return "offset %d, %s".formatted(found.offset(), time);
    }

    /** Everything that tells how far a reader may read, at both levels. */
    private static void sawAll(
            Observation seen,
            String moment,
            Client client,
            TransactionWire wire,
            Admin admin,
            TopicPartition partition,
            long base,
            int committed)
            throws Exception {
        for (IsolationLevel isolation : IsolationLevel.values()) {
            boolean isCommitted = isolation == IsolationLevel.READ_COMMITTED;
            String level = moment + ", " + isolation.toString() + ": ";
            Map<String, OffsetSpec> specs =
                    Map.of(
                            "earliest", OffsetSpec.earliest(),
                            "latest", OffsetSpec.latest(),
                            "latest time", OffsetSpec.maxTimestamp(),
                            "time before all", OffsetSpec.forTimestamp(base - 1_000_000),
                            "time of the first", OffsetSpec.forTimestamp(base),
                            "time in the transaction", OffsetSpec.forTimestamp(base + 3),
                            "time behind the transaction", OffsetSpec.forTimestamp(base + 4),
                            "time behind all", OffsetSpec.forTimestamp(base + 1_000));
            specs.forEach(
                    (name, spec) ->
                            seen.sawOutcome(
                                    level + name,
                                    () -> lookedUp(admin, partition, isolation, spec, base)));
            try (KafkaConsumer<byte[], byte[]> consumer =
                    client.consumer(Map.of("isolation.level", isolation.toString()))) {
                consumer.assign(List.of(partition));
                List<String> values = new ArrayList<>();
                long end = requireNonNull(consumer.endOffsets(List.of(partition)).get(partition));
                await().atMost(PATIENCE)
                        .until(
                                () -> {
                                    consumer.poll(Duration.ofMillis(100))
                                            .forEach(r -> values.add(describe(r)));
                                    return consumer.position(partition) >= end;
                                });
                seen.saw(level + "records", values);
                seen.saw(level + "end", end);
                seen.saw(level + "position", consumer.position(partition));
                seen.saw(level + "lag", consumer.currentLag(partition));
                OffsetAndTimestamp byTime =
                        consumer.offsetsForTimes(Map.of(partition, base + 2)).get(partition);
                seen.saw(level + "by time", byTime == null ? "none" : byTime.offset());
            }
            seen.saw(level + "fetched", fetched(wire, partition, 0, isCommitted));
            seen.saw(level + "fetched in it", fetched(wire, partition, 3, isCommitted));
            seen.saw(level + "fetched behind it", fetched(wire, partition, 4, isCommitted));
        }
        seen.saw(
                moment + ", read",
                client.read(
                                partition.topic(),
                                1,
                                committed,
                                Map.of("isolation.level", "read_committed"))
                        .size());
    }

    private static String fetched(
            TransactionWire wire, TopicPartition partition, long offset, boolean committed) {
        FetchResponseData.PartitionData data =
                wire.fetch(partition.topic(), partition.partition(), offset, committed);
        return "%s, high watermark %d, stable %d, aborted %s, records: %s"
                .formatted(
                        Errors.forCode(data.errorCode()),
                        data.highWatermark(),
                        data.lastStableOffset(),
                        data.abortedTransactions() == null
                                ? "unknown"
                                // Apache Kafka may name some of which nothing can be read yet.
                                : data.abortedTransactions().stream()
                                        .filter(
                                                each ->
                                                        each.firstOffset()
                                                                < data.lastStableOffset())
                                        .map(FetchResponseData.AbortedTransaction::firstOffset)
                                        .sorted()
                                        .toList(),
                        FetchResponse.recordsSize(data) > 0);
    }

    private static String describe(ConsumerRecord<byte[], byte[]> message) {
        return message.offset() + " " + Client.text(message.value());
    }

    private static void sideBySide(Client client, Observation seen, Generation versions)
            throws Exception {
        String topic = client.newTopic(1, Map.of());
        TopicPartition partition = new TopicPartition(topic, 0);
        try (TransactionWire wire = new TransactionWire(client)) {
            List<Identity> producers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                producers.add(wire.newProducer());
                TransactionErrorScenarios.begin(wire, producers.get(i), versions, topic);
                saw(seen, "begun " + i, wire, partition);
            }
            for (int i = 3; i >= 0; i--) {
                seen.saw(
                        "more of " + i,
                        wire.produce(producers.get(i), versions.produce(), topic, 0, 1));
            }
            for (int i : List.of(1, 0, 3)) {
                wire.endAndAwait(producers.get(i), i == 0, versions.end());
                saw(seen, "ended " + i, wire, partition);
            }
            Identity again = wire.init(producers.get(1).transactionalId());
            TransactionErrorScenarios.begin(wire, again, versions, topic);
            saw(seen, "begun again", wire, partition);
            wire.endAndAwait(producers.get(2), false, versions.end());
            saw(seen, "ended 2", wire, partition);
            wire.endAndAwait(again, true, versions.end());
            saw(seen, "all ended", wire, partition);
            for (long offset = 1; offset < 14; offset++) {
                seen.saw("fetched from " + offset, fetched(wire, partition, offset, true));
            }
        }
        seen.saw(
                "read",
                client.read(topic, 1, 3, Map.of("isolation.level", "read_committed")).stream()
                        .map(TransactionReadScenarios::describe)
                        .toList());
        seen.saw("read uncommitted", client.read(topic, 1, 9, Map.of()).size());
    }

    private static void saw(
            Observation seen, String fact, TransactionWire wire, TopicPartition partition) {
        seen.saw(fact, fetched(wire, partition, 0, true));
    }

    private static void severalTopics(Client client, Observation seen) throws Exception {
        List<String> topics = List.of(client.newTopic(2, Map.of()), client.newTopic(3, Map.of()));
        try (KafkaProducer<byte[], byte[]> producer =
                        TransactionProducers.producer(
                                client, Client.newName("transaction"), Map.of());
                Admin admin = client.admin()) {
            producer.initTransactions();
            for (int round = 0; round < 4; round++) {
                producer.beginTransaction();
                for (int i = 0; i < 10; i++) {
                    TopicPartition to = new TopicPartition(topics.get(i % 2), i / 2 % (2 + i % 2));
                    send(producer, to, System.currentTimeMillis(), round + "." + i);
                }
                if (round % 2 == 0) {
                    producer.commitTransaction();
                } else {
                    producer.abortTransaction();
                }
            }
            for (int i = 0; i < 2; i++) {
                String topic = topics.get(i);
                seen.saw(
                        "committed in topic " + i,
                        client
                                .read(topic, 2 + i, 10, Map.of("isolation.level", "read_committed"))
                                .stream()
                                .map(found -> found.partition() + ":" + describe(found))
                                .sorted()
                                .toList());
                for (int partition = 0; partition < 2 + i; partition++) {
                    TopicPartition of = new TopicPartition(topic, partition);
                    // The last end was an abort: its marker may be on its way still.
                    await().atMost(PATIENCE)
                            .until(
                                    () ->
                                            latest(admin, of, IsolationLevel.READ_COMMITTED)
                                                    .equals(
                                                            latest(
                                                                    admin,
                                                                    of,
                                                                    IsolationLevel
                                                                            .READ_UNCOMMITTED)));
                    seen.saw(
                            "end of " + i + "-" + partition,
                            latest(admin, of, IsolationLevel.READ_COMMITTED));
                }
            }
        }
    }

    private static void empty(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(1, Map.of());
        String id = Client.newName("transaction");
        try (KafkaProducer<byte[], byte[]> producer =
                        TransactionProducers.producer(client, id, Map.of());
                TransactionWire wire = new TransactionWire(client)) {
            Identity named = new Identity(id, -1, (short) -1);
            producer.initTransactions();
            producer.beginTransaction();
            producer.commitTransaction();
            seen.saw("after an empty commit", wire.state(named));
            producer.beginTransaction();
            producer.abortTransaction();
            seen.saw("after an empty abort", wire.state(named));
            producer.beginTransaction();
            seen.saw("sent", TransactionProducers.send(producer, topic, "one"));
            seen.saw("in a transaction", wire.state(named));
            producer.commitTransaction();
            wire.awaitEnd(named);
            seen.saw("after a commit", wire.state(named));
            producer.beginTransaction();
            producer.commitTransaction();
            producer.beginTransaction();
            producer.abortTransaction();
            seen.saw("after both again", wire.state(named));
            seen.saw("batches", wire.batches(topic, 0));
        }
    }
}
