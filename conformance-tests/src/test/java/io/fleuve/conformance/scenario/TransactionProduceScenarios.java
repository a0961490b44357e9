package io.fleuve.conformance.scenario;

import static io.fleuve.conformance.scenario.TransactionWire.idempotent;
import static io.fleuve.conformance.scenario.TransactionWire.transactional;

import io.fleuve.conformance.scenario.TransactionWire.Generation;
import io.fleuve.conformance.scenario.TransactionWire.Identity;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ProduceResponse;

/**
 * Batches of transactions, and batches that should not be, as the partition's leader takes them.
 */
final class TransactionProduceScenarios {

    /** The versions at which the same refusal may have another code. */
    private static final List<Integer> VERSIONS = List.of(9, 10, 11, 12);

    private TransactionProduceScenarios() {}

    static Stream<Scenario> all() {
        return Stream.of(
                new Scenario(
                        "batches of a partition that was not added",
                        TransactionProduceScenarios::notAdded),
                new Scenario(
                        "batches of others' transactions",
                        TransactionProduceScenarios::wrongProducers),
                new Scenario("batches beside a transaction", TransactionProduceScenarios::beside),
                new Scenario("sequences of a transaction", TransactionProduceScenarios::sequences),
                new Scenario(
                        "a first sequence in a transaction",
                        TransactionProduceScenarios::firstSequence),
                new Scenario(
                        "batches by topic id in a transaction",
                        TransactionProduceScenarios::byTopicId),
                new Scenario(
                        "markers, old generation",
                        (client, seen) -> markers(client, seen, TransactionWire.FIRST)),
                new Scenario(
                        "markers, new generation",
                        (client, seen) -> markers(client, seen, TransactionWire.SECOND)));
    }

    private static void notAdded(Client client, Observation seen) throws Exception {
        try (TransactionWire wire = new TransactionWire(client)) {
            for (int version : VERSIONS) {
                String at = " at version " + version;
                String topic = client.newTopic(2, Map.of());
                Identity producer = wire.newProducer();
                int sequence = 0;
                String answer = wire.produce(producer, version, topic, 0, sequence);
                seen.saw("nothing open" + at, answer);
                sequence = next(sequence, answer);
                seen.saw("state" + at, wire.state(producer));
                seen.saw("add another one" + at, wire.add(producer, 3, topic, 1));
                answer = wire.produce(producer, version, topic, 0, sequence);
                seen.saw("another one is open" + at, answer);
                sequence = next(sequence, answer);
                seen.saw("add it" + at, wire.add(producer, 3, topic, 0));
                answer = wire.produce(producer, version, topic, 0, sequence);
                seen.saw("it is open" + at, answer);
                sequence = next(sequence, answer);
                seen.saw("batches" + at, wire.batches(topic, 0));
                seen.saw(
                        "a partition that does not exist" + at,
                        wire.produce(producer, version, topic, 7, 0));
                seen.saw(
                        "a topic that does not exist" + at,
                        wire.produce(producer, version, Client.newName("topic"), 0, 0));
                wire.endAndAwait(producer, true, 4);
                seen.saw(
                        "when it has ended" + at,
                        wire.produce(producer, version, topic, 0, sequence));
                seen.saw("state then" + at, wire.state(producer));
                if (version < 12) {
                    seen.saw("added again" + at, wire.add(producer, 3, topic, 0));
                }
            }
        }
    }

    /** The sequence after this one, if it was taken. */
    private static int next(int sequence, String answer) {
        return answer.startsWith("NONE") ? sequence + 1 : sequence;
    }

