package io.fleuve.conformance.clients;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A Maven project of its own below {@code src/test/clients}, whose job reads {@value #TOPIC}. It
 * runs twice, so that the second run has to go on from what the first one kept.
 *
 * @param installation builds the project
 */
record HeavyClient(String name, Installation installation) implements ClientProgram {

    /** The Maven to build with; where there is none, these clients do not run. */
    static final String MAVEN = "fleuve.conformance.maven";

    static final String TOPIC = "temperature-data";

    private static final Duration LIMIT = Duration.ofMinutes(10);

    /** What both look into, and modern Java keeps closed. */
    private static final List<String> OPENED =
            List.of(
                    "java.lang",
                    "java.lang.invoke",
                    "java.lang.reflect",
                    "java.io",
                    "java.net",
                    "java.nio",
                    "java.util",
                    "java.util.concurrent",
                    "java.util.concurrent.atomic",
                    "sun.nio.ch",
                    "sun.nio.cs",
                    "sun.security.action",
                    "sun.util.calendar");

    static HeavyClient spark() {
        return new HeavyClient("Spark", Installation.maven("spark"));
    }

    static HeavyClient flink() {
        return new HeavyClient("Flink", Installation.maven("flink"));
    }

    @Override
    public Optional<String> unavailable() {
        return installation.install();
    }

    @Override
    public Play play(String bootstrapServers) {
        try {
            Path state = Files.createTempDirectory("job-");
            try {
                String averages = "averages-" + UUID.randomUUID();
                Play first = run(bootstrapServers, averages, state);
                Play second = run(bootstrapServers, averages, state);
                return both(first, second);
            } finally {
                delete(state);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Play both(Play first, Play second) {
        Map<String, Map<String, String>> scenarios = new LinkedHashMap<>(first.scenarios());
        second.scenarios()
                .forEach((scenario, facts) -> scenarios.put(scenario + ", once more", facts));
        CommandLine.Result result =
                first.result().exitCode() == 0 ? second.result() : first.result();
        return new Play(first.version(), scenarios, result);
    }

    private Play run(String bootstrapServers, String averages, Path state) throws IOException {
        Path target = installation.directory().resolve("target");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx768m", "-XX:+UseSerialGC"));
        OPENED.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
        command.addAll(
                List.of(
                        "-cp",
                        target.resolve("classes")
                                + File.pathSeparator
                                + Files.readString(target.resolve("class-path")),
                        "temperature.AverageByRegion",
                        bootstrapServers,
                        TOPIC,
                        averages,
                        state.toString()));
        return Play.of(CommandLine.of(command).within(LIMIT).run());
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }
}
