package io.fleuve.conformance.scenario;

import io.fleuve.conformance.scenario.TransactionWire.Generation;
import io.fleuve.conformance.scenario.TransactionWire.Identity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AddPartitionsToTxnResponse;

/**
 * What the coordinator of transactions refuses, in both generations of the protocol: of producers
 * that add partitions themselves, and of those whose epoch each transaction raises (KIP-890).
 */
final class TransactionErrorScenarios {

    private static final long NOBODY = 9_000_000_000L;

    private TransactionErrorScenarios() {}

    static Stream<Scenario> all() {
        return Stream.concat(
                Stream.of(TransactionWire.FIRST, TransactionWire.SECOND)
                        .flatMap(
                                generation ->
                                        Stream.of(
                                                scenario("ends of transactions", generation, true),
                                                scenario(
                                                        "ends that nobody may ask for",
                                                        generation,
                                                        false))),
                Stream.of(
                        new Scenario(
                                "partitions added to a transaction",
                                TransactionErrorScenarios::partitions),
                        new Scenario(
                                "partitions added to several transactions at once",
                                TransactionErrorScenarios::batches),
                        new Scenario(
                                "partitions that nobody may add",
                                TransactionErrorScenarios::wrongAdders)));
    }

    private static Scenario scenario(String name, Generation generation, boolean ends) {
        return new Scenario(
                name + ", " + generation.name() + " generation",
                (client, seen) -> {
                    if (ends) {
                        ends(client, seen, generation);
                    } else {
                        wrongEnders(client, seen, generation);
                    }
                });
    }

    private static void ends(Client client, Observation seen, Generation versions)
            throws Exception {
        String topic = client.newTopic(1, Map.of());
        int version = versions.end();
        for (boolean commit : List.of(true, false)) {
            String done = commit ? "commit" : "abort";
            try (TransactionWire wire = new TransactionWire(client)) {
                Identity producer = wire.newProducer();
                seen.saw(done + " with no transaction", end(wire, producer, commit, version));
                producer = wire.init(producer);
                Identity next = transaction(wire, producer, versions, topic, commit);
                seen.saw("epoch after the " + done, next.epoch() - producer.epoch());
                seen.saw("the same id after the " + done, sameId(producer, next));
                seen.saw(
                        done + " again with the epoch before",
                        end(wire, producer, commit, version));
                seen.saw(
                        "the other end after the " + done + " with the epoch before",
                        end(wire, producer, !commit, version));
                if (versions.addsImplicitly()) {
                    Identity later = wire.init(next.transactionalId());
                    later = transaction(wire, later, versions, topic, commit);
                    seen.saw(done + " again with the new epoch", end(wire, later, commit, version));
                    Identity other = wire.init(next.transactionalId());
                    other = transaction(wire, other, versions, topic, commit);
                    seen.saw(
                            "the other end after the " + done + " with the new epoch",
                            end(wire, other, !commit, version));
                }
            }
        }
    }

    private static boolean sameId(Identity one, Identity other) {
        return one.producerId() == other.producerId();
    }

    /** A transaction of one record, to its end; returns as whom the producer goes on. */
    static Identity transaction(
            TransactionWire wire,
            Identity producer,
            Generation versions,
            String topic,
            boolean commit) {
        begin(wire, producer, versions, topic);
        return wire.endAndAwait(producer, commit, versions.end());
    }

    /** Opens a transaction with one record. */
    static void begin(TransactionWire wire, Identity producer, Generation versions, String topic) {
        if (!versions.addsImplicitly()) {
            String added = wire.add(producer, versions.addPartitions(), topic, 0);
            if (!added.equals("0: NONE")) {
                throw new IllegalStateException("not added: " + added);
            }
        }
        String produced = wire.produce(producer, versions.produce(), topic, 0, 0);
        if (!produced.startsWith("NONE")) {
            throw new IllegalStateException("not produced: " + produced);
        }
    }

    static String end(TransactionWire wire, Identity producer, boolean commit, int version) {
        EndTxnResponseData answer = wire.end(producer, commit, version);
        Errors error = Errors.forCode(answer.errorCode());
        wire.awaitEnd(producer);
        if (answer.producerId() < 0) {
            return error + ", no id, epoch " + answer.producerEpoch();
        }
        return "%s, same id: %s, epoch %+d"
                .formatted(
                        error,
                        answer.producerId() == producer.producerId(),
                        answer.producerEpoch() - producer.epoch());
    }

