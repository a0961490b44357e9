package io.fleuve.conformance.scenario;

import io.fleuve.conformance.scenario.TransactionWire.Generation;
import io.fleuve.conformance.scenario.TransactionWire.Identity;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * Producer ids and epochs: InitProducerId, with and without those that a producer had (KIP-360).
 */
final class TransactionIdentityScenarios {

    private static final int VERSION = 5;
    private static final int TIMEOUT_MS = 60_000;
    private static final int MAX_TIMEOUT_MS = 3_600_000;

    private TransactionIdentityScenarios() {}

    static Stream<Scenario> all() {
        return Stream.of(
                new Scenario("ids of transactional producers", TransactionIdentityScenarios::ids),
                new Scenario(
                        "ids that transactional producers had before",
                        TransactionIdentityScenarios::former),
                new Scenario(
                        "ids that are asked for in a transaction, old generation",
                        (client, seen) -> inTransaction(client, seen, TransactionWire.FIRST)),
                new Scenario(
                        "ids that are asked for in a transaction, new generation",
                        (client, seen) -> inTransaction(client, seen, TransactionWire.SECOND)));
    }

    private static void ids(Client client, Observation seen) throws Exception {
        try (TransactionWire wire = new TransactionWire(client)) {
            for (int version = 0; version <= VERSION; version++) {
                String at = " at version " + version;
                Identity asking = wire.newProducer().withProducerId(-1).withEpoch(-1);
                seen.saw("again" + at, describe(wire.init(asking, TIMEOUT_MS, version)));
                seen.saw("and again" + at, describe(wire.init(asking, 1, version)));
                seen.saw("no timeout" + at, describe(wire.init(asking, 0, version)));
                seen.saw("a negative timeout" + at, describe(wire.init(asking, -1, version)));
                seen.saw(
                        "the longest timeout" + at,
                        describe(wire.init(asking, MAX_TIMEOUT_MS, version)));
                seen.saw(
                        "too long a timeout" + at,
                        describe(wire.init(asking, MAX_TIMEOUT_MS + 1, version)));
                seen.saw(
                        "an empty id" + at,
                        describe(wire.init(asking.withTransactionalId(""), TIMEOUT_MS, version)));
                seen.saw(
                        "without an id" + at,
                        describe(wire.init(asking.withTransactionalId(null), -1, version)));
                seen.saw("state" + at, wire.state(asking));
            }
            Identity idle = new Identity(null, 4_000_000_000L, (short) 3);
            seen.saw("an idempotent one's own", describe(wire.init(idle, 0, VERSION)));
        }
    }

    private static String describe(InitProducerIdResponseData answer) {
        Errors error = Errors.forCode(answer.errorCode());
        return "%s, %s, epoch %d"
                .formatted(error, answer.producerId() < 0 ? "no id" : "id", answer.producerEpoch());
    }

    private static String describe(Identity before, InitProducerIdResponseData answer) {
        return describe(answer)
                + (answer.producerId() < 0
                        ? ""
                        : before.producerId() == answer.producerId() ? ", the same" : ", another");
    }

    private static void former(Client client, Observation seen) throws Exception {
        try (TransactionWire wire = new TransactionWire(client)) {
            Identity first = wire.newProducer();
            Identity other = wire.newProducer();
            saw(seen, "its own", wire, first, first);
            saw(seen, "the epoch before", wire, first, first);
            saw(seen, "the epoch before again", wire, first, first);
            Identity third = wire.init(first.withProducerId(-1).withEpoch(-1));
            seen.saw("epoch when it names none", third.epoch());
            saw(seen, "two epochs before", wire, first, third.withEpoch(third.epoch() - 2));
            saw(
                    seen,
                    "the epoch before, not raised by itself",
                    wire,
                    first,
                    third.withEpoch(third.epoch() - 1));
            saw(seen, "newer epoch", wire, first, third.withEpoch(third.epoch() + 1));
            saw(seen, "an id of another", wire, first, third.withProducerId(other.producerId()));
            saw(seen, "an unknown id", wire, first, third.withProducerId(9_000_000_000L));
            saw(seen, "an id without an epoch", wire, first, third.withEpoch(-1));
            saw(seen, "an epoch without an id", wire, first, third.withProducerId(-1));
            saw(
                    seen,
                    "an unknown transactional id",
                    wire,
                    first,
                    third.withTransactionalId(Client.newName("transaction")));
            saw(seen, "its own again", wire, first, third);
        }
    }

    private static void saw(
            Observation seen, String fact, TransactionWire wire, Identity before, Identity asking) {
        seen.saw(fact, describe(before, wire.init(asking, TIMEOUT_MS, VERSION)));
    }

    private static void inTransaction(Client client, Observation seen, Generation versions)
            throws Exception {
        String topic = client.newTopic(1, Map.of());
        try (TransactionWire wire = new TransactionWire(client)) {
            for (boolean itself : List.of(true, false)) {
                String who = itself ? " by itself" : " by a successor";
                Identity producer = wire.newProducer();
                TransactionErrorScenarios.begin(wire, producer, versions, topic);
                Identity asking = itself ? producer : producer.withProducerId(-1).withEpoch(-1);
                seen.saw("asked" + who, describe(producer, wire.init(asking, TIMEOUT_MS, VERSION)));
                wire.awaitEnd(producer);
                seen.saw("state when asked" + who, wire.state(producer));
                seen.saw(
                        "the first commits after asked" + who,
                        TransactionErrorScenarios.end(wire, producer, true, versions.end()));
                seen.saw(
                        "the first aborts after asked" + who,
                        TransactionErrorScenarios.end(wire, producer, false, versions.end()));
                seen.saw(
                        "the first asks again after asked" + who,
                        describe(producer, wire.init(producer, TIMEOUT_MS, VERSION)));
                if (!versions.addsImplicitly()) {
                    seen.saw(
                            "the first adds after asked" + who,
                            wire.add(producer, versions.addPartitions(), topic, 0));
                }
                seen.saw(
                        "the first produces after asked" + who,
                        wire.produce(producer, versions.produce(), topic, 0, 1));
            }
            seen.saw("batches", wire.batches(topic, 0));
        }
    }
}