    private static void wrongProducers(Client client, Observation seen) throws Exception {
        try (TransactionWire wire = new TransactionWire(client)) {
            for (int version : VERSIONS) {
                String at = " at version " + version;
                Identity other = wire.newProducer();
                for (boolean open : List.of(false, true)) {
                    String topic = client.newTopic(1, Map.of());
                    Identity producer = wire.init(wire.newProducer());
                    if (open) {
                        wire.add(producer, 3, topic, 0);
                        seen.saw("right" + at, wire.produce(producer, version, topic, 0, 0));
                    }
                    String when = (open ? " while it is open" : "") + at;
                    TransactionErrorScenarios.wrongIdentities(producer, other)
                            .forEach(
                                    (kind, identity) ->
                                            seen.sawOutcome(
                                                    kind + when,
                                                    () ->
                                                            wire.produce(
                                                                    identity,
                                                                    version,
                                                                    topic,
                                                                    0,
                                                                    open ? 1 : 0)));
                    seen.saw(
                            "no transactional id" + when,
                            wire.produce(
                                    null,
                                    version,
                                    topic,
                                    0,
                                    transactional(producer, open ? 1 : 0, "no id")));
                    seen.saw("batches" + when, wire.batches(topic, 0));
                }
            }
        }
    }

    private static void beside(Client client, Observation seen) throws Exception {
        try (TransactionWire wire = new TransactionWire(client)) {
            for (int version : VERSIONS) {
                String at = " at version " + version;
                String topic = client.newTopic(1, Map.of());
                Identity producer = wire.newProducer();
                String id = producer.transactionalId();
                seen.saw(
                        "not transactional, nothing open" + at,
                        wire.produce(id, version, topic, 0, idempotent(producer, 0, "1")));
                wire.add(producer, 3, topic, 0);
                seen.saw(
                        "not transactional, partition added" + at,
                        wire.produce(id, version, topic, 0, idempotent(producer, 1, "2")));
                seen.saw(
                        "transactional" + at,
                        wire.produce(id, version, topic, 0, transactional(producer, 2, "3")));
                seen.saw(
                        "not transactional, in the transaction" + at,
                        wire.produce(id, version, topic, 0, idempotent(producer, 3, "4")));
                seen.saw(
                        "not transactional, without the id" + at,
                        wire.produce(null, version, topic, 0, idempotent(producer, 3, "5")));
                wire.endAndAwait(producer, true, 4);
                Identity idempotent =
                        wire.init(
                                producer.withTransactionalId(null)
                                        .withProducerId(-1)
                                        .withEpoch(-1));
                seen.saw(
                        "of an idempotent producer, without an id" + at,
                        wire.produce(null, version, topic, 0, transactional(idempotent, 0, "6")));
                seen.saw(
                        "of an idempotent producer, with an id" + at,
                        wire.produce(id, version, topic, 0, transactional(idempotent, 0, "7")));
                seen.saw(
                        "not of anybody, with an id" + at,
                        wire.produce(
                                id,
                                version,
                                topic,
                                0,
                                idempotent(new Identity(null, -1, (short) -1), -1, "8")));
                seen.saw(
                        "with acknowledgement of one" + at, oneAck(wire, producer, version, topic));
                seen.saw("batches" + at, wire.batches(topic, 0));
            }
        }
    }

    private static String oneAck(
            TransactionWire wire, Identity producer, int version, String topic) {
        wire.add(producer, 3, topic, 0);
        TopicProduceData data =
                new TopicProduceData()
                        .setName(topic)
                        .setPartitionData(
                                List.of(
                                        new PartitionProduceData()
                                                .setRecords(transactional(producer, 3, "9"))));
        ProduceRequestData request =
                new ProduceRequestData()
                        .setTransactionalId(producer.transactionalId())
                        .setAcks((short) 1)
                        .setTimeoutMs(30_000);
        request.topicData().add(data);
        return wire.ask(request, version, ProduceResponse.class).errorCounts().keySet().toString();
    }

    private static void firstSequence(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(1, Map.of());
        try (TransactionWire wire = new TransactionWire(client)) {
            for (Generation versions : List.of(TransactionWire.FIRST, TransactionWire.SECOND)) {
                Identity producer = wire.newProducer();
                wire.add(producer, 3, topic, 0);
                String answer = wire.produce(producer, versions.produce(), topic, 0, 5);
                seen.saw("not 0, " + versions.name() + " generation", answer);
            }
        }
    }