    private static void wrongEnders(Client client, Observation seen, Generation versions)
            throws Exception {
        String topic = client.newTopic(1, Map.of());
        try (TransactionWire wire = new TransactionWire(client)) {
            Identity other = wire.newProducer();
            Identity producer = wire.init(wire.newProducer());
            begin(wire, producer, versions, topic);
            for (boolean commit : List.of(true, false)) {
                String done = commit ? "commit" : "abort";
                wrongIdentities(producer, other)
                        .forEach(
                                (kind, identity) ->
                                        seen.saw(
                                                done + ": " + kind,
                                                Errors.forCode(
                                                        wire.end(identity, commit, versions.end())
                                                                .errorCode())));
            }
            seen.saw("state", wire.state(producer));
            wire.endAndAwait(producer, true, versions.end());
            seen.saw("state after the end", wire.state(producer));
            wrongIdentities(producer, other)
                    .forEach(
                            (kind, identity) ->
                                    seen.saw(
                                            "when it has ended: " + kind,
                                            Errors.forCode(
                                                    wire.end(identity, true, versions.end())
                                                            .errorCode())));
        }
    }

    /** By what is wrong with them. */
    static Map<String, Identity> wrongIdentities(Identity producer, Identity other) {
        Map<String, Identity> wrong = new LinkedHashMap<>();
        wrong.put("lower epoch", producer.withEpoch(producer.epoch() - 1));
        wrong.put("higher epoch", producer.withEpoch(producer.epoch() + 1));
        wrong.put("much higher epoch", producer.withEpoch(producer.epoch() + 5));
        wrong.put("no epoch", producer.withEpoch(-1));
        wrong.put("unknown producer id", producer.withProducerId(NOBODY));
        wrong.put("no producer id", producer.withProducerId(-1));
        wrong.put("producer id of another", producer.withProducerId(other.producerId()));
        wrong.put(
                "unknown transactional id",
                producer.withTransactionalId(Client.newName("transaction")));
        wrong.put(
                "transactional id of another",
                producer.withTransactionalId(other.transactionalId()));
        wrong.put("empty transactional id", producer.withTransactionalId(""));
        return wrong;
    }

    private static void partitions(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(3, Map.of());
        String missing = Client.newName("topic");
        try (TransactionWire wire = new TransactionWire(client)) {
            for (int version = 0; version <= 3; version++) {
                String at = " at version " + version;
                Identity producer = wire.newProducer();
                seen.saw("two partitions" + at, wire.add(producer, version, topic, 0, 1));
                seen.saw("one of them again" + at, wire.add(producer, version, topic, 1));
                seen.saw("one more" + at, wire.add(producer, version, topic, 2, 1));
                seen.saw("one does not exist" + at, wire.add(producer, version, topic, 0, 7));
                seen.saw("no such topic" + at, wire.add(producer, version, missing, 0, 1));
                seen.saw(
                        "one such topic, one not" + at,
                        wire.add(
                                producer,
                                version,
                                List.of(
                                        new AddPartitionsToTxnTopic()
                                                .setName(topic)
                                                .setPartitions(List.of(0)),
                                        new AddPartitionsToTxnTopic()
                                                .setName(missing)
                                                .setPartitions(List.of(5)))));
                seen.saw("state" + at, wire.state(producer));
                seen.saw("none" + at, wire.add(producer, version, List.of()));
                seen.saw("none of a topic" + at, wire.add(producer, version, topic));
                wire.endAndAwait(producer, false, 4);
                seen.saw("after the abort" + at, wire.add(producer, version, topic, 0));
                seen.saw("state after that" + at, wire.state(producer));
            }
            Identity idle = wire.newProducer();
            seen.saw("state of one that has done nothing", wire.state(idle));
            seen.saw("nothing for it", wire.add(idle, 3, List.of()));
            seen.saw("its state after nothing", wire.state(idle));
            seen.saw("only what does not exist", wire.add(idle, 3, missing, 0));
            seen.saw("its state after what does not exist", wire.state(idle));
            seen.saw(
                    "an internal topic",
                    wire.add(idle, 3, "__transaction_state", 0)
                            + " and "
                            + wire.add(idle, 3, "__consumer_offsets", 0));
        }
    }

