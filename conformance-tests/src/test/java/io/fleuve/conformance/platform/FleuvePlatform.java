package io.fleuve.conformance.platform;

import io.fleuve.postgres.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;

/** Fleuve: one broker in a child process, an embedded PostgreSQL, and a directory as store. */
public final class FleuvePlatform implements PlatformUnderTest {

    private static final String BROKER = "io.fleuve.broker.BrokerApplication";
    private static final Duration START_LIMIT = Duration.ofMinutes(4);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final int TAIL_LINES = 60;

    private final Path directory;
    private final EmbeddedPostgres postgres;
    private final List<String> jvmOptions;
    private final int kafkaPort;
    private final int httpPort;
    private Process broker;

    private FleuvePlatform(List<String> jvmOptions) throws IOException {
        this.jvmOptions = jvmOptions;
        this.directory = Files.createTempDirectory("fleuve-broker-");
        this.kafkaPort = freePort();
        this.httpPort = freePort();
        this.postgres = EmbeddedPostgres.temporary();
        this.broker = launch();
        awaitReady();
    }

    /** Starts one with a small heap. */
    public static FleuvePlatform start() {
        return start(List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    }

    /** Starts one with given options of its JVM. */
    public static FleuvePlatform start(List<String> jvmOptions) {
        try {
            return new FleuvePlatform(jvmOptions);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String name() {
        return "Fleuve";
    }

    @Override
    public String bootstrapServers() {
        return "127.0.0.1:" + kafkaPort;
    }

    /** The database, to be killed. */
    public EmbeddedPostgres postgres() {
        return postgres;
    }

    @Override
    public List<Long> processes() {
        return List.of(broker.pid(), postgres.pid());
    }

    /** The directory that records are stored in. */
    public Path store() {
        return directory.resolve("data").resolve("store");
    }

    /** What the broker has written to its console. */
    public Path log() {
        return directory.resolve("broker.log");
    }

    @Override
    public void kill() {
        broker.destroyForcibly();
        awaitEnd();
    }

    @Override
    public void restart() {
        if (broker.isAlive()) {
            stop();
        }
        try {
            broker = launch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitReady();
    }

    @Override
    public void close() {
        stop();
        postgres.close();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void stop() {
        broker.destroy();
        if (!ended(STOP_LIMIT)) {
            kill();
        }
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), BROKER));
        ProcessBuilder process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(Redirect.appendTo(log().toFile()));
        process.environment()
                .putAll(
                        Map.of(
                                "FLEUVE_KAFKA_HOST", "127.0.0.1",
                                "FLEUVE_KAFKA_PORT", Integer.toString(kafkaPort),
                                "FLEUVE_BROKER_HTTP_PORT", Integer.toString(httpPort),
                                "FLEUVE_POSTGRES_URL", postgres.jdbcUrl(),
                                "FLEUVE_POSTGRES_USER", postgres.user(),
                                "FLEUVE_POSTGRES_PASSWORD", postgres.password(),
                                "FLEUVE_DATA_DIR", directory.resolve("data").toString()));
        return process.start();
    }

    private void awaitReady() {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            if (!broker.isAlive()) {
                throw new IllegalStateException("the broker ended while it started:\n" + tail());
            }
            if (answers()) {
                return;
            }
        }
        kill();
        throw new IllegalStateException("the broker did not answer in time:\n" + tail());
    }

    private boolean answers() {
        Map<String, Object> settings =
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers(),
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

    private void awaitEnd() {
        if (!ended(STOP_LIMIT)) {
            throw new IllegalStateException("the broker survived SIGKILL for " + STOP_LIMIT);
        }
    }

    private boolean ended(Duration limit) {
        try {
            return broker.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the broker ended", e);
        }
    }

    private String tail() {
        try {
            List<String> lines = Files.readAllLines(log());
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
