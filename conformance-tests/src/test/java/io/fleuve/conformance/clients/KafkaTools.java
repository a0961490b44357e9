package io.fleuve.conformance.clients;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.apache.kafka.common.utils.AppInfoParser;

/** The tools that Apache Kafka comes with, each a process of its own. */
final class KafkaTools implements ClientProgram {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Pattern NAMES = Pattern.compile("(topic|group)-[0-9a-f-]{36}");

    @Override
    public String name() {
        return "tools of Apache Kafka";
    }

    @Override
    public Optional<String> unavailable() {
        return Optional.empty();
    }

    @Override
    public Play play(String bootstrapServers) {
        Map<String, Map<String, String>> scenarios = new LinkedHashMap<>();
        Tools tools = new Tools(bootstrapServers);
        observe(scenarios, "the life of a topic", tools::manageTopics);
        observe(scenarios, "a group goes on where it committed", tools::groupGoesOn);
        observe(scenarios, "reading from an offset and by time", tools::offsets);
        return new Play(
                name() + " " + AppInfoParser.getVersion(),
                scenarios,
                new CommandLine.Result(0, "", ""));
    }

    private static void observe(
            Map<String, Map<String, String>> scenarios, String scenario, Script script) {
        Map<String, String> facts = new LinkedHashMap<>();
        scenarios.put(scenario, facts);
        try {
            script.run(
                    (fact, text) -> facts.put(fact, NAMES.matcher(text).replaceAll("$1").strip()));
        } catch (AssertionError | RuntimeException e) {
            facts.put(Play.BROKE_OFF, e.toString());
        }
    }

    @FunctionalInterface
    private interface Script {

        void run(BiConsumer<String, String> seen);
    }

    private record Tools(String bootstrapServers) {

        void manageTopics(BiConsumer<String, String> seen) {
            String topic = newName("topic");
            seen.accept("created", createTopic(topic, 2));
            seen.accept(
                    "created again",
                    lines(
                            run("TopicCommand", "--create", "--topic", topic).output(),
                            "Error while executing"));
            seen.accept(
                    "altered",
                    run("TopicCommand", "--alter", "--topic", topic, "--partitions", "4")
                            .succeeded());
            String described = run("TopicCommand", "--describe", "--topic", topic).succeeded();
            seen.accept("partitions", found("PartitionCount: \\d+", described));
            seen.accept("replication", found("ReplicationFactor: \\d+", described));
            seen.accept("last partition", found("Partition: 3\tLeader: \\d+", described));
            seen.accept("listed", lines(run("TopicCommand", "--list").succeeded(), topic));
            seen.accept("deleted", run("TopicCommand", "--delete", "--topic", topic).succeeded());
            seen.accept(
                    "listed after deletion",
                    lines(run("TopicCommand", "--list").succeeded(), topic));
            seen.accept(
                    "described after deletion",
                    lines(
                            run("TopicCommand", "--describe", "--topic", topic).output(),
                            "Error while executing"));
        }

        void groupGoesOn(BiConsumer<String, String> seen) {
            String topic = newName("topic");
            String group = newName("group");
            createTopic(topic, 1);
            produce(topic, "one\ntwo\nthree\n");
            seen.accept("first reads", consume(topic, group, 3));
            produce(topic, "four\n");
            // GROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG CONSUMER-ID HOST CLIENT-ID
            seen.accept(
                    "lag",
                    lines(groups("--describe", "--group", group).succeeded(), topic)
                            .replaceAll("\\s+", " "));
            seen.accept("listed", lines(groups("--list").succeeded(), group));
            seen.accept("second reads", consume(topic, group, 1));
            seen.accept(
                    "reset",
                    lines(
                                    groups(
                                                    "--reset-offsets",
                                                    "--group",
                                                    group,
                                                    "--topic",
                                                    topic,
                                                    "--shift-by",
                                                    "-2",
                                                    "--execute")
                                            .succeeded(),
                                    topic)
                            .replaceAll("\\s+", " "));
            seen.accept("after the reset", consume(topic, group, 2));
            seen.accept("deleted", groups("--delete", "--group", group).succeeded());
        }

        void offsets(BiConsumer<String, String> seen) {
            String topic = newName("topic");
            createTopic(topic, 1);
            produce(topic, "one\ntwo\nthree\n");
            // by another producer: what one sends at once may, or may not, be of one millisecond
            produce(topic, "four\n");
            seen.accept("end", offsets(topic, "latest"));
            seen.accept("beginning", offsets(topic, "earliest"));
            seen.accept("latest time", offsets(topic, "max-timestamp"));
            seen.accept(
                    "from an offset",
                    run(
                                    "consumer.ConsoleConsumer",
                                    "--topic",
                                    topic,
                                    "--partition",
                                    "0",
                                    "--offset",
                                    "1",
                                    "--max-messages",
                                    "2")
                            .succeeded());
        }

        private String offsets(String topic, String time) {
            return run("GetOffsetShell", "--topic", topic, "--time", time).succeeded();
        }

        private String createTopic(String topic, int partitions) {
            return run(
                            "TopicCommand",
                            "--create",
                            "--topic",
                            topic,
                            "--partitions",
                            "" + partitions,
                            "--replication-factor",
                            "1")
                    .succeeded();
        }

        private void produce(String topic, String lines) {
            tool("ConsoleProducer", "--topic", topic).reading(lines).run().succeeded();
        }

        private String consume(String topic, String group, int count) {
            return run(
                            "consumer.ConsoleConsumer",
                            "--topic",
                            topic,
                            "--group",
                            group,
                            "--from-beginning",
                            "--max-messages",
                            "" + count)
                    .succeeded();
        }

        private CommandLine.Result groups(String... arguments) {
            return run("consumer.group.ConsumerGroupCommand", arguments);
        }

        private CommandLine.Result run(String name, String... arguments) {
            return tool(name, arguments).run();
        }

        private CommandLine tool(String name, String... arguments) {
            List<String> all = new ArrayList<>(List.of("--bootstrap-server", bootstrapServers));
            all.addAll(List.of(arguments));
            return CommandLine.java("org.apache.kafka.tools." + name, all.toArray(String[]::new))
                    .within(LIMIT);
        }

        private static String newName(String kind) {
            return kind + "-" + UUID.randomUUID();
        }

        /** The lines that contain a text: what else a tool writes is a warning. */
        private static String lines(String output, String text) {
            return output.lines().filter(line -> line.contains(text)).collect(joining(" | "));
        }

        private static String found(String pattern, String output) {
            return Pattern.compile(pattern)
                    .matcher(output)
                    .results()
                    .map(match -> match.group())
                    .collect(joining(", "));
        }
    }
}
