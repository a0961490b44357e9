package io.fleuve.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of a Kafka guide, old and new, as they are written there, from an unpacked archive.
 * Only the port is another one, so that tests do not need the usual one free.
 */
class UnpackedArchiveIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir private static Path directory;
    private static Path home = Path.of("");
    private static String address = "";
    private static Process server;

    /** What a command came to. */
    private record Outcome(int status, String out, String err) {}

    @BeforeAll
    static void unpackAndStart() throws Exception {
        Path archive;
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            archive =
                    files.filter(file -> file.toString().endsWith(".tar.gz"))
                            .findFirst()
                            .orElseThrow(() -> new IllegalStateException("not packaged"));
        }
        assertThat(
                        new ProcessBuilder("tar", "-xzf", archive.toAbsolutePath().toString())
                                .directory(directory.toFile())
                                .inheritIO()
                                .start()
                                .waitFor())
                .isZero();
        try (Stream<Path> folders = Files.list(directory)) {
            home = folders.findFirst().orElseThrow();
        }
        int port = freePort();
        address = "127.0.0.1:" + port;
        ProcessBuilder builder = command("bin/kafka-server-start.sh config/server.properties");
        builder.environment().put("FLEUVE_KAFKA_PORT", Integer.toString(port));
        builder.environment().put("FLEUVE_BROKER_HTTP_PORT", Integer.toString(freePort()));
        server =
                builder.redirectErrorStream(true)
                        .redirectOutput(directory.resolve("server.txt").toFile())
                        .start();
        await().atMost(PATIENCE)
                .until(() -> serverOutput().contains("Fleuve is up") || !server.isAlive());
        assertThat(server.isAlive()).as(serverOutput()).isTrue();
    }

    @AfterAll
    static void stop() throws Exception {
        assertThat(run("bin/kafka-server-stop.sh", "").status()).isZero();
        assertThat(server.waitFor(20, TimeUnit.SECONDS)).as("the server ends").isTrue();
    }

    @Test
    void aTopicIsCreatedByTheCommandThatNamesZooKeeper() throws Exception {
        assertThat(run("bin/zookeeper-server-start.sh config/zookeeper.properties", ""))
                .satisfies(o -> assertThat(o.status()).isZero())
                .satisfies(o -> assertThat(o.err()).contains("There is no ZooKeeper"));
        Outcome created =
                run(
                        "bin/kafka-topics.sh --create --zookeeper localhost:2181"
                                + " --replication-factor 1 --partitions 1 --topic my-topic",
                        "");
        assertThat(created.err()).contains("--zookeeper is no longer needed");
        assertThat(created.status()).as(created.toString()).isZero();
        assertThat(created.out()).contains("Created topic my-topic.");
        Outcome listed = run("bin/kafka-topics.sh --list --zookeeper=localhost:2181", "");
        assertThat(listed.out()).contains("my-topic");
        assertThat(listed.err().lines()).as("the note, and nothing else").hasSize(1);
    }

    @Test
    void recordsGoThroughTheConsoleProducerAndComeOutOfTheConsoleConsumer() throws Exception {
        Outcome produced =
                run(
                        "bin/kafka-console-producer.sh --broker-list ADDRESS --topic console",
                        "21\n34\n");
        assertThat(produced.status()).as(produced.toString()).isZero();
        assertThat(produced.err()).contains("--broker-list is called --bootstrap-server now");
        Outcome consumed =
                run(
                        "bin/kafka-console-consumer.sh --zookeeper localhost:2181 --topic console"
                                + " --group readers --from-beginning --max-messages 2",
                        "");
        assertThat(consumed.status()).as(consumed.toString()).isZero();
        assertThat(consumed.out().lines()).containsExactly("21", "34");
        assertThat(run("bin/kafka-consumer-groups.sh --describe --group readers", "").out())
                .containsPattern("readers +console +0 +2 +2 +0");
    }

    @Test
    void settingsAreChangedAndShown() throws Exception {
        run("bin/kafka-topics.sh --create --topic kept", "");
        Outcome altered =
                run(
                        "bin/kafka-configs.sh --alter --entity-type topics --entity-name kept"
                                + " --add-config retention.ms=60000",
                        "");
        assertThat(altered.status()).as(altered.toString()).isZero();
        assertThat(
                        run(
                                        "bin/kafka-configs.sh --describe --entity-type topics --entity-name kept",
                                        "")
                                .out())
                .contains("retention.ms=60000");
    }

    @Test
    void thePerformanceToolsMeasure() throws Exception {
        Outcome produced =
                run(
                        "bin/kafka-producer-perf-test.sh --topic perf --num-records 20000"
                                + " --record-size 100 --throughput -1"
                                + " --producer-props bootstrap.servers=ADDRESS acks=all",
                        "");
        assertThat(produced.status()).as(produced.toString()).isZero();
        assertThat(produced.out()).contains("20000 records sent");
        Outcome consumed =
                run("bin/kafka-consumer-perf-test.sh --topic perf --num-records 20000", "");
        assertThat(consumed.status()).as(consumed.toString()).isZero();
        assertThat(consumed.out()).contains("20000");
    }

    @Test
    void aMistakeIsTold() throws Exception {
        assertThat(run("bin/kafka-server-start.sh", "").err()).contains("usage:");
        Outcome unknown = run("bin/kafka-topics.sh --describe --topic nowhere", "");
        assertThat(unknown.status()).isNotZero();
        assertThat(unknown.out() + unknown.err()).contains("nowhere");
    }

    private static ProcessBuilder command(String line) {
        List<String> words = new ArrayList<>(List.of(line.replace("ADDRESS", address).split(" ")));
        ProcessBuilder builder = new ProcessBuilder(words).directory(home.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("FLEUVE_"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("FLEUVE_BOOTSTRAP_SERVERS", address);
        return builder;
    }

    private static Outcome run(String line, String input) throws Exception {
        Path out = Files.createTempFile(directory, "out-", ".txt");
        Path err = Files.createTempFile(directory, "err-", ".txt");
        Process process =
                command(line).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It ended without reading.
        }
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(line).isTrue();
        return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private static String serverOutput() throws IOException {
        return Files.readString(directory.resolve("server.txt"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
