package io.fleuve.conformance.scenario;

import io.fleuve.conformance.scenario.TransactionWire.Generation;
import io.fleuve.conformance.scenario.TransactionWire.Identity;
import io.fleuve.conformance.scenario.TransactionWire.Membership;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetFetchResponse;
import org.jspecify.annotations.Nullable;

/** Offsets that are committed with a transaction, and not before. */
final class TransactionOffsetScenarios {

    private static final int OFFSET_FETCH_VERSION = 9;

    private TransactionOffsetScenarios() {}

    static Stream<Scenario> all() {
        return Stream.of(
                        Stream.of(
                                new Scenario(
                                        "what is deleted while a transaction is open",
                                        TransactionOffsetScenarios::deletions)),
                        generations(),
                        members())
                .flatMap(scenarios -> scenarios);
    }

    private static Stream<Scenario> generations() {
        return Stream.of(TransactionWire.FIRST, TransactionWire.SECOND)
                .flatMap(
                        generation -> {
                            String at = ", " + generation.name() + " generation";
                            return Stream.of(
                                    new Scenario(
                                            "offsets of a transaction" + at,
                                            (client, seen) -> offsets(client, seen, generation)),
                                    new Scenario(
                                            "offsets that nobody may commit in a transaction" + at,
                                            (client, seen) -> wrong(client, seen, generation)));
                        });
    }

    private static Stream<Scenario> members() {
        return Stream.of("classic", "consumer")
                .map(
                        protocol ->
                                new Scenario(
                                        "offsets of a "
                                                + protocol
                                                + " group's member in transactions",
                                        (client, seen) -> members(client, seen, protocol)));
    }

    private static void offsets(Client client, Observation seen, Generation versions)
            throws Exception {
        String topic = client.newTopic(2, Map.of());
        int version = versions.commitOffsets();
        try (TransactionWire wire = new TransactionWire(client);
                Admin admin = client.admin()) {
            for (boolean commit : List.of(true, false)) {
                String done = commit ? "committed" : "aborted";
                String group = Client.newName("group");
                Identity producer = wire.newProducer();
                wire.findCoordinators(group, group);
                Membership nobody = Membership.none(group);
                seen.saw(
                        "not added, " + done,
                        wire.commitOffset(producer, nobody, topic, 0, 3, version));
                seen.saw("state when not added, " + done, wire.state(producer));
                seen.saw("added, " + done, wire.addOffsets(producer, group, versions.addOffsets()));
                seen.saw(
                        "added again, " + done,
                        wire.addOffsets(producer, group, versions.addOffsets()));
                seen.saw(
                        "offset, " + done,
                        wire.commitOffset(producer, nobody, topic, 0, 5, version));
                seen.saw(
                        "another offset, " + done,
                        wire.commitOffset(producer, nobody, topic, 0, 7, version));
                seen.saw("pending, " + done, fetch(wire, group, topic, false));
                seen.saw("pending, stable wanted, " + done, fetch(wire, group, topic, true));
                seen.saw("listed while pending, " + done, GroupScenarios.committed(admin, group));
                Identity next = wire.endAndAwait(producer, commit, versions.end());
                seen.saw("epoch after " + done, next.epoch());
                seen.saw("when " + done, fetch(wire, group, topic, false));
                seen.saw("when " + done + ", stable wanted", fetch(wire, group, topic, true));
                seen.saw(
                        "with the former epoch when " + done,
                        wire.commitOffset(producer, nobody, topic, 1, 9, version));
                seen.saw("state when " + done, wire.state(producer));
                Identity later = wire.init(producer.transactionalId());
                wire.addOffsets(later, group, versions.addOffsets());
                wire.commitOffset(later, nobody, topic, 0, 11, version);
                seen.saw("over it pending, " + done, fetch(wire, group, topic, false));
                wire.endAndAwait(later, true, versions.end());
                seen.saw("at the end, " + done, fetch(wire, group, topic, true));
            }
        }
    }

