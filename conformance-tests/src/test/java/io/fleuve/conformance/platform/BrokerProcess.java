package io.fleuve.conformance.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;

/** One broker of Fleuve in a child process, which can be killed and started again. */
public final class BrokerProcess {

    private static final String BROKER = "io.fleuve.broker.BrokerApplication";
    private static final Duration START_LIMIT = Duration.ofMinutes(4);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final int TAIL_LINES = 60;

    private final int kafkaPort;
    private final int httpPort;
    private final Path log;
    private final List<String> jvmOptions;
    private final Map<String, String> environment;
    private Process process;

    private BrokerProcess(
            int kafkaPort,
            int httpPort,
            Path log,
            List<String> jvmOptions,
            Map<String, String> environment)
            throws IOException {
        this.kafkaPort = kafkaPort;
        this.httpPort = httpPort;
        this.log = log;
        this.jvmOptions = List.copyOf(jvmOptions);
        this.environment = Map.copyOf(environment);
        this.process = launch();
        // Whoever ends this JVM ends its broker, too.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> process.destroyForcibly()));
    }

    /**
     * Launches a broker on ports of its own; {@link #awaitReady} tells when it answers.
     *
     * @param log where its console goes
     * @param environment where its database and its data are, and whatever else shall differ from
     *     the defaults
     */
    public static BrokerProcess launch(
            Path log, List<String> jvmOptions, Map<String, String> environment) {
        try {
            return new BrokerProcess(freePort(), freePort(), log, jvmOptions, environment);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it listens for Kafka clients: {@code host:port}, the same after a restart. */
    public String address() {
        return "127.0.0.1:" + kafkaPort;
    }

    /** The Kafka port. */
    public int kafkaPort() {
        return kafkaPort;
    }

    /** The port of its health and metrics. */
    public int httpPort() {
        return httpPort;
    }

    /** The process id. */
    public long pid() {
        return process.pid();
    }

    /** Whether the process lives. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** What the broker has written to its console, over all its restarts. */
    public Path log() {
        return log;
    }

    /** Ends it with SIGKILL. */
    public void kill() {
        process.destroyForcibly();
        if (!ended(STOP_LIMIT)) {
            throw new IllegalStateException("the broker survived SIGKILL for " + STOP_LIMIT);
        }
    }

    /** Stops it, by force if it takes too long. */
    public void stop() {
        process.destroy();
        if (!ended(STOP_LIMIT)) {
            kill();
        }
    }

    /** Starts it again on the same ports, if it does not run; returns at once. */
    public void relaunch() {
        if (process.isAlive()) {
            stop();
        }
        try {
            process = launch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns when it answers on its own address. */
    public void awaitReady() {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            if (!process.isAlive()) {
                throw new IllegalStateException("the broker ended while it started:\n" + tail());
            }
            if (answers()) {
                return;
            }
        }
        kill();
        throw new IllegalStateException("the broker did not answer in time:\n" + tail());
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), BROKER));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(Redirect.appendTo(log.toFile()));
        builder.environment()
                .putAll(
                        Map.of(
                                "FLEUVE_KAFKA_HOST", "127.0.0.1",
                                "FLEUVE_KAFKA_PORT", Integer.toString(kafkaPort),
                                "FLEUVE_BROKER_HTTP_PORT", Integer.toString(httpPort)));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private boolean answers() {
        Map<String, Object> settings =
                Map.of(
                        "bootstrap.servers",
                        address(),
                        "request.timeout.ms",
                        1_000,
                        "default.api.timeout.ms",
                        1_500,
                        "reconnect.backoff.max.ms",
                        200L);
        try (Admin admin = Admin.create(settings)) {
            return !admin.describeCluster(new DescribeClusterOptions().timeoutMs(1_500))
                    .nodes()
                    .get(2, TimeUnit.SECONDS)
                    .isEmpty();
        } catch (ExecutionException | TimeoutException _) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the broker started", e);
        }
    }

    private boolean ended(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the broker ended", e);
        }
    }

    private String tail() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join(
                    "\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

    /**
     * Below the ports that operating systems give to outgoing connections, so that a restart finds
     * it free.
     */
    private static int freePort() throws IOException {
        for (int attempt = 0; attempt < 100; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(12_000, 20_000);
            try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return port;
            } catch (IOException _) {
                // Taken: the next one.
            }
        }
        throw new IOException("no free port between 12000 and 20000");
    }
}
