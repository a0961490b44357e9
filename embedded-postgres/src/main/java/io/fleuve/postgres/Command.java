package io.fleuve.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs a program to its end and keeps what it said. */
final class Command {

    /**
     * What a program left behind.
     *
     * @param exitCode zero for success
     * @param output standard output and error, in the order they were written
     */
    record Outcome(int exitCode, String output) {

        boolean succeeded() {
            return exitCode == 0;
        }
    }

    private Command() {}

    /** Runs the words given, with {@code input} on standard input, for at most {@code limit}. */
    static Outcome run(List<String> words, String input, Duration limit) {
        Path output = null;
        try {
            // A file, not a pipe: a server started by the program would keep a pipe open for as
            // long as it lives.
            output = Files.createTempFile("fleuve-command-", ".out");
            ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
            builder.redirectOutput(output.toFile());
            builder.environment().put("LC_ALL", "C");
            builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
            Process process = builder.start();
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // The program ended without reading; its exit code and output tell why.
            }
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                return new Outcome(
                        -1,
                        read(output) + "\n" + words.getFirst() + " did not end within " + limit);
            }
            return new Outcome(process.exitValue(), read(output));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedPostgresException("Interrupted while running " + words.getFirst(), e);
        } finally {
            deleteQuietly(output);
        }
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    }

    private static void deleteQuietly(@Nullable Path file) {
        if (file == null) {
            return;
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // A leftover in the temporary directory; nothing depends on it.
        }
    }
}
