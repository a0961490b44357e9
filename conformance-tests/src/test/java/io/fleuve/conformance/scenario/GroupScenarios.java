package io.fleuve.conformance.scenario;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;

/** Consumer groups, by the classic protocol and by that of KIP-848. */
final class GroupScenarios {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private GroupScenarios() {}

    static Stream<Scenario> all() {
        return Stream.of("classic", "consumer")
                .flatMap(
                        protocol ->
                                Stream.of(
                                        new Scenario(
                                                "a " + protocol + " group of one",
                                                (client, seen) ->
                                                        groupOfOne(client, seen, protocol)),
                                        new Scenario(
                                                "a " + protocol + " group of two",
                                                (client, seen) ->
                                                        groupOfTwo(client, seen, protocol)),
                                        new Scenario(
                                                "offsets of a " + protocol + " group",
                                                (client, seen) -> offsets(client, seen, protocol)),
                                        new Scenario(
                                                "the end of a " + protocol + " group",
                                                (client, seen) -> end(client, seen, protocol))));
    }

    private static void groupOfOne(Client client, Observation seen, String protocol)
            throws Exception {
        String topic = client.newTopic(3, Map.of());
        String group = Client.newName("group");
        RecordScenarios.produceNumbers(client, topic, 90, Map.of());
        try (KafkaConsumer<byte[], byte[]> consumer = member(client, group, protocol);
                Admin admin = client.admin()) {
            consumer.subscribe(List.of(topic));
            seen.saw("records", client.poll(consumer, 90).size());
            consumer.commitSync();
            seen.saw("committed", committed(admin, group));
            ConsumerGroupDescription description = describe(admin, group);
            seen.saw("state", description.groupState());
            seen.saw("type", description.type());
            seen.saw("assignor", description.partitionAssignor());
            seen.saw("members", description.members().size());
            seen.saw("simple", description.isSimpleConsumerGroup());
            description
                    .members()
                    .forEach(
                            member -> {
                                seen.saw(
                                        "partitions of the member",
                                        member.assignment().topicPartitions().size());
                                seen.saw("instance", member.groupInstanceId());
                            });
            GroupListing listing =
                    admin.listGroups().all().get().stream()
                            .filter(found -> found.groupId().equals(group))
                            .findFirst()
                            .orElseThrow();
            seen.saw(
                    "listed",
                    "type %s, protocol %s, state %s"
                            .formatted(listing.type(), listing.protocol(), listing.groupState()));
        }
        RecordScenarios.produceNumbers(client, topic, 6, Map.of());
        try (KafkaConsumer<byte[], byte[]> successor = member(client, group, protocol)) {
            successor.subscribe(List.of(topic));
            seen.saw(
                    "a successor begins at",
                    client.poll(successor, 6).stream()
                            .map(ConsumerRecord::offset)
                            .sorted()
                            .toList());
        }
    }

    private static void groupOfTwo(Client client, Observation seen, String protocol)
            throws Exception {
        String topic = client.newTopic(6, Map.of());
        String group = Client.newName("group");
        try (KafkaConsumer<byte[], byte[]> first = member(client, group, protocol);
                Admin admin = client.admin()) {
            first.subscribe(List.of(topic));
            awaitPartitions(List.of(first), List.of(6));
            try (KafkaConsumer<byte[], byte[]> second = member(client, group, protocol)) {
                second.subscribe(List.of(topic));
                awaitPartitions(List.of(first, second), List.of(3, 3));
                RecordScenarios.produceNumbers(client, topic, 60, Map.of());
                List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
                await().atMost(PATIENCE)
                        .until(
                                () -> {
                                    first.poll(Duration.ofMillis(100)).forEach(records::add);
                                    second.poll(Duration.ofMillis(100)).forEach(records::add);
                                    return records.size() >= 60;
                                });
                seen.saw("records", records.size());
                seen.saw(
                        "each once",
                        records.stream()
                                .map(message -> message.partition() + ":" + message.offset())
                                .distinct()
                                .count());
                seen.saw("members", describe(admin, group).members().size());
                first.commitSync();
                second.commitSync();
            }
            awaitPartitions(List.of(first), List.of(6));
            seen.saw("members after one left", describe(admin, group).members().size());
            seen.saw("committed", committed(admin, group));
        }
    }

