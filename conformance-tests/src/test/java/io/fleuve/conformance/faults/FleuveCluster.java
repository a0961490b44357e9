package io.fleuve.conformance.faults;

import io.fleuve.conformance.platform.BrokerProcess;
import io.fleuve.postgres.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Brokers that share a database and a store, each behind two proxies: one that its clients come
 * through, and one between it and the database.
 */
final class FleuveCluster implements FaultedCluster {

    private static final List<String> JVM =
            List.of("-Xmx320m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    /** Errors that the faults themselves are, as the broker rightly tells its operator. */
    private static final List<String> EXPECTED =
            List.of(
                    "The store does not take writes",
                    // Apache Kafka's library calls it unexpected that its log cannot be written.
                    "Failed to write records to __consumer_offsets",
                    "Failed to write the transaction marker to __consumer_offsets",
                    // Its timers, too, when another broker has just taken the shard over.
                    "failed due to append to __consumer_offsets",
                    // Spring's, when a connection is cut within a transaction that then fails.
                    "Application exception overridden by rollback exception",
                    "HikariPool",
                    "SqlExceptionHelper");

    private record FleuveNode(BrokerProcess broker, TcpProxy clients, TcpProxy database)
            implements Node {

        @Override
        public long pid() {
            return broker.pid();
        }

        @Override
        public boolean isAlive() {
            return broker.isAlive();
        }

        @Override
        public void kill() {
            broker.kill();
        }

        @Override
        public void restart() {
            broker.relaunch();
            broker.awaitReady();
        }
    }

    private final Path directory;
    private final EmbeddedPostgres postgres;
    private final List<FleuveNode> nodes = new ArrayList<>();

    FleuveCluster(int brokers) throws IOException {
        directory = Files.createTempDirectory("fleuve-faults-");
        postgres = EmbeddedPostgres.temporary();
        for (int id = 1; id <= brokers; id++) {
            nodes.add(launch(id));
            // One after the other: the first one makes the tables.
            nodes.getLast().broker().awaitReady();
        }
    }

    private FleuveNode launch(int id) {
        TcpProxy database = new TcpProxy(postgres::port);
        BrokerProcess[] broker = new BrokerProcess[1];
        TcpProxy clients = new TcpProxy(() -> broker[0].kafkaPort());
        Map<String, String> settings =
                new HashMap<>(
                        Map.of(
                                "FLEUVE_BROKER_ID", Integer.toString(id),
                                "FLEUVE_POSTGRES_URL",
                                        postgres.jdbcUrl()
                                                .replace(
                                                        ":" + postgres.port() + "/",
                                                        ":" + database.port() + "/"),
                                "FLEUVE_POSTGRES_USER", postgres.user(),
                                "FLEUVE_POSTGRES_PASSWORD", postgres.password(),
                                "FLEUVE_STORE", store().toString(),
                                "FLEUVE_KAFKA_ADVERTISED_HOST", "127.0.0.1",
                                "FLEUVE_KAFKA_ADVERTISED_PORT", Integer.toString(clients.port()),
                                // So that objects are opened often.
                                "FLEUVE_BROKER_LOG_MAXOBJECT", "512KB"));
        broker[0] = BrokerProcess.launch(directory.resolve("broker-" + id + ".log"), JVM, settings);
        return new FleuveNode(broker[0], clients, database);
    }

    @Override
    public String bootstrapServers() {
        return nodes.stream()
                .map(node -> "127.0.0.1:" + node.clients().port())
                .collect(Collectors.joining(","));
    }

    @Override
    public List<Node> nodes() {
        return List.copyOf(nodes);
    }

    @Override
    public EmbeddedPostgres postgres() {
        return postgres;
    }

    @Override
    public Path store() {
        return directory.resolve("store");
    }

    @Override
    public List<String> errors() throws IOException {
        List<String> errors = new ArrayList<>();
        for (FleuveNode node : nodes) {
            try (Stream<String> lines = Files.lines(node.broker().log())) {
                lines.filter(line -> line.matches("^\\S+ ERROR .*"))
                        .filter(line -> EXPECTED.stream().noneMatch(line::contains))
                        .forEach(errors::add);
            }
        }
        return errors;
    }

    /** The files go when the cluster is closed; what the brokers have said stays for who looks. */
    private void keepLogs() {
        Path target = Path.of("conformance-tests/target");
        Path kept = Files.isDirectory(target) ? target : Path.of("target");
        for (FleuveNode node : nodes) {
            Path log = node.broker().log();
            try {
                Files.copy(
                        log,
                        kept.resolve("faults-" + log.getFileName()),
                        StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        keepLogs();
        for (FleuveNode node : nodes) {
            node.broker().stop();
            node.clients().close();
            node.database().close();
        }
        postgres.close();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
