package io.fleuve.conformance.scenario;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchResponse;

/** Fetch sessions (KIP-227), as no stock client would use them. */
final class FetchSessionScenarios {

    private static final short BY_NAME = 12;
    private static final short BY_ID = 13;

    private FetchSessionScenarios() {}

    static Stream<Scenario> all() {
        return Stream.of(
                new Scenario("a fetch session", FetchSessionScenarios::session),
                new Scenario("fetch sessions that end", FetchSessionScenarios::ends));
    }

    private static void session(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(3, Map.of());
        try (Wire wire = client.wire();
                KafkaProducer<byte[], byte[]> producer = client.producer(Map.of())) {
            FetchResponse first = ask(wire, request(0, 0, topic, 0, 1, 2));
            saw(seen, "the first fetch", first);
            int id = first.sessionId();
            saw(seen, "nothing new", ask(wire, request(id, 1, topic)));
            producer.send(new ProducerRecord<>(topic, 1, null, Client.bytes("one"))).get();
            // Long enough for the record to become visible.
            saw(seen, "a record", ask(wire, request(id, 2, topic).setMaxWaitMs(10_000)));
            FetchRequestData onwards = request(id, 3, topic, 1);
            onwards.topics().getFirst().partitions().getFirst().setFetchOffset(1);
            saw(seen, "behind the record", ask(wire, onwards));
            saw(seen, "too new an epoch", ask(wire, request(id, 9, topic)));
            saw(seen, "an old epoch", ask(wire, request(id, 2, topic)));
            FetchRequestData fewer =
                    request(id, 4, topic)
                            .setForgottenTopicsData(
                                    List.of(
                                            new ForgottenTopic()
                                                    .setTopic(topic)
                                                    .setPartitions(List.of(1))));
            saw(seen, "without one partition", ask(wire, fewer));
            producer.send(new ProducerRecord<>(topic, 1, null, Client.bytes("two"))).get();
            saw(seen, "a record in what was forgotten", ask(wire, request(id, 5, topic)));
            saw(seen, "a partition that does not exist", ask(wire, request(id, 6, topic, 7)));
            saw(seen, "it is told again", ask(wire, request(id, 7, topic)));
        }
    }

    private static void ends(Client client, Observation seen) throws Exception {
        String topic = client.newTopic(1, Map.of());
        try (Wire wire = client.wire()) {
            saw(seen, "a session that never was", ask(wire, request(123_456_789, 1, topic)));
            saw(seen, "none wanted", ask(wire, request(0, -1, topic, 0)));
            int one = ask(wire, request(0, 0, topic, 0)).sessionId();
            FetchResponse other = ask(wire, request(one, 0, topic, 0));
            saw(seen, "another one", other);
            seen.saw("with another id", other.sessionId() != one);
            saw(seen, "the first one", ask(wire, request(one, 1, topic)));
            saw(seen, "by id", ask(wire, request(other.sessionId(), 1, topic), BY_ID));
            saw(seen, "the last of it", ask(wire, request(other.sessionId(), -1, topic, 0)));
            saw(seen, "after the last", ask(wire, request(other.sessionId(), 1, topic)));
        }
    }

    private static void saw(Observation seen, String fact, FetchResponse answer) {
        seen.saw(
                fact,
                "%s, in a session: %s, %s"
                        .formatted(
                                answer.error(),
                                answer.sessionId() != 0,
                                answer.data().responses().stream()
                                        .flatMap(topic -> topic.partitions().stream())
                                        .map(FetchSessionScenarios::describe)
                                        .sorted()
                                        .toList()));
    }

    private static String describe(PartitionData partition) {
        return "%d: %s, %d bytes up to %d"
                .formatted(
                        partition.partitionIndex(),
                        Errors.forCode(partition.errorCode()),
                        FetchResponse.recordsSize(partition),
                        partition.highWatermark());
    }

    private static FetchResponse ask(Wire wire, FetchRequestData request) throws IOException {
        return ask(wire, request, BY_NAME);
    }

    private static FetchResponse ask(Wire wire, FetchRequestData request, int version)
            throws IOException {
        return wire.ask(request, version, FetchResponse.class);
    }

    private static FetchRequestData request(
            int session, int epoch, String topic, int... partitions) {
        FetchRequestData request =
                new FetchRequestData()
                        .setSessionId(session)
                        .setSessionEpoch(epoch)
                        .setMaxWaitMs(50)
                        .setMinBytes(1)
                        .setMaxBytes(1_000_000);
        if (partitions.length > 0) {
            FetchTopic asked = new FetchTopic().setTopic(topic);
            for (int partition : partitions) {
                asked.partitions()
                        .add(
                                new FetchPartition()
                                        .setPartition(partition)
                                        .setPartitionMaxBytes(1_000_000));
            }
            request.topics().add(asked);
        }
        return request;
    }
}
