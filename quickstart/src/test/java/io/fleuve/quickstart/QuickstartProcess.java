package io.fleuve.quickstart;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The packaged quickstart in a JVM of its own, on ports of its own. */
final class QuickstartProcess implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(120);

    private final Path output;
    private final Map<Endpoint, Integer> ports;
    private final Process process;

    private QuickstartProcess(Path output, Map<Endpoint, Integer> ports, Process process) {
        this.output = output;
        this.ports = ports;
        this.process = process;
    }

    /** A free port for every endpoint. */
    static Map<Endpoint, Integer> freePorts() throws IOException {
        Map<Endpoint, Integer> ports = new EnumMap<>(Endpoint.class);
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (Endpoint endpoint : Endpoint.values()) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                held.add(socket);
                ports.put(endpoint, socket.getLocalPort());
            }
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
        return ports;
    }

    static QuickstartProcess start(Path directory, Map<Endpoint, Integer> ports)
            throws IOException {
        return start(directory, ports, Map.of());
    }

    /** With further variables of the environment. */
    static QuickstartProcess start(
            Path directory, Map<Endpoint, Integer> ports, Map<String, String> variables)
            throws IOException {
        Path output = Files.createTempFile(directory, "output-", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx512m",
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "-jar",
                                jar().toString())
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("FLEUVE_"));
        // as a file of variables leaves it that names no server: the embedded one is meant
        builder.environment().put("FLEUVE_POSTGRES_URL", "");
        ports.forEach(
                (endpoint, port) ->
                        builder.environment().put(endpoint.portVariable(), port.toString()));
        builder.environment().putAll(variables);
        return new QuickstartProcess(output, ports, builder.start());
    }

    private static Path jar() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            return files.filter(file -> file.toString().endsWith("-exec.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("the module is not packaged"))
                    .toAbsolutePath();
        }
    }

    QuickstartProcess awaitUp() {
        await().atMost(START_LIMIT).until(() -> output().contains("Fleuve is up") || ended());
        if (ended()) {
            throw new AssertionError("ended with " + process.exitValue() + ":\n" + output());
        }
        return this;
    }

    int awaitExit(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still running after " + limit + ":\n" + output());
        }
        return process.exitValue();
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    String get(Endpoint endpoint, String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + ports.get(endpoint) + path);
            HttpResponse<String> response =
                    client.send(
                            HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)).build(),
                            HttpResponse.BodyHandlers.ofString());
            return response.statusCode() + " " + response.body();
        }
    }

    String bootstrapServers() {
        return "127.0.0.1:" + ports.get(Endpoint.KAFKA);
    }

    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean ended() {
        return !process.isAlive();
    }

    @Override
    public void close() throws InterruptedException {
        if (process.isAlive()) {
            process.destroy();
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }
}