    private static void deletions(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(2, Map.of());
        try (TransactionWire wire = new TransactionWire(client);
                Admin admin = client.admin()) {
            for (boolean whole : List.of(true, false)) {
                String what = whole ? ", the group" : ", an offset";
                String group = Client.newName("group");
                Identity producer = wire.newProducer();
                wire.findCoordinators(group, group);
                Membership nobody = Membership.none(group);
                int version = TransactionWire.SECOND.commitOffsets();
                wire.commitOffset(producer, nobody, topic, 0, 3, version);
                producer = wire.endAndAwait(producer, true, TransactionWire.SECOND.end());
                wire.commitOffset(producer, nobody, topic, 0, 5, version);
                wire.commitOffset(producer, nobody, topic, 1, 6, version);
                seen.saw("pending" + what, fetch(wire, group, topic, true));
                seen.sawOutcome(
                        "deleted" + what,
                        () ->
                                whole
                                        ? admin.deleteConsumerGroups(List.of(group)).all().get()
                                        : admin.deleteConsumerGroupOffsets(
                                                        group, Set.of(new TopicPartition(topic, 0)))
                                                .all()
                                                .get());
                seen.saw("after that" + what, fetch(wire, group, topic, true));
                wire.endAndAwait(producer, true, TransactionWire.SECOND.end());
                seen.saw("committed" + what, fetch(wire, group, topic, true));
            }
        }
    }

