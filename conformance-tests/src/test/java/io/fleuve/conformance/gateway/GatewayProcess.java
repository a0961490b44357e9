package io.fleuve.conformance.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One gateway in a child process, which can be killed and started again on its port. */
public final class GatewayProcess implements AutoCloseable {

    private static final String GATEWAY = "io.fleuve.gateway.GatewayApplication";
    private static final Duration START_LIMIT = Duration.ofMinutes(4);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long STOP_LIMIT_S = 30;
    private static final List<String> SMALL =
            List.of("-Xmx160m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final int port;
    private final Path log;
    private final List<String> jvmOptions;
    private final List<String> arguments;
    private Process process;

    private GatewayProcess(int port, Path log, List<String> jvmOptions, List<String> arguments)
            throws IOException {
        this.port = port;
        this.log = log;
        this.jvmOptions = List.copyOf(jvmOptions);
        this.arguments = List.copyOf(arguments);
        this.process = launch();
        // Whoever ends this JVM ends its gateway, too.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> process.destroyForcibly()));
    }

    static GatewayProcess launch(String bootstrap, Path log, String... properties) {
        return launch(bootstrap, log, SMALL, properties);
    }

    /**
     * Launches a gateway on a port of its own; {@link #awaitReady} tells when it answers.
     *
     * @param log where its console goes
     */
    public static GatewayProcess launch(
            String bootstrap, Path log, List<String> jvmOptions, String... properties) {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = free.getLocalPort();
            free.close();
            List<String> arguments = new ArrayList<>(List.of(properties));
            arguments.add("--server.port=" + port);
            arguments.add("--server.address=127.0.0.1");
            arguments.add("--fleuve.gateway.bootstrap-servers=" + bootstrap);
            arguments.add("--spring.main.banner-mode=off");
            return new GatewayProcess(port, log, jvmOptions, arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), GATEWAY));
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log.toFile()))
                .start();
    }

    /** Where it listens on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** The process id. */
    public long pid() {
        return process.pid();
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What it has written to its console. */
    Path log() {
        return log;
    }

    /** Ends it with SIGKILL. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Starts it again; returns at once. */
    void relaunch() {
        try {
            process = launch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns when it answers and can reach its brokers. */
    public void awaitReady(HttpClient http) {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!isReady(http)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException("the gateway did not start; see " + log);
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private boolean isReady(HttpClient http) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url() + "/actuator/health/readiness"))
                        .timeout(Duration.ofSeconds(5))
                        .build();
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(STOP_LIMIT_S, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the gateway survived SIGKILL");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT_S, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
