package io.fleuve.conformance.clients;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * A program below {@code src/test/clients}, which prints facts.
 *
 * @param installation what it needs
 * @param words the command, to which the bootstrap address is added
 * @param topics how many topics of two partitions it is to find in the environment, for a client
 *     that cannot create any
 */
record ScriptedClient(String name, Installation installation, List<String> words, int topics)
        implements ClientProgram {

    private static final Duration LIMIT = Duration.ofMinutes(10);

    static ScriptedClient kcat() {
        return new ScriptedClient(
                "kcat", Installation.of("kcat"), List.of(source("kcat/kcat.sh")), 9);
    }

    static ScriptedClient python(String name, String script) {
        Installation environment = Installation.python(name);
        return new ScriptedClient(
                name,
                environment,
                List.of(
                        environment.directory().resolve("bin/python").toString(),
                        "-B",
                        source("python/" + script)),
                0);
    }

    static ScriptedClient javascript(Installation packages, String name, String script) {
        return new ScriptedClient(
                name,
                packages,
                List.of("node", packages.directory().resolve(script).toString()),
                0);
    }

    static ScriptedClient go(Installation programs, String name) {
        return new ScriptedClient(
                name,
                programs,
                List.of(programs.directory().resolve("bin").resolve(name).toString()),
                0);
    }

    @Override
    public Optional<String> unavailable() {
        return installation.install();
    }

    @Override
    public Play play(String bootstrapServers) {
        List<String> command = new ArrayList<>(words);
        command.add(bootstrapServers);
        return Play.of(
                CommandLine.of(command)
                        .with(Map.of("TOPICS", newTopics(bootstrapServers)))
                        .within(LIMIT)
                        .run());
    }

    private String newTopics(String bootstrapServers) {
        List<String> names =
                IntStream.range(0, topics).mapToObj(_ -> "topic-" + UUID.randomUUID()).toList();
        if (!names.isEmpty()) {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
                admin.createTopics(
                                names.stream()
                                        .map(
                                                topic ->
                                                        new NewTopic(
                                                                topic,
                                                                Optional.of(2),
                                                                Optional.empty()))
                                        .toList())
                        .all()
                        .get();
            } catch (Exception e) {
                throw new IllegalStateException("no topics for " + name, e);
            }
        }
        return String.join(" ", names);
    }

    private static String source(String file) {
        return Installation.SOURCES.resolve(Path.of(file)).toAbsolutePath().toString();
    }
}
