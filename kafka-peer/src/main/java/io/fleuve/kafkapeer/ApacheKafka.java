package io.fleuve.kafkapeer;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Node;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An Apache Kafka server in a child JVM: one KRaft node that is broker and controller, on free
 * ports of 127.0.0.1.
 *
 * <p>It is Kafka as it comes, but for what one node needs (replication factor 1 of the internal
 * topics) and what keeps tests short: few partitions in the internal topics, no initial rebalance
 * delay, a small log cleaner. Each of these can be overridden by {@link Builder#property}. The
 * child ends when this JVM does, however that ends.
 */
public final class ApacheKafka implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(ApacheKafka.class);

    /** Fixed, so that a kept log directory stays the same cluster. */
    private static final String CLUSTER_ID = "Rmxldi1rYWZrYS1wZWVyMA";

    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);
    private static final int START_ATTEMPTS = 3;
    private static final int TAIL_BYTES = 4096;

    /**
     * Below the ports that operating systems give to outgoing connections, so that a restart finds
     * its port free.
     */
    private static final int FIRST_PORT = 20_000;

    private static final int LAST_PORT = 32_000;

    private final Path directory;
    private final boolean temporary;
    private final Builder settings;
    private int port;
    private Process process;

    private ApacheKafka(Path directory, boolean temporary, Builder settings) throws IOException {
        this.directory = Files.createDirectories(directory).toRealPath();
        this.temporary = temporary;
        this.settings = settings;
        this.port = freePort();
        this.process = launchOnFreePort();
    }

    /** Starts on a directory that is created when it does not exist and kept afterwards. */
    public static ApacheKafka start(Path logDirectory) {
        return builder().start(logDirectory);
    }

    /** Starts on a directory of its own that is deleted at close. */
    public static ApacheKafka temporary() {
        return builder().temporary();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** What can be set before a start. */
    public static final class Builder {

        private final Map<String, String> properties = new LinkedHashMap<>();
        private final List<String> jvmOptions = new ArrayList<>(List.of("-XX:+UseSerialGC"));
        private String heap = "256m";
        private IntUnaryOperator advertised = IntUnaryOperator.identity();

        private Builder() {
            properties.put("offsets.topic.replication.factor", "1");
            properties.put("offsets.topic.num.partitions", "4");
            properties.put("transaction.state.log.replication.factor", "1");
            properties.put("transaction.state.log.min.isr", "1");
            properties.put("transaction.state.log.num.partitions", "4");
            properties.put("share.coordinator.state.topic.replication.factor", "1");
            properties.put("share.coordinator.state.topic.min.isr", "1");
            properties.put("share.coordinator.state.topic.num.partitions", "4");
            properties.put("group.initial.rebalance.delay.ms", "0");
            properties.put("log.cleaner.dedupe.buffer.size", "16777216");
        }

        /** Maximum heap in the notation of {@code -Xmx}; 256m unless said otherwise. */
        public Builder heap(String size) {
            this.heap = size;
            return this;
        }

        /**
         * One property of {@code server.properties}; addresses, node id and directories are not for
         * change.
         */
        public Builder property(String name, String value) {
            properties.put(name, value);
            return this;
        }

        /**
         * The port that clients are told to come to, asked for at each start with the port that it
         * listens on; for a proxy in between. {@link ApacheKafka#port} stays the latter.
         */
        public Builder advertised(IntUnaryOperator port) {
            this.advertised = port;
            return this;
        }

        /**
         * Replaces the options of the child JVM (the serial collector) by others, heap size apart.
         */
        public Builder jvmOptions(String... options) {
            jvmOptions.clear();
            jvmOptions.addAll(List.of(options));
            return this;
        }

        public ApacheKafka start(Path logDirectory) {
            try {
                return new ApacheKafka(logDirectory, false, this);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        public ApacheKafka temporary() {
            try {
                return new ApacheKafka(Files.createTempDirectory("apache-kafka-"), true, this);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** {@code 127.0.0.1:port}, the same after a restart. */
    public synchronized String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    public synchronized int port() {
        return port;
    }

    /** Process id of the child JVM that was started last. */
    public synchronized long pid() {
        return process.pid();
    }

    public synchronized boolean isRunning() {
        return process.isAlive();
    }

    /** Holds the log ({@code kafka.log}), the configuration, and the topics below {@code data}. */
    public Path logDirectory() {
        return directory;
    }

    /** Ends the child with SIGKILL. */
    public synchronized void kill() {
        process.destroyForcibly();
        awaitEnd(KILL_LIMIT);
    }

    /**
     * Stops the broker in good order if it runs and starts it again on the same port and directory.
     */
    public synchronized void restart() {
        stop();
        try {
            process = launch();
            awaitReady();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() {
        stop();
        if (temporary) {
            try {
                delete(directory);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void stop() {
        process.destroy();
        if (!awaitEnd(STOP_LIMIT)) {
            LOGGER.atWarn()
                    .addKeyValue("pid", process.pid())
                    .log("Apache Kafka did not stop in time, killing it");
            kill();
        }
    }

    private boolean awaitEnd(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            throw new ApacheKafkaException("interrupted while Apache Kafka was stopping", e);
        }
    }

    /** Between the choice of a port and its use somebody else may take it. */
    private Process launchOnFreePort() throws IOException {
        for (int attempt = 1; ; attempt++) {
            process = launch();
            try {
                awaitReady();
                return process;
            } catch (ApacheKafkaException e) {
                boolean portTaken = tail().contains("Address already in use");
                if (!portTaken || attempt == START_ATTEMPTS) {
                    throw e;
                }
                port = freePort();
            }
        }
    }

    private Process launch() throws IOException {
        Path properties = writeProperties(freePort());
        Path logging = writeLogging();
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.add("-Xmx" + settings.heap);
        words.addAll(settings.jvmOptions);
        words.add("-Dlogback.configurationFile=" + logging);
        words.add("-Djava.awt.headless=true");
        words.add("-cp");
        words.add(classPath());
        words.add(KafkaProcess.class.getName());
        words.add(CLUSTER_ID);
        words.add(properties.toString());
        Process child =
                new ProcessBuilder(words)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.to(log().toFile()))
                        .start();
        LOGGER.atInfo()
                .addKeyValue("pid", child.pid())
                .addKeyValue("port", port)
                .log("starting Apache Kafka");
        return child;
    }

    /**
     * Surefire may start its JVM from a jar that only names the others; the real class path is a
     * property then.
     */
    private static String classPath() {
        String surefire = System.getProperty("surefire.test.class.path");
        return surefire == null || surefire.isBlank()
                ? System.getProperty("java.class.path")
                : surefire;
    }

    private Path writeProperties(int controllerPort) throws IOException {
        Properties properties = new Properties();
        properties.putAll(settings.properties);
        properties.setProperty("process.roles", "broker,controller");
        properties.setProperty("node.id", "1");
        properties.setProperty("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        properties.setProperty("controller.listener.names", "CONTROLLER");
        properties.setProperty(
                "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.setProperty(
                "listeners",
                "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        properties.setProperty(
                "advertised.listeners",
                "PLAINTEXT://127.0.0.1:" + settings.advertised.applyAsInt(port));
        properties.setProperty("log.dirs", directory.resolve("data").toString());
        Path file = directory.resolve("server.properties");
        try (var writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
        return file;
    }

    private Path writeLogging() throws IOException {
        return Files.writeString(
                directory.resolve("logging.xml"),
                """
                <configuration>
                  <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
                    <encoder>
                      <pattern>%d{HH:mm:ss.SSS} %-5level %logger{36} %msg%n</pattern>
                    </encoder>
                  </appender>
                  <root level="WARN">
                    <appender-ref ref="out"/>
                  </root>
                </configuration>
                """);
    }

    private void awaitReady() {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        Map<String, Object> config =
                Map.of(
                        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                        "127.0.0.1:" + port,
                        AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                        "100");
        if (!awaitPort(deadline)) {
            throw notStarted();
        }
        try (Admin admin = Admin.create(config)) {
            while (true) {
                Collection<Node> nodes = admin.describeCluster().nodes().get(10, TimeUnit.SECONDS);
                if (!nodes.isEmpty()) {
                    return;
                }
                if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                    throw notStarted();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            throw new ApacheKafkaException("interrupted while Apache Kafka was starting", e);
        } catch (ExecutionException | TimeoutException e) {
            ApacheKafkaException failure = notStarted();
            failure.initCause(e);
            throw failure;
        }
    }

    /** Waits for the port first: an admin client that meets a closed port complains in the log. */
    private boolean awaitPort(long deadline) {
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", port);
        while (System.nanoTime() - deadline < 0) {
            try (var socket = new Socket()) {
                socket.connect(address, 1_000);
                return true;
            } catch (IOException e) {
                try {
                    if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                        return false;
                    }
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
        }
        return false;
    }

    private ApacheKafkaException notStarted() {
        String state = process.isAlive() ? "did not answer in " + START_LIMIT : "ended";
        process.destroyForcibly();
        return new ApacheKafkaException(
                "Apache Kafka " + state + "; end of its log (" + log() + "):\n" + tail(), null);
    }

    private Path log() {
        return directory.resolve("kafka.log");
    }

    private String tail() {
        try (RandomAccessFile file = new RandomAccessFile(log().toFile(), "r")) {
            file.seek(Math.max(0, file.length() - TAIL_BYTES));
            byte[] tail = new byte[(int) (file.length() - file.getFilePointer())];
            file.readFully(tail);
            return new String(tail, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }

    private static int freePort() throws IOException {
        IOException last = new IOException("no attempt was made");
        for (int attempt = 0; attempt < 50; attempt++) {
            int candidate = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), candidate));
                return candidate;
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
