package io.fleuve.conformance.clients;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A Maven project of its own below {@code src/test/clients}, which is built when it is first asked
 * for and whose programs run in processes of their own.
 */
public final class HeavyJob {

    /**
     * The system property that names the Maven to build with; where there is none, such jobs do not
     * run. The profile {@code heavy-clients} sets it.
     */
    public static final String MAVEN = "fleuve.conformance.maven";

    /** What Spark and Flink look into, and modern Java keeps closed. */
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

    private final Installation installation;

    private HeavyJob(Installation installation) {
        this.installation = installation;
    }

    /** The jobs of Spark. */
    public static HeavyJob spark() {
        return new HeavyJob(Installation.maven("spark"));
    }

    /** The jobs of Flink. */
    public static HeavyJob flink() {
        return new HeavyJob(Installation.maven("flink"));
    }

    /** Builds it if that is not done; returns the reason why it cannot be done. */
    public Optional<String> unavailable() {
        return installation.install();
    }

    /**
     * The command that runs one of its programs.
     *
     * @param heap as {@code -Xmx} takes it
     */
    public List<String> command(String heap, String mainClass, List<String> arguments) {
        Path target = installation.directory().resolve("target");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx" + heap, "-XX:+UseSerialGC"));
        OPENED.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
        try {
            command.addAll(
                    List.of(
                            "-cp",
                            target.resolve("classes")
                                    + File.pathSeparator
                                    + Files.readString(target.resolve("class-path")),
                            mainClass));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        command.addAll(arguments);
        return command;
    }
}
