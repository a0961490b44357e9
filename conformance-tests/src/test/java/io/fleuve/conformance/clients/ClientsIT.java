package io.fleuve.conformance.clients;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fleuve.conformance.platform.PlatformUnderTest;
import io.fleuve.conformance.platform.Subject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that know nothing of Fleuve do what they do with Apache Kafka. */
class ClientsIT {

    private static @Nullable PlatformUnderTest platform;

    private final String topic = "topic-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        platform = Subject.start();
    }

    @AfterAll
    static void stop() {
        if (platform != null) {
            platform.close();
        }
    }

    @Nested
    class Kcat {

        @BeforeAll
        static void find() {
            assumeTrue(CommandLine.exists("kcat"), "kcat is not installed");
        }

        @Test
        void listsTopics() {
            createTopic(3);

            String listing = kcat("-L", "-t", topic).run().succeeded();

            assertThat(listing)
                    .contains("topic \"" + topic + "\" with 3 partitions:", "partition 2, leader ");
            assertThat(listing).doesNotContain("leader -1");
        }

        @ParameterizedTest
        @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
        void producesAndConsumes(String compression) {
            createTopic(1);
            String lines = numbers(1_000).collect(joining("\n"));

            kcat("-P", "-t", topic, "-p", "0", "-z", compression, "-K", ":", "-H", "origin=kcat")
                    .reading(lines + "\n")
                    .run()
                    .succeeded();

            assertThat(
                            kcat(
                                            "-C",
                                            "-t",
                                            topic,
                                            "-o",
                                            "beginning",
                                            "-e",
                                            "-q",
                                            "-f",
                                            "%o %k:%s %h\n")
                                    .run()
                                    .succeeded()
                                    .lines())
                    .containsExactlyElementsOf(
                            IntStream.range(0, 1_000)
                                    .mapToObj(
                                            i ->
                                                    "%d key-%d:value %d origin=kcat"
                                                            .formatted(i, i, i))
                                    .toList());
        }

        @Test
        void consumesAsAGroupAndGoesOn() {
            createTopic(3);
            kcat("-P", "-t", topic, "-K", ":")
                    .reading(numbers(90).collect(joining("\n")) + "\n")
                    .run()
                    .succeeded();
            String group = "group-" + UUID.randomUUID();

            String first = groupRead(group, 90);
            kcat("-P", "-t", topic, "-K", ":").reading("late:late\n").run().succeeded();
            String second = groupRead(group, 1);

            assertThat(first.lines().distinct()).hasSize(90);
            assertThat(second.strip()).isEqualTo("late");
        }

        private String groupRead(String group, int count) {
            return kcat(
                            "-G",
                            group,
                            "-q",
                            "-c",
                            "" + count,
                            "-X",
                            "auto.offset.reset=earliest",
                            topic)
                    .run()
                    .succeeded();
        }

        private CommandLine kcat(String... arguments) {
            List<String> words =
                    new ArrayList<>(List.of("kcat", "-b", platform().bootstrapServers()));
            words.addAll(List.of(arguments));
            return CommandLine.of(words.toArray(String[]::new));
        }
    }

    @Nested
    class ToolsOfApacheKafka {

        @Test
        void manageTopics() {
            tool(
                            "TopicCommand",
                            "--create",
                            "--topic",
                            topic,
                            "--partitions",
                            "2",
                            "--replication-factor",
                            "1")
                    .run()
                    .succeeded();
            tool("TopicCommand", "--alter", "--topic", topic, "--partitions", "4")
                    .run()
                    .succeeded();

            assertThat(tool("TopicCommand", "--list").run().succeeded()).contains(topic);
            assertThat(tool("TopicCommand", "--describe", "--topic", topic).run().succeeded())
                    .contains("PartitionCount: 4", "Partition: 3");
            tool("TopicCommand", "--delete", "--topic", topic).run().succeeded();
            assertThat(tool("TopicCommand", "--list").run().succeeded()).doesNotContain(topic);
        }

        @Test
        void produceConsumeAndShowLag() {
            createTopic(1);
            String group = "group-" + UUID.randomUUID();
            tool("ConsoleProducer", "--topic", topic)
                    .reading("one\ntwo\nthree\n")
                    .run()
                    .succeeded();

            String consumed =
                    tool(
                                    "consumer.ConsoleConsumer",
                                    "--topic",
                                    topic,
                                    "--group",
                                    group,
                                    "--from-beginning",
                                    "--max-messages",
                                    "3")
                            .run()
                            .succeeded();
            tool("ConsoleProducer", "--topic", topic).reading("four\n").run().succeeded();

            assertThat(consumed.lines()).containsExactly("one", "two", "three");
            String described =
                    tool("consumer.group.ConsumerGroupCommand", "--describe", "--group", group)
                            .run()
                            .succeeded();
            // GROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG ...
            assertThat(described).containsPattern(topic + "\\s+0\\s+3\\s+4\\s+1\\s");
            assertThat(tool("consumer.group.ConsumerGroupCommand", "--list").run().succeeded())
                    .contains(group);
            tool("consumer.group.ConsumerGroupCommand", "--delete", "--group", group)
                    .run()
                    .succeeded();
        }

        private CommandLine tool(String name, String... arguments) {
            List<String> all =
                    new ArrayList<>(List.of("--bootstrap-server", platform().bootstrapServers()));
            all.addAll(List.of(arguments));
            return CommandLine.java("org.apache.kafka.tools." + name, all.toArray(String[]::new));
        }
    }

    @Nested
    class KafkaPython {

        /** The newest, and one that speaks the protocol's old dialects. */
        @ParameterizedTest
        @ValueSource(strings = {"", "==2.0.2"})
        void producesFourByteTemperatures(String version) throws Exception {
            Path python = python(version);
            createTopic(1);
            int seed = new Random().nextInt();

            String printed =
                    CommandLine.of(
                                    python.toString(),
                                    "src/test/python/seed_producer.py",
                                    platform().bootstrapServers(),
                                    topic,
                                    "50",
                                    "" + seed)
                            .run()
                            .succeeded();

            List<Integer> sent = printed.lines().map(Integer::valueOf).toList();
            assertThat(sent).as("with seed %d", seed).hasSize(50).allMatch(t -> t >= 0 && t <= 40);
            assertThat(readValues(50))
                    .containsExactlyElementsOf(
                            sent.stream().map(t -> new byte[] {0, 0, 0, t.byteValue()}).toList());
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "==2.0.2"})
        void consumesAsAGroup(String version) throws Exception {
            Path python = python(version);
            createTopic(2);
            CommandLine.of(
                            python.toString(),
                            "src/test/python/seed_producer.py",
                            platform().bootstrapServers(),
                            topic,
                            "40",
                            "1")
                    .run()
                    .succeeded();

            String read =
                    CommandLine.of(
                                    python.toString(),
                                    "src/test/python/group_consumer.py",
                                    platform().bootstrapServers(),
                                    topic,
                                    "40")
                            .run()
                            .succeeded();

            assertThat(read.lines().distinct()).hasSize(40);
        }

        /** A virtual environment below target, made once. */
        private static Path python(String version) throws Exception {
            assumeTrue(CommandLine.exists("python3"), "python3 is not installed");
            Path environment = Path.of("target", "kafka-python" + version.replace("==", "-"));
            Path python = environment.resolve("bin/python").toAbsolutePath();
            Path done = environment.resolve("installed");
            if (!Files.exists(done)) {
                CommandLine.Result venv =
                        CommandLine.of("python3", "-m", "venv", environment.toString()).run();
                assumeTrue(
                        venv.exitCode() == 0,
                        "python3 cannot make a virtual environment: " + venv.errors());
                CommandLine.Result pip =
                        CommandLine.of(
                                        python.toString(),
                                        "-m",
                                        "pip",
                                        "install",
                                        "-q",
                                        "kafka-python" + version)
                                .within(Duration.ofMinutes(2))
                                .run();
                assumeTrue(
                        pip.exitCode() == 0,
                        "pip cannot install kafka-python" + version + ": " + pip.errors());
                Files.createFile(done);
            }
            return python;
        }

        private List<byte[]> readValues(int count) {
            List<byte[]> values = new ArrayList<>();
            try (KafkaConsumer<byte[], byte[]> consumer =
                    new KafkaConsumer<>(
                            Map.of("bootstrap.servers", platform().bootstrapServers()),
                            new ByteArrayDeserializer(),
                            new ByteArrayDeserializer())) {
                TopicPartition partition = new TopicPartition(topic, 0);
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                Awaitility.await()
                        .until(
                                () -> {
                                    consumer.poll(Duration.ofMillis(200))
                                            .forEach(message -> values.add(message.value()));
                                    return values.size() >= count;
                                });
            }
            return values;
        }
    }

    private static Stream<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(i -> "key-" + i + ":value " + i);
    }

    private void createTopic(int partitions) {
        CommandLine.java(
                        "org.apache.kafka.tools.TopicCommand",
                        "--bootstrap-server",
                        platform().bootstrapServers(),
                        "--create",
                        "--topic",
                        topic,
                        "--partitions",
                        "" + partitions)
                .run()
                .succeeded();
    }

    private static PlatformUnderTest platform() {
        return Objects.requireNonNull(platform, "the platform was not started");
    }
}
