package io.fleuve.conformance.exactlyonce;

import io.fleuve.conformance.clients.HeavyJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The Spark job that reads what is committed, as a stream all the time and as a table at the end.
 */
final class SparkReader {

    private static final int LIMIT_SECONDS = 240;

    private final Path directory;
    private final JobProcess process;

    SparkReader(HeavyJob jobs, Path directory, String bootstrapServers, String topic)
            throws IOException {
        this.directory = directory;
        this.process =
                new JobProcess(
                        "Spark",
                        jobs.command(
                                "640m",
                                "numbers.CommittedNumbers",
                                List.of(bootstrapServers, topic, directory.toString())),
                        directory.resolve("spark.log"));
    }

    void check() throws IOException {
        process.check();
    }

    void kill() throws InterruptedException {
        process.kill();
    }

    /** How many batches the stream has completed. */
    int batches() throws IOException {
        Path commits = directory.resolve("checkpoint").resolve("commits");
        if (!Files.isDirectory(commits)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(commits)) {
            // They are numbered from 0, and old ones are deleted.
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("\\d+"))
                    .mapToInt(name -> Integer.parseInt(name) + 1)
                    .max()
                    .orElse(0);
        }
    }

    /** Lets it read to the end, and end. */
    void finish() throws IOException, InterruptedException {
        process.finish(LIMIT_SECONDS);
    }

    List<Copy> stream() throws IOException {
        return read("stream");
    }

    List<Copy> table() throws IOException {
        return read("table");
    }

    private List<Copy> read(String name) throws IOException {
        return Files.readAllLines(directory.resolve(name)).stream().map(Copy::ofLine).toList();
    }
}
