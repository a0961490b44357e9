package io.fleuve.conformance.exactlyonce;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process of {@link RegionTotals}, which can be killed and started again. */
final class Application implements AutoCloseable {

    private static final int STOP_SECONDS = 40;

    private final Path directory;
    private final List<String> command = new ArrayList<>();
    private Process process;

    /**
     * @param id its name as a group, and that of its output topics
     */
    Application(String bootstrapServers, String id, String input, List<String> outputs)
            throws IOException {
        directory = Files.createTempDirectory("exactly-once-");
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx160m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        RegionTotals.class.getName(),
                        bootstrapServers,
                        id,
                        directory.resolve("state").toString(),
                        input));
        command.addAll(outputs);
        process = launch();
        // Whoever ends this JVM ends its application, too.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> process.destroyForcibly()));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void relaunch() throws IOException {
        process = launch();
    }

    /** So that it must restore everything from its changelogs, under another name. */
    void loseState() throws IOException {
        delete(directory.resolve("state"));
    }

    /** In good order, by force if that takes too long. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            kill();
        }
    }

    String log() throws IOException {
        String log = Files.readString(directory.resolve("application.log"));
        return log.substring(Math.max(0, log.length() - 4_000));
    }

    private Process launch() throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(
                                directory.resolve("application.log").toFile()))
                .start();
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            }
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        kill();
        delete(directory);
    }
}
