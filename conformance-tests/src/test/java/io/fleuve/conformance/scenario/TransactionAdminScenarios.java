package io.fleuve.conformance.scenario;

import static io.fleuve.conformance.scenario.TransactionProducers.outcome;
import static io.fleuve.conformance.scenario.TransactionProducers.producer;
import static io.fleuve.conformance.scenario.TransactionProducers.send;
import static java.util.Objects.requireNonNull;

import io.fleuve.conformance.scenario.TransactionWire.Identity;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorResponse;
import org.apache.kafka.common.requests.ListTransactionsResponse;

/** What tools see of transactions, and what they do to them. */
final class TransactionAdminScenarios {

    private TransactionAdminScenarios() {}

    static Stream<Scenario> all() {
        return Stream.of(
                new Scenario("transactions described", TransactionAdminScenarios::described),
                new Scenario("transactions listed", TransactionAdminScenarios::listed),
                new Scenario(
                        "transactions listed on the wire", TransactionAdminScenarios::listedRaw),
                new Scenario(
                        "a transaction that a tool aborts", TransactionAdminScenarios::aborted),
                new Scenario("producers that a tool fences", TransactionAdminScenarios::fenced),
                new Scenario(
                        "transactions that a tool terminates",
                        TransactionAdminScenarios::terminated),
                new Scenario(
                        "coordinators of transactions", TransactionAdminScenarios::coordinators),
                new Scenario(
                        "records deleted in an open transaction",
                        TransactionAdminScenarios::deleteRecords));
    }

    private static void described(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(2, Map.of());
        try (TransactionWire wire = new TransactionWire(client);
                Admin admin = client.admin()) {
            Identity producer = wire.newProducer();
            saw(seen, "idle", admin, producer, topic);
            TransactionErrorScenarios.begin(wire, producer, TransactionWire.SECOND, topic);
            saw(seen, "open", admin, producer, topic);
            wire.produce(producer, 12, topic, 1, 0);
            saw(seen, "with two partitions", admin, producer, topic);
            seen.saw("producers when open", producers(admin, new TopicPartition(topic, 1)));
            producer = wire.endAndAwait(producer, true, 5);
            saw(seen, "committed", admin, producer, topic);
            seen.saw("producers when committed", producers(admin, new TopicPartition(topic, 1)));
            TransactionErrorScenarios.begin(wire, producer, TransactionWire.SECOND, topic);
            seen.saw("producers when open again", producers(admin, new TopicPartition(topic, 0)));
            producer = wire.endAndAwait(producer, false, 5);
            saw(seen, "aborted", admin, producer, topic);
            producer = wire.init(producer);
            saw(seen, "begun anew", admin, producer, topic);
            Identity old = wire.newProducer();
            TransactionErrorScenarios.begin(wire, old, TransactionWire.FIRST, topic);
            saw(seen, "open, old generation", admin, old, topic);
            wire.endAndAwait(old, true, 4);
            saw(seen, "committed, old generation", admin, old, topic);
            for (String id : List.of(Client.newName("transaction"), "")) {
                seen.sawOutcome(
                        id.isEmpty() ? "empty id" : "unknown id",
                        () -> admin.describeTransactions(List.of(id)).description(id).get());
            }
        }
    }

    private static void saw(
            Observation seen, String fact, Admin admin, Identity producer, String topic)
            throws Exception {
        String id = String.valueOf(producer.transactionalId());
        TransactionDescription found =
                admin.describeTransactions(List.of(id)).description(id).get();
        seen.saw(
                fact,
                "%s, same id: %s, epoch %d, timeout %d ms, has begun: %s, on %s"
                        .formatted(
                                found.state(),
                                found.producerId() == producer.producerId(),
                                found.producerEpoch(),
                                found.transactionTimeoutMs(),
                                found.transactionStartTimeMs().isPresent(),
                                found.topicPartitions().stream()
                                        .map(
                                                partition ->
                                                        partition
                                                                .toString()
                                                                .replace(topic, "topic"))
                                        .sorted()
                                        .toList()));
    }

    private static List<String> producers(Admin admin, TopicPartition partition) throws Exception {
        return states(admin, partition).stream()
                .map(
                        state ->
                                "epoch %d, last sequence %d, coordinator known: %s, from %s"
                                        .formatted(
                                                state.producerEpoch(),
                                                state.lastSequence(),
                                                state.coordinatorEpoch().isPresent(),
                                                state.currentTransactionStartOffset()))
                .sorted()
                .toList();
    }

    private static List<ProducerState> states(Admin admin, TopicPartition partition)
            throws Exception {
        return admin.describeProducers(List.of(partition))
                .partitionResult(partition)
                .get()
                .activeProducers();
    }

