package io.fleuve.alerts;

import static org.awaitility.Awaitility.await;

import io.fleuve.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The service in a JVM of its own, so that it can be killed. */
final class ServiceProcess implements AutoCloseable {

    private final Process process;
    private final Path output;
    private final int port;
    private final HttpClient http = HttpClient.newHttpClient();

    ServiceProcess(
            EmbeddedPostgres postgres,
            String bootstrapServers,
            Path directory,
            Map<String, String> properties) {
        port = freePort();
        output = directory.resolve("service.log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.add(AlertsApplication.class.getName());
        command.add("--server.port=" + port);
        command.add("--spring.datasource.url=" + postgres.jdbcUrl());
        command.add("--spring.datasource.username=" + postgres.user());
        command.add("--spring.datasource.password=" + postgres.password());
        command.add("--fleuve.alerts.streams.bootstrap-servers=" + bootstrapServers);
        command.add("--fleuve.alerts.streams.state-directory=" + directory);
        properties.forEach((key, value) -> command.add("--" + key + "=" + value));
        try {
            process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until readings are being processed. */
    void awaitRunning() {
        await().atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(100))
                .failFast("the service ended, see " + output, () -> !process.isAlive())
                .until(() -> isRunning());
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        kill();
        http.close();
    }

    private boolean isRunning() throws InterruptedException {
        try {
            HttpResponse<String> answer =
                    http.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    "http://127.0.0.1:"
                                                            + port
                                                            + "/actuator/prometheus"))
                                    .timeout(Duration.ofSeconds(10))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            return answer.body()
                    .lines()
                    .anyMatch(
                            line ->
                                    line.startsWith("fleuve_alerts_streams_state{")
                                            && line.contains("\"RUNNING\"")
                                            && line.endsWith(" 1.0"));
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
