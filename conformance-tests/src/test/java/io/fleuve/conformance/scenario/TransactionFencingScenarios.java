package io.fleuve.conformance.scenario;

import static io.fleuve.conformance.scenario.TransactionProducers.outcome;
import static io.fleuve.conformance.scenario.TransactionProducers.producer;
import static io.fleuve.conformance.scenario.TransactionProducers.send;
import static org.awaitility.Awaitility.await;

import io.fleuve.conformance.scenario.TransactionWire.Identity;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;

/** Producers that lose their transaction: to a successor, to time, to an error of their own. */
final class TransactionFencingScenarios {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TIMEOUT_MS = 3_000;
    private static final int LONGER_THAN_ALLOWED_MS = 3_600_001;

    private TransactionFencingScenarios() {}

    static Stream<Scenario> all() {
        return Stream.of(
                new Scenario("what a fenced producer may do", TransactionFencingScenarios::fenced),
                new Scenario(
                        "what a producer may do after its time",
                        TransactionFencingScenarios::timedOut),
                new Scenario(
                        "a transaction longer than the broker allows",
                        TransactionFencingScenarios::tooLong),
                new Scenario(
                        "the transaction of a producer that died",
                        TransactionFencingScenarios::died),
                new Scenario(
                        "a transaction with a record that is refused",
                        TransactionFencingScenarios::refused));
    }

    /** What somebody does whose transaction is open no more, by name. */
    private static Map<String, Consumer<KafkaProducer<byte[], byte[]>>> firstSteps(String topic) {
        Map<String, Consumer<KafkaProducer<byte[], byte[]>>> steps = new LinkedHashMap<>();
        steps.put("commit", KafkaProducer::commitTransaction);
        steps.put("abort", KafkaProducer::abortTransaction);
        steps.put(
                "send",
                producer -> {
                    String sent = send(producer, topic, "too late");
                    if (!sent.startsWith("at")) {
                        throw new IllegalStateException(sent);
                    }
                });
        return steps;
    }

    private static void sawLoss(
            Observation seen,
            String step,
            KafkaProducer<byte[], byte[]> producer,
            String topic,
            Consumer<KafkaProducer<byte[], byte[]>> first) {
        String at = ", first " + step;
        seen.saw("outcome" + at, outcomeOf(producer, first));
        if (!step.equals("abort")) {
            // Outside of transactions the client would keep the record for the next one.
            seen.saw("then send" + at, send(producer, topic, "after it"));
        }
        seen.saw("then commit" + at, outcome(producer::commitTransaction));
        seen.saw("then abort" + at, outcome(producer::abortTransaction));
        seen.saw("then begin" + at, outcome(producer::beginTransaction));
        seen.saw("then send again" + at, send(producer, topic, "in the next"));
        seen.saw("then commit again" + at, outcome(producer::commitTransaction));
        seen.saw("then init" + at, outcome(producer::initTransactions));
    }

    private static String outcomeOf(
            KafkaProducer<byte[], byte[]> producer, Consumer<KafkaProducer<byte[], byte[]>> step) {
        try {
            step.accept(producer);
            return "done";
        } catch (IllegalStateException e) {
            return String.valueOf(e.getMessage()).contains(" ")
                    ? TransactionProducers.describe(e)
                    : String.valueOf(e.getMessage());
        } catch (RuntimeException e) {
            return TransactionProducers.describe(e);
        }
    }

    private static void fenced(Client client, Observation seen) throws Exception {
        for (var step : firstSteps("").keySet()) {
            String topic = client.newTopic(1, Map.of());
            String id = Client.newName("transaction");
            try (KafkaProducer<byte[], byte[]> first = producer(client, id, Map.of());
                    KafkaProducer<byte[], byte[]> second = producer(client, id, Map.of())) {
                first.initTransactions();
                first.beginTransaction();
                seen.saw("the first sends, " + step, send(first, topic, "first"));
                seen.saw("the second inits, " + step, outcome(second::initTransactions));
                sawLoss(
                        seen,
                        step,
                        first,
                        topic,
                        Objects.requireNonNull(firstSteps(topic).get(step)));
                second.beginTransaction();
                seen.saw("the second sends, " + step, send(second, topic, "second"));
                second.commitTransaction();
            }
            seen.saw("read, " + step, values(client, topic, 1));
        }
    }

    private static List<String> values(Client client, String topic, int count) {
        return client.read(topic, 1, count, Map.of("isolation.level", "read_committed")).stream()
                .map(TransactionFencingScenarios::describe)
                .toList();
    }

    private static String describe(ConsumerRecord<byte[], byte[]> message) {
        return message.offset() + " " + Client.text(message.value());
    }