    private static void wrongAdders(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(1, Map.of());
        try (TransactionWire wire = new TransactionWire(client)) {
            Identity other = wire.newProducer();
            Identity producer = wire.init(wire.newProducer());
            for (String moment : List.of("before", "in the transaction", "after")) {
                wrongIdentities(producer, other)
                        .forEach(
                                (kind, identity) ->
                                        seen.saw(
                                                moment + ": " + kind,
                                                wire.add(identity, 3, topic, 0)));
                seen.saw(
                        moment + ": unknown topic too",
                        wire.add(
                                producer.withEpoch(0).withProducerId(NOBODY),
                                3,
                                Client.newName("topic"),
                                0));
                switch (moment) {
                    case "before" -> wire.add(producer, 3, topic, 0);
                    case "in the transaction" -> wire.endAndAwait(producer, true, 4);
                    case "after" -> seen.saw("state", wire.state(producer));
                    default -> throw new IllegalStateException(moment);
                }
            }
        }
    }

    /** As brokers ask for their producers, of several transactions at once. */
    private static void batches(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(2, Map.of());
        try (TransactionWire wire = new TransactionWire(client)) {
            for (int version = 4; version <= 5; version++) {
                int asked = version;
                String at = " at version " + version;
                Identity one = wire.newProducer();
                Identity other = wire.newProducer();
                List<Identity> both = List.of(one, other);
                sawBatch(seen, "asked before" + at, wire, version, true, both, topic, 0);
                sawBatch(seen, "added" + at, wire, version, false, List.of(one), topic, 0);
                sawBatch(seen, "asked for both" + at, wire, version, true, both, topic, 0);
                sawBatch(seen, "asked for more" + at, wire, version, true, both, topic, 0, 1);
                sawBatch(seen, "added to both" + at, wire, version, false, both, topic, 0, 1);
                sawBatch(seen, "not there" + at, wire, version, false, both, topic, 0, 7);
                wrongIdentities(one, other)
                        .forEach(
                                (kind, identity) ->
                                        sawBatch(
                                                seen,
                                                kind + at,
                                                wire,
                                                asked,
                                                true,
                                                List.of(identity),
                                                topic,
                                                0));
                wire.endAndAwait(one, true, 4);
                sawBatch(seen, "asked after the end" + at, wire, version, true, both, topic, 0);
            }
        }
    }

    private static void sawBatch(
            Observation seen,
            String fact,
            TransactionWire wire,
            int version,
            boolean verifyOnly,
            List<Identity> producers,
            String topic,
            Integer... partitions) {
        AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData();
        for (Identity producer : producers) {
            AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
            topics.add(
                    new AddPartitionsToTxnTopic()
                            .setName(topic)
                            .setPartitions(List.of(partitions)));
            request.transactions()
                    .add(
                            new AddPartitionsToTxnTransaction()
                                    .setTransactionalId(producer.transactionalId())
                                    .setProducerId(producer.producerId())
                                    .setProducerEpoch(producer.epoch())
                                    .setVerifyOnly(verifyOnly)
                                    .setTopics(topics));
        }
        AddPartitionsToTxnResponse answer =
                wire.ask(request, version, AddPartitionsToTxnResponse.class);
        seen.saw(
                fact,
                answer.data().errorCode()
                        + producers.stream()
                                .map(
                                        producer ->
                                                answer
                                                        .getTransactionTopicResults(
                                                                String.valueOf(
                                                                        producer.transactionalId()))
                                                        .stream()
                                                        .flatMap(
                                                                found ->
                                                                        found
                                                                                .resultsByPartition()
                                                                                .stream())
                                                        .map(
                                                                found ->
                                                                        found.partitionIndex()
                                                                                + ": "
                                                                                + Errors.forCode(
                                                                                        found
                                                                                                .partitionErrorCode()))
                                                        .sorted()
                                                        .toList()
                                                        .toString())
                                .collect(Collectors.joining(" and ", " ", "")));
    }
}
