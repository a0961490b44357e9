package io.fleuve.conformance.exactlyonce;

import io.fleuve.conformance.clients.HeavyJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The Flink job that copies numbers; whoever starts it again lets it go on from its last
 * checkpoint.
 */
final class FlinkCopy {

    private final HeavyJob jobs;
    private final Path checkpoints;
    private final Path log;
    private final List<String> arguments;
    private JobProcess process;

    /**
     * Starts it.
     *
     * @param naming how transactional ids are named: {@code INCREMENTING} or {@code POOLING}
     */
    FlinkCopy(
            HeavyJob jobs,
            Path directory,
            String bootstrapServers,
            String input,
            String output,
            int groups,
            String naming)
            throws IOException {
        this.jobs = jobs;
        this.checkpoints = Files.createDirectories(directory.resolve("checkpoints"));
        this.log = directory.resolve("flink.log");
        this.arguments =
                List.of(
                        bootstrapServers,
                        input,
                        output,
                        checkpoints.toUri().toString(),
                        Integer.toString(groups),
                        naming);
        this.process = launch(Optional.empty());
    }

    void check() throws IOException {
        process.check();
    }

    void kill() throws InterruptedException {
        process.kill();
    }

    /** Starts it again after a kill. */
    void restart() throws IOException {
        Path last =
                last().orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                "Flink has no checkpoint in " + checkpoints));
        process = launch(Optional.of(last));
    }

    private JobProcess launch(Optional<Path> from) throws IOException {
        List<String> all = new ArrayList<>(arguments);
        from.ifPresent(checkpoint -> all.add(checkpoint.toUri().toString()));
        return new JobProcess("Flink", jobs.command("512m", "numbers.CountedNumbers", all), log);
    }

    /** The newest that is complete: a checkpoint gets its file of metadata last. */
    private Optional<Path> last() throws IOException {
        try (Stream<Path> files = Files.walk(checkpoints)) {
            return files.filter(file -> file.endsWith("_metadata"))
                    .max(Comparator.comparing(FlinkCopy::written))
                    .map(Path::getParent);
        }
    }

    private static FileTime written(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
