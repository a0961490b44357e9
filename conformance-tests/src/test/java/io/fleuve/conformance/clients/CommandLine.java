package io.fleuve.conformance.clients;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command that runs to its end.
 *
 * @param words the program and its arguments
 * @param input what it reads from its standard input
 * @param limit how long it may take
 * @param directory where it runs
 * @param environment what its environment has more than this one's
 */
record CommandLine(
        List<String> words,
        String input,
        Duration limit,
        Path directory,
        Map<String, String> environment) {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    /**
     * What came of it.
     *
     * @param exitCode 0 if it succeeded
     * @param output what it wrote to its standard output
     * @param errors what it wrote to its standard error
     */
    record Result(int exitCode, String output, String errors) {

        /** The output of a command that succeeded. */
        String succeeded() {
            if (exitCode != 0) {
                throw new AssertionError(
                        "exit code %d\n%s\n%s".formatted(exitCode, output, errors));
            }
            return output;
        }
    }

    static CommandLine of(String... words) {
        return of(List.of(words));
    }

    static CommandLine of(List<String> words) {
        return new CommandLine(words, "", LIMIT, Path.of(""), Map.of());
    }

    /** A main class on this JVM's class path. */
    static CommandLine java(String mainClass, String... arguments) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx128m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                mainClass));
        words.addAll(List.of(arguments));
        return of(words);
    }

    /** Whether a program is there to be run. */
    static boolean exists(String program) {
        if (program.contains("/")) {
            return Files.isExecutable(Path.of(program));
        }
        for (String directory : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            if (Files.isExecutable(Path.of(directory, program))) {
                return true;
            }
        }
        return false;
    }

    CommandLine reading(String newInput) {
        return new CommandLine(words, newInput, limit, directory, environment);
    }

    CommandLine within(Duration newLimit) {
        return new CommandLine(words, input, newLimit, directory, environment);
    }

    CommandLine in(Path newDirectory) {
        return new CommandLine(words, input, limit, newDirectory, environment);
    }

    CommandLine with(Map<String, String> newEnvironment) {
        return new CommandLine(words, input, limit, directory, newEnvironment);
    }

    Result run() {
        try {
            Path output = Files.createTempFile("command-", ".out");
            Path errors = Files.createTempFile("command-", ".err");
            try {
                return run(output, errors);
            } finally {
                Files.delete(output);
                Files.delete(errors);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Result run(Path output, Path errors) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(words)
                        .directory(directory.toAbsolutePath().toFile())
                        .redirectOutput(Redirect.to(output.toFile()))
                        .redirectError(Redirect.to(errors.toFile()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException _) {
                // It ended without reading; its exit code says why.
            }
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                kill(process);
                process.waitFor();
            }
            return new Result(
                    ended ? process.exitValue() : 124,
                    Files.readString(output),
                    (ended ? "" : "killed after " + limit + "\n") + Files.readString(errors));
        } catch (InterruptedException e) {
            kill(process);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + words.getFirst(), e);
        }
    }

    /** With what it started, which would outlive it. */
    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