    private static void listed(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(1, Map.of());
        try (TransactionWire wire = new TransactionWire(client);
                Admin admin = client.admin()) {
            Identity idle = wire.newProducer();
            Identity open = wire.newProducer();
            Identity committed = wire.newProducer();
            TransactionErrorScenarios.begin(wire, open, TransactionWire.SECOND, topic);
            TransactionErrorScenarios.transaction(
                    wire, committed, TransactionWire.SECOND, topic, true);
            List<Identity> own = List.of(idle, open, committed);
            ListTransactionsOptions options = new ListTransactionsOptions();
            sawListed(seen, "all", admin, own, options);
            for (TransactionState state : TransactionState.values()) {
                sawListed(
                        seen,
                        "state " + state,
                        admin,
                        own,
                        new ListTransactionsOptions().filterStates(List.of(state)));
            }
            sawListed(
                    seen,
                    "two states",
                    admin,
                    own,
                    new ListTransactionsOptions()
                            .filterStates(
                                    List.of(TransactionState.ONGOING, TransactionState.EMPTY)));
            sawListed(
                    seen,
                    "by producer",
                    admin,
                    own,
                    new ListTransactionsOptions()
                            .filterProducerIds(List.of(open.producerId(), 9_000_000_000L)));
            for (long duration : List.of(0L, 3_600_000L)) {
                sawListed(
                        seen,
                        "lasting " + duration,
                        admin,
                        own,
                        new ListTransactionsOptions().filterOnDuration(duration));
            }
            String id = String.valueOf(committed.transactionalId());
            for (String pattern :
                    List.of(
                            "",
                            "transaction-.*",
                            id,
                            id.substring(0, 20),
                            id.substring(0, 20) + ".*",
                            "(")) {
                sawListed(
                        seen,
                        "pattern '%s'"
                                .formatted(
                                        pattern.replace(id.substring(0, 20), "half")
                                                .replace(id.substring(20), "half")),
                        admin,
                        own,
                        new ListTransactionsOptions().filterOnTransactionalIdPattern(pattern));
            }
            wire.endAndAwait(open, false, 5);
        }
    }

    private static void sawListed(
            Observation seen,
            String fact,
            Admin admin,
            List<Identity> own,
            ListTransactionsOptions options) {
        seen.sawOutcome(fact, () -> ofOwn(admin.listTransactions(options).all().get(), own));
    }

    private static List<String> ofOwn(Collection<TransactionListing> found, List<Identity> own) {
        return own.stream()
                .flatMap(
                        identity ->
                                found.stream()
                                        .filter(
                                                listing ->
                                                        listing.transactionalId()
                                                                .equals(identity.transactionalId()))
                                        .map(
                                                listing ->
                                                        listing.state()
                                                                + (listing.producerId()
                                                                                == identity
                                                                                        .producerId()
                                                                        ? ""
                                                                        : ", another id")))
                .toList();
    }

    private static void listedRaw(Client client, Observation seen) throws Exception {
        try (TransactionWire wire = new TransactionWire(client)) {
            Identity idle = wire.newProducer();
            for (int version = 0; version <= 2; version++) {
                for (List<String> states :
                        List.of(
                                List.<String>of(),
                                List.of("Empty"),
                                List.of("empty"),
                                List.of("Busy", "Ongoing"),
                                List.of("Dead"))) {
                    ListTransactionsResponseData answer =
                            wire.ask(
                                            new ListTransactionsRequestData()
                                                    .setStateFilters(states)
                                                    .setProducerIdFilters(
                                                            List.of(idle.producerId())),
                                            version,
                                            ListTransactionsResponse.class)
                                    .data();
                    seen.saw(
                            states + " at version " + version,
                            "%s, unknown %s, states %s"
                                    .formatted(
                                            Errors.forCode(answer.errorCode()),
                                            answer.unknownStateFilters(),
                                            answer.transactionStates().stream()
                                                    .map(found -> found.transactionState())
                                                    .toList()));
                }
            }
        }
    }

    private static void aborted(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(1, Map.of());
        TopicPartition partition = new TopicPartition(topic, 0);
        try (TransactionWire wire = new TransactionWire(client);
                Admin admin = client.admin()) {
            Identity producer = wire.init(wire.newProducer());
            TransactionErrorScenarios.begin(wire, producer, TransactionWire.SECOND, topic);
            ProducerState open = states(admin, partition).getFirst();
            int coordinator = open.coordinatorEpoch().orElse(0);
            long id = open.producerId();
            short epoch = (short) open.producerEpoch();
            abort(seen, "lower epoch", admin, partition, id, (short) (epoch - 1), coordinator);
            abort(seen, "unknown producer", admin, partition, 9_000_000_000L, epoch, coordinator);
            seen.saw("state before", wire.state(producer));
            abort(seen, "the transaction", admin, partition, id, epoch, coordinator);
            seen.saw("state after it", wire.state(producer));
            abort(seen, "the transaction again", admin, partition, id, epoch, coordinator);
            seen.saw("commit", TransactionErrorScenarios.end(wire, producer, true, 5));
        }
    }