    private static void timedOut(Client client, Observation seen) throws Exception {
        Map<String, KafkaProducer<byte[], byte[]>> producers = new LinkedHashMap<>();
        Map<String, String> topics = new LinkedHashMap<>();
        try (TransactionWire wire = new TransactionWire(client)) {
            String rawTopic = client.newTopic(1, Map.of());
            Identity former = wire.newProducer();
            Identity old = initShort(wire, former);
            TransactionErrorScenarios.begin(wire, old, TransactionWire.FIRST, rawTopic);
            Identity modern = initShort(wire, wire.newProducer());
            TransactionErrorScenarios.begin(wire, modern, TransactionWire.SECOND, rawTopic);
            Map<String, String> ids = new LinkedHashMap<>();
            for (String step : firstSteps("").keySet()) {
                String id = Client.newName("transaction");
                String topic = client.newTopic(1, Map.of());
                var producer = producer(client, id, Map.of("transaction.timeout.ms", TIMEOUT_MS));
                producers.put(step, producer);
                topics.put(step, topic);
                ids.put(step, id);
                producer.initTransactions();
                producer.beginTransaction();
                seen.saw("sent, " + step, send(producer, topic, "in time"));
            }
            for (String id : ids.values()) {
                awaitAbort(wire, new Identity(id, -1, (short) -1));
            }
            awaitAbort(wire, old);
            awaitAbort(wire, modern);
            sawRawLoss(seen, wire, "old", old, TransactionWire.FIRST, rawTopic);
            sawRawLoss(seen, wire, "new", modern, TransactionWire.SECOND, rawTopic);
            producers.forEach(
                    (step, producer) -> {
                        String topic = Objects.requireNonNull(topics.get(step));
                        sawLoss(
                                seen,
                                step,
                                producer,
                                topic,
                                Objects.requireNonNull(firstSteps(topic).get(step)));
                    });
            for (String topic : topics.values()) {
                try (KafkaProducer<byte[], byte[]> plain = client.producer(Map.of())) {
                    send(plain, topic, "last");
                }
            }
            topics.forEach(
                    (step, topic) ->
                            seen.saw(
                                    "read, " + step,
                                    values(client, topic, 1).stream()
                                            .map(value -> value.replaceAll("^\\d+ ", ""))
                                            .toList()));
        } finally {
            producers.values().forEach(producer -> producer.close(Duration.ZERO));
        }
    }

    private static Identity initShort(TransactionWire wire, Identity producer) {
        var answer = wire.init(producer, TIMEOUT_MS, 5);
        return new Identity(
                producer.transactionalId(), answer.producerId(), answer.producerEpoch());
    }

    private static void awaitAbort(TransactionWire wire, Identity producer) {
        await().atMost(PATIENCE).until(() -> wire.state(producer).equals("CompleteAbort"));
    }

    private static void sawRawLoss(
            Observation seen,
            TransactionWire wire,
            String name,
            Identity producer,
            TransactionWire.Generation versions,
            String topic) {
        String at = ", raw, " + name + " generation";
        seen.saw("batches" + at, wire.batches(topic, 0));
        seen.saw(
                "commit" + at, TransactionErrorScenarios.end(wire, producer, true, versions.end()));
        seen.saw(
                "abort" + at, TransactionErrorScenarios.end(wire, producer, false, versions.end()));
        seen.saw("add" + at, wire.add(producer, versions.addPartitions(), topic, 0));
        seen.saw("produce" + at, wire.produce(producer, versions.produce(), topic, 0, 1));
        var again = wire.init(producer, 60_000, 5);
        seen.saw(
                "init" + at,
                "error %d, same id: %s, epoch %d"
                        .formatted(
                                again.errorCode(),
                                again.producerId() == producer.producerId(),
                                again.producerEpoch()));
        seen.saw("state" + at, wire.state(producer));
    }

    private static void tooLong(Client client, Observation seen) {
        try (KafkaProducer<byte[], byte[]> producer =
                producer(
                        client,
                        Client.newName("transaction"),
                        Map.of("transaction.timeout.ms", LONGER_THAN_ALLOWED_MS))) {
            seen.saw("init", outcome(producer::initTransactions));
            seen.saw("begin", outcome(producer::beginTransaction));
            seen.saw("init again", outcome(producer::initTransactions));
        }
    }

    private static void died(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(1, Map.of());
        try (TransactionWire wire = new TransactionWire(client)) {
            Identity dead = wire.newProducer();
            TransactionErrorScenarios.begin(wire, dead, TransactionWire.SECOND, topic);
            seen.saw("left behind", wire.state(dead));
            try (KafkaProducer<byte[], byte[]> successor =
                    producer(client, String.valueOf(dead.transactionalId()), Map.of())) {
                seen.saw("init", outcome(successor::initTransactions));
                seen.saw("state", wire.state(dead));
                successor.beginTransaction();
                seen.saw("sent", send(successor, topic, "successor"));
                successor.commitTransaction();
                wire.awaitEnd(dead);
            }
            seen.saw("batches", wire.batches(topic, 0));
        }
        seen.saw("read", values(client, topic, 1));
    }

    private static void refused(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(1, Map.of("max.message.bytes", "2000"));
        try (KafkaProducer<byte[], byte[]> producer =
                producer(client, Client.newName("transaction"), Map.of())) {
            producer.initTransactions();
            producer.beginTransaction();
            seen.saw("small", send(producer, topic, "small"));
            seen.saw("large", send(producer, topic, "x".repeat(5_000)));
            seen.saw("small after large", send(producer, topic, "small again"));
            seen.saw("commit", outcome(producer::commitTransaction));
            seen.saw("begin", outcome(producer::beginTransaction));
            seen.saw("abort", outcome(producer::abortTransaction));
            seen.saw("begin after that", outcome(producer::beginTransaction));
            seen.saw("small in the next", send(producer, topic, "next"));
            seen.saw("commit after that", outcome(producer::commitTransaction));
        }
        seen.saw("read", values(client, topic, 1));
    }
}
