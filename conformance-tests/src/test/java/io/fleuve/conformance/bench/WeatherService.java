package io.fleuve.conformance.bench;

import io.fleuve.conformance.platform.FleuvePlatform;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One alert service in a child process, with the database of a platform. */
final class WeatherService implements AutoCloseable {

    private static final String SERVICE = "io.fleuve.alerts.AlertsApplication";
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long STOP_LIMIT_S = 30;

    private final Process process;
    private final URI address;
    private final HttpClient http = HttpClient.newHttpClient();

    private WeatherService(Process process, URI address) {
        this.process = process;
        this.address = address;
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /** Returns when it is ready: its streams run. */
    static WeatherService launch(
            FleuvePlatform platform, Path directory, List<String> jvm, Map<String, String> settings)
            throws IOException {
        Files.createDirectories(directory);
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), SERVICE));
        command.add("--FLEUVE_ALERTS_PORT=" + port);
        command.add("--FLEUVE_BOOTSTRAP_SERVERS=" + platform.bootstrapServers());
        command.add("--FLEUVE_POSTGRES_URL=" + platform.postgres().jdbcUrl());
        command.add("--FLEUVE_POSTGRES_USER=" + platform.postgres().user());
        command.add("--FLEUVE_POSTGRES_PASSWORD=" + platform.postgres().password());
        command.add("--FLEUVE_DATA_DIR=" + directory);
        settings.forEach((key, value) -> command.add("--" + key + "=" + value));
        Path log = directory.resolve("alert-service.log");
        WeatherService service =
                new WeatherService(
                        new ProcessBuilder(command)
                                .redirectErrorStream(true)
                                .redirectOutput(Redirect.to(log.toFile()))
                                .start(),
                        URI.create("http://127.0.0.1:" + port));
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!service.isReady()) {
            if (!service.process.isAlive() || System.nanoTime() > deadline) {
                service.close();
                throw new IllegalStateException("the alert service did not start: see " + log);
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        return service;
    }

    long pid() {
        return process.pid();
    }

    /** The sum of a counter over its tags; 0 while there is none. */
    double metric(String name) throws IOException {
        return get("/actuator/prometheus")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private boolean isReady() {
        try {
            return get("/actuator/health/readiness").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private HttpResponse<String> get(String path) throws IOException {
        try {
            return http.send(
                    HttpRequest.newBuilder(address.resolve(path)).build(), BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        http.close();
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