    private static void abort(
            Observation seen,
            String fact,
            Admin admin,
            TopicPartition partition,
            long producerId,
            short epoch,
            int coordinatorEpoch) {
        seen.sawOutcome(
                fact,
                () ->
                        admin.abortTransaction(
                                        new AbortTransactionSpec(
                                                partition, producerId, epoch, coordinatorEpoch))
                                .all()
                                .get());
    }

    private static void fenced(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(1, Map.of());
        String id = Client.newName("transaction");
        String unknown = Client.newName("transaction");
        try (KafkaProducer<byte[], byte[]> producer = producer(client, id, Map.of());
                TransactionWire wire = new TransactionWire(client);
                Admin admin = client.admin()) {
            producer.initTransactions();
            producer.beginTransaction();
            seen.saw("sent", send(producer, topic, "one"));
            var result = admin.fenceProducers(List.of(id, unknown));
            for (String one : List.of(id, unknown)) {
                String of = one.equals(id) ? " of a producer" : " of nobody";
                seen.sawOutcome(
                        "fenced" + of,
                        () -> requireNonNull(result.fencedProducers().get(one)).get());
                seen.sawOutcome("epoch" + of, () -> result.epochId(one).get());
                seen.sawOutcome("has an id" + of, () -> result.producerId(one).get() >= 0);
                Identity named = new Identity(one, -1, (short) -1);
                wire.awaitEnd(named);
                seen.saw("state" + of, wire.state(named));
            }
            seen.saw("commit", outcome(producer::commitTransaction));
            seen.saw("batches", wire.batches(topic, 0));
        }
    }

    private static void terminated(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(1, Map.of());
        try (TransactionWire wire = new TransactionWire(client);
                Admin admin = client.admin()) {
            Identity producer = wire.newProducer();
            String id = String.valueOf(producer.transactionalId());
            seen.sawOutcome("idle", () -> admin.forceTerminateTransaction(id).result().get());
            producer = wire.init(producer.withProducerId(-1).withEpoch(-1));
            seen.saw("epoch", producer.epoch());
            TransactionErrorScenarios.begin(wire, producer, TransactionWire.SECOND, topic);
            seen.sawOutcome("open", () -> admin.forceTerminateTransaction(id).result().get());
            wire.awaitEnd(producer);
            seen.saw("state", wire.state(producer));
            seen.saw("commit", TransactionErrorScenarios.end(wire, producer, true, 5));
            seen.saw("batches", wire.batches(topic, 0));
            seen.sawOutcome(
                    "unknown",
                    () ->
                            admin.forceTerminateTransaction(Client.newName("transaction"))
                                    .result()
                                    .get());
        }
    }

    private static void coordinators(Client client, Observation seen) throws Exception {
        try (TransactionWire wire = new TransactionWire(client)) {
            wire.newProducer();
            for (List<String> keys :
                    List.of(List.of("one"), List.of("one", "two"), List.of("", "one"))) {
                seen.saw(
                        "several at once: '%s'".formatted(String.join("', '", keys)),
                        wire
                                .ask(
                                        new FindCoordinatorRequestData()
                                                .setKeyType((byte) 1)
                                                .setCoordinatorKeys(keys),
                                        6,
                                        FindCoordinatorResponse.class)
                                .data()
                                .coordinators()
                                .stream()
                                .map(
                                        found ->
                                                "%s: %s, has a port: %s"
                                                        .formatted(
                                                                found.key(),
                                                                Errors.forCode(found.errorCode()),
                                                                found.port() > 0))
                                .toList());
            }
            for (String key : List.of("one", "")) {
                for (int version = 1; version <= 3; version++) {
                    seen.saw(
                            "'%s' at version %d".formatted(key, version),
                            wire.ask(
                                            new FindCoordinatorRequestData()
                                                    .setKeyType((byte) 1)
                                                    .setKey(key),
                                            version,
                                            FindCoordinatorResponse.class)
                                    .error());
                }
            }
        }
    }

    private static void deleteRecords(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(1, Map.of());
        TopicPartition partition = new TopicPartition(topic, 0);
        try (TransactionWire wire = new TransactionWire(client);
                Admin admin = client.admin()) {
            Identity producer = wire.newProducer();
            for (int i = 0; i < 4; i++) {
                wire.produce(producer, 12, topic, 0, i);
            }
            for (long offset : List.of(2L, 9L, -1L)) {
                seen.sawOutcome(
                        "up to " + offset,
                        () ->
                                requireNonNull(
                                                admin.deleteRecords(
                                                                Map.of(
                                                                        partition,
                                                                        RecordsToDelete
                                                                                .beforeOffset(
                                                                                        offset)))
                                                        .lowWatermarks()
                                                        .get(partition))
                                        .get()
                                        .lowWatermark());
                seen.saw(
                        "stable after " + offset, wire.fetch(topic, 0, 4, true).lastStableOffset());
                seen.saw("producers after " + offset, producers(admin, partition));
            }
            seen.saw("end", TransactionErrorScenarios.end(wire, producer, true, 5));
            seen.saw("stable at the end", wire.fetch(topic, 0, 4, true).lastStableOffset());
        }
    }
}