    private static void sequences(Client client, Observation seen) throws Exception {
        for (Generation versions : List.of(TransactionWire.FIRST, TransactionWire.SECOND)) {
            String topic = client.newTopic(1, Map.of());
            String at = ", " + versions.name() + " generation";
            int version = versions.produce();
            try (TransactionWire wire = new TransactionWire(client)) {
                Identity producer = wire.newProducer();
                wire.add(producer, 3, topic, 0);
                seen.saw("first is 0" + at, wire.produce(producer, version, topic, 0, 0));
                seen.saw("again" + at, wire.produce(producer, version, topic, 0, 0));
                seen.saw("a gap" + at, wire.produce(producer, version, topic, 0, 2));
                seen.saw("next" + at, wire.produce(producer, version, topic, 0, 1));
                Identity next = wire.endAndAwait(producer, true, versions.end());
                if (!versions.addsImplicitly()) {
                    wire.add(next, 3, topic, 0);
                }
                seen.saw("next transaction goes on" + at, wire.produce(next, version, topic, 0, 2));
                seen.saw("next transaction at 0" + at, wire.produce(next, version, topic, 0, 0));
                seen.saw("the last of before" + at, wire.produce(producer, version, topic, 0, 1));
                seen.saw("state" + at, wire.state(producer));
                Identity later = wire.init(producer.transactionalId());
                wire.add(later, 3, topic, 0);
                seen.saw("new epoch goes on" + at, wire.produce(later, version, topic, 0, 3));
                seen.saw("new epoch at 0" + at, wire.produce(later, version, topic, 0, 0));
                seen.saw("batches" + at, wire.batches(topic, 0));
            }
        }
    }

    private static void byTopicId(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(2, Map.of());
        try (TransactionWire wire = new TransactionWire(client);
                Admin admin = client.admin()) {
            Uuid id = TopicScenarios.describe(admin, topic).topicId();
            Identity producer = wire.newProducer();
            seen.saw("first", wire.produce(producer, 13, id, 0, 0));
            seen.saw("state", wire.state(producer));
            seen.saw("another partition", wire.produce(producer, 13, id, 1, 0));
            seen.saw("a partition that does not exist", wire.produce(producer, 13, id, 7, 0));
            seen.saw("an unknown topic", wire.produce(producer, 13, Uuid.randomUuid(), 0, 0));
            Identity next = wire.endAndAwait(producer, true, 5);
            seen.saw("after the end", wire.produce(producer, 13, id, 0, 1));
            seen.saw("with the next epoch", wire.produce(next, 13, id, 0, 0));
            seen.saw("first aborts", TransactionErrorScenarios.end(wire, producer, false, 5));
            seen.saw("next aborts", TransactionErrorScenarios.end(wire, next, false, 5));
            seen.saw("batches", wire.batches(topic, 0));
            seen.saw("batches of the other", wire.batches(topic, 1));
        }
    }

    private static void markers(Client client, Observation seen, Generation versions)
            throws Exception {
        String topic = client.newTopic(2, Map.of());
        try (TransactionWire wire = new TransactionWire(client)) {
            Identity producer = wire.newProducer();
            if (!versions.addsImplicitly()) {
                wire.add(producer, versions.addPartitions(), topic, 0, 1);
            }
            wire.produce(producer, versions.produce(), topic, 0, 0);
            producer = wire.endAndAwait(producer, true, versions.end());
            seen.saw("epoch", producer.epoch());
            if (!versions.addsImplicitly()) {
                wire.add(producer, versions.addPartitions(), topic, 0, 1);
            }
            int sequence = versions.addsImplicitly() ? 0 : 1;
            wire.produce(producer, versions.produce(), topic, 0, sequence);
            wire.produce(producer, versions.produce(), topic, 1, 0);
            producer = wire.endAndAwait(producer, false, versions.end());
            seen.saw("epoch at the end", producer.epoch());
            seen.saw("of the first", wire.batches(topic, 0));
            seen.saw("of the second", wire.batches(topic, 1));
            seen.saw(
                    "aborted in the first",
                    wire.fetch(topic, 0, 0, true).abortedTransactions().size());
            seen.saw("error", Errors.forCode(wire.fetch(topic, 0, 0, true).errorCode()));
        }
    }
}