    private static String fetch(TransactionWire wire, String group, String topic, boolean stable) {
        OffsetFetchRequestData request =
                new OffsetFetchRequestData()
                        .setRequireStable(stable)
                        .setGroups(
                                List.of(
                                        new OffsetFetchRequestGroup()
                                                .setGroupId(group)
                                                .setTopics(
                                                        List.of(
                                                                new OffsetFetchRequestTopics()
                                                                        .setName(topic)
                                                                        .setPartitionIndexes(
                                                                                List.of(0, 1))))));
        return wire
                .ask(request, OFFSET_FETCH_VERSION, OffsetFetchResponse.class)
                .data()
                .groups()
                .stream()
                .flatMap(found -> found.topics().stream())
                .flatMap(found -> found.partitions().stream())
                .map(
                        found ->
                                "%d: %s %d"
                                        .formatted(
                                                found.partitionIndex(),
                                                Errors.forCode(found.errorCode()),
                                                found.committedOffset()))
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static void wrong(Client client, Observation seen, Generation versions)
            throws Exception {
        String topic = client.newTopic(1, Map.of());
        String group = Client.newName("group");
        int version = versions.commitOffsets();
        int adding = versions.addOffsets();
        try (TransactionWire wire = new TransactionWire(client)) {
            Identity other = wire.newProducer();
            Identity producer = wire.init(wire.newProducer());
            wire.findCoordinators(group, group);
            Membership nobody = Membership.none(group);
            for (String moment : List.of("before", "in the transaction")) {
                TransactionErrorScenarios.wrongIdentities(producer, other)
                        .forEach(
                                (kind, identity) -> {
                                    seen.saw(
                                            moment + ", add: " + kind,
                                            wire.addOffsets(identity, group, adding));
                                    seen.saw(
                                            moment + ", commit: " + kind,
                                            wire.commitOffset(
                                                    identity, nobody, topic, 0, 1, version));
                                });
                seen.saw(moment + ", add: empty group", wire.addOffsets(producer, "", adding));
                seen.saw(moment + ", state", wire.state(producer));
                wire.addOffsets(producer, group, adding);
            }
            Map.of(
                            "a generation, no member", new Membership(group, 1, "", null),
                            "a generation, a member", new Membership(group, 1, "nobody", null),
                            "a member, no generation", new Membership(group, -1, "nobody", null),
                            "an instance", new Membership(group, -1, "", "instance"),
                            "an instance and a member",
                                    new Membership(group, 1, "nobody", "instance"),
                            "no group", Membership.none(""))
                    .forEach(
                            (kind, membership) ->
                                    seen.saw(
                                            kind,
                                            wire.commitOffset(
                                                    producer, membership, topic, 0, 1, version)));
            seen.saw(
                    "a topic that does not exist",
                    wire.commitOffset(producer, nobody, Client.newName("topic"), 0, 1, version));
            seen.saw(
                    "a partition that does not exist",
                    wire.commitOffset(producer, nobody, topic, 7, 1, version));
            seen.saw(
                    "a negative offset",
                    wire.commitOffset(producer, nobody, topic, 0, -1, version));
            seen.saw("state", wire.state(producer));
            wire.endAndAwait(producer, true, versions.end());
            seen.saw("at the end", fetch(wire, group, topic, true));
        }
    }

    @SuppressWarnings("removal") // Nobody else makes up the metadata of a member that is not.
    private static void members(Client client, Observation seen, String protocol) throws Exception {
        String topic = client.newTopic(1, Map.of());
        String group = Client.newName("group");
        RecordScenarios.produceNumbers(client, topic, 10, Map.of());
        try (KafkaConsumer<byte[], byte[]> consumer =
                        client.consumer(
                                Map.of(
                                        "group.id", group,
                                        "group.protocol", protocol,
                                        "group.instance.id", "instance"));
                Admin admin = client.admin()) {
            consumer.subscribe(List.of(topic));
            client.poll(consumer, 10);
            ConsumerGroupMetadata mine = consumer.groupMetadata();
            for (boolean commit : List.of(true, false)) {
                try (KafkaProducer<byte[], byte[]> producer = producer(client)) {
                    String done = commit ? "committed" : "aborted";
                    producer.initTransactions();
                    seen.saw("the member's, " + done, send(producer, topic, commit ? 4 : 6, mine));
                    seen.sawOutcome("the end, " + done, () -> end(producer, commit));
                    seen.saw("offsets, " + done, GroupScenarios.settled(admin, group));
                }
            }
            String member = mine.memberId();
            int epoch = mine.generationId();
            Map.of(
                            "nobody's", new ConsumerGroupMetadata(group),
                            "of an older generation", of(group, epoch - 1, member, "instance"),
                            "of a newer generation", of(group, epoch + 1, member, "instance"),
                            "of an unknown member", of(group, epoch, "nobody", null),
                            "of an instance that is another",
                                    of(group, epoch, "nobody", "instance"),
                            "of an unknown instance", of(group, epoch, member, "other"))
                    .forEach(
                            (kind, metadata) -> {
                                try (KafkaProducer<byte[], byte[]> producer = producer(client)) {
                                    producer.initTransactions();
                                    seen.saw(kind, send(producer, topic, 8, metadata));
                                    seen.sawOutcome("commit: " + kind, () -> end(producer, true));
                                    seen.sawOutcome("abort: " + kind, () -> end(producer, false));
                                    seen.saw("again: " + kind, send(producer, topic, 4, mine));
                                    seen.sawOutcome(
                                            "commit again: " + kind, () -> end(producer, true));
                                }
                            });
            seen.saw("at the end", GroupScenarios.settled(admin, group));
        }
    }

    @SuppressWarnings("removal")
    private static ConsumerGroupMetadata of(
            String group, int generation, String member, @Nullable String instance) {
        return new ConsumerGroupMetadata(group, generation, member, Optional.ofNullable(instance));
    }

    /** Begins a transaction and sends an offset with it. */
    private static String send(
            KafkaProducer<byte[], byte[]> producer,
            String topic,
            long offset,
            ConsumerGroupMetadata metadata) {
        try {
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(
                    Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(offset)), metadata);
            return "sent";
        } catch (RuntimeException e) {
            return TransactionProducers.describe(e);
        }
    }

    private static String end(KafkaProducer<byte[], byte[]> producer, boolean commit) {
        if (commit) {
            producer.commitTransaction();
            return "committed";
        }
        producer.abortTransaction();
        return "aborted";
    }

    private static KafkaProducer<byte[], byte[]> producer(Client client) {
        return TransactionProducers.producer(client, Client.newName("transaction"), Map.of());
    }
}