    private static void offsets(Client client, Observation seen, String protocol) throws Exception {
        String topic = client.newTopic(2, Map.of());
        String group = Client.newName("group");
        RecordScenarios.produceNumbers(client, topic, 20, Map.of());
        TopicPartition zero = new TopicPartition(topic, 0);
        TopicPartition one = new TopicPartition(topic, 1);
        try (Admin admin = client.admin()) {
            try (KafkaConsumer<byte[], byte[]> consumer = member(client, group, protocol)) {
                consumer.subscribe(List.of(topic));
                client.poll(consumer, 20);
                consumer.commitSync(Map.of(zero, new OffsetAndMetadata(4, "four")));
                seen.saw("one of two", committed(admin, group));
                seen.sawOutcome(
                        "altered while a member is there",
                        () ->
                                admin.alterConsumerGroupOffsets(
                                                group, Map.of(zero, new OffsetAndMetadata(1)))
                                        .all()
                                        .get());
                seen.sawOutcome(
                        "deleted while a member is there",
                        () -> admin.deleteConsumerGroupOffsets(group, Set.of(zero)).all().get());
            }
            awaitEmpty(admin, group);
            seen.sawOutcome(
                    "altered when empty",
                    () ->
                            admin.alterConsumerGroupOffsets(
                                            group,
                                            Map.of(
                                                    zero,
                                                    new OffsetAndMetadata(2),
                                                    one,
                                                    new OffsetAndMetadata(9)))
                                    .all()
                                    .get());
            seen.saw("after altering", committed(admin, group));
            seen.sawOutcome(
                    "deleted when empty",
                    () -> admin.deleteConsumerGroupOffsets(group, Set.of(zero)).all().get());
            seen.saw("after deleting", committed(admin, group));
            try (KafkaConsumer<byte[], byte[]> consumer = member(client, group, protocol)) {
                consumer.subscribe(List.of(topic));
                seen.saw("read on", client.poll(consumer, 11).size());
            }
        }
    }

    private static void end(Client client, Observation seen, String protocol) throws Exception {
        String topic = client.newTopic(1, Map.of());
        String group = Client.newName("group");
        RecordScenarios.produceNumbers(client, topic, 5, Map.of());
        try (Admin admin = client.admin()) {
            try (KafkaConsumer<byte[], byte[]> consumer = member(client, group, protocol)) {
                consumer.subscribe(List.of(topic));
                client.poll(consumer, 5);
                consumer.commitSync();
                seen.sawOutcome(
                        "deleting one with a member",
                        () -> admin.deleteConsumerGroups(List.of(group)).all().get());
            }
            awaitEmpty(admin, group);
            seen.saw("type when empty", describe(admin, group).type());
            seen.sawOutcome(
                    "deleting an empty one",
                    () -> admin.deleteConsumerGroups(List.of(group)).all().get());
            seen.sawOutcome(
                    "deleting it again",
                    () -> admin.deleteConsumerGroups(List.of(group)).all().get());
            seen.sawOutcome("describing it", () -> describe(admin, group).groupState());
            seen.saw(
                    "listed",
                    admin.listGroups().all().get().stream()
                            .anyMatch(listing -> listing.groupId().equals(group)));
            seen.sawOutcome("its offsets", () -> committed(admin, group));
        }
    }

    private static KafkaConsumer<byte[], byte[]> member(
            Client client, String group, String protocol) {
        Map<String, Object> properties =
                new HashMap<>(Map.of("group.id", group, "group.protocol", protocol));
        if (protocol.equals("classic")) {
            properties.put("heartbeat.interval.ms", 500);
        }
        return client.consumer(properties);
    }

    private static void awaitPartitions(
            List<KafkaConsumer<byte[], byte[]>> members, List<Integer> counts) {
        await().atMost(PATIENCE)
                .until(
                        () -> {
                            members.forEach(member -> member.poll(Duration.ofMillis(100)));
                            return IntStream.range(0, members.size())
                                    .allMatch(
                                            i ->
                                                    members.get(i).assignment().size()
                                                            == counts.get(i));
                        });
    }

    private static void awaitEmpty(Admin admin, String group) {
        await().atMost(PATIENCE)
                .until(() -> describe(admin, group).groupState() == GroupState.EMPTY);
    }

    private static ConsumerGroupDescription describe(Admin admin, String group) throws Exception {
        return Objects.requireNonNull(
                        admin.describeConsumerGroups(List.of(group)).describedGroups().get(group))
                .get();
    }

    static List<String> committed(Admin admin, String group) throws Exception {
        return committed(admin, group, new ListConsumerGroupOffsetsOptions());
    }

    /** The same, once no transaction is about to change it. */
    static List<String> settled(Admin admin, String group) throws Exception {
        return committed(admin, group, new ListConsumerGroupOffsetsOptions().requireStable(true));
    }

    private static List<String> committed(
            Admin admin, String group, ListConsumerGroupOffsetsOptions options) throws Exception {
        return admin
                .listConsumerGroupOffsets(group, options)
                .partitionsToOffsetAndMetadata()
                .get()
                .entrySet()
                .stream()
                .map(
                        entry ->
                                entry.getKey().partition()
                                        + "="
                                        + entry.getValue().offset()
                                        + " '"
                                        + entry.getValue().metadata()
                                        + "'")
                .sorted()
                .toList();
    }
}
