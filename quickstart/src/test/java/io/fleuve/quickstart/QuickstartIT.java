package io.fleuve.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program, from an empty directory. */
class QuickstartIT {

    private static final Duration END_LIMIT = Duration.ofSeconds(10);

    @TempDir Path directory;

    private Map<Endpoint, Integer> ports;

    @BeforeEach
    void choosePorts() throws IOException {
        ports = QuickstartProcess.freePorts();
    }

    /**
     * A killed quickstart leaves its database running, on purpose; nobody comes for it after a
     * failed test.
     */
    @AfterEach
    void stopWhatIsLeft() {
        postgresProcesses().forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void findsEverythingAgainAfterKillAndLeavesNothingBehindAfterTermination() throws Exception {
        try (QuickstartProcess first = QuickstartProcess.start(directory, ports).awaitUp()) {
            for (Endpoint service : servicesWithHealth()) {
                assertThat(first.get(service, "/actuator/health/readiness"))
                        .as(service.name())
                        .startsWith("200")
                        .contains("UP");
            }
            createTopicAndProduce(first.bootstrapServers(), "acknowledged");
            first.kill();
        }

        try (QuickstartProcess second = QuickstartProcess.start(directory, ports).awaitUp()) {
            assertThat(firstRecord(second.bootstrapServers())).isEqualTo("acknowledged");
            second.terminate();
            second.awaitExit(END_LIMIT);
            assertThat(postgresProcesses()).isEmpty();
        }
    }

    @Test
    void endsWithinSecondsWhenTerminatedWhileStarting() throws Exception {
        try (QuickstartProcess quickstart = QuickstartProcess.start(directory, ports)) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> quickstart.output().contains("starting broker"));
            quickstart.terminate();
            quickstart.awaitExit(END_LIMIT.multipliedBy(2));
            assertThat(postgresProcesses()).isEmpty();
        }
    }

    @Test
    void namesThePortThatIsTakenAndItsVariable() throws Exception {
        int port = ports.getOrDefault(Endpoint.ALERTS, 0);
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"));
                QuickstartProcess quickstart = QuickstartProcess.start(directory, ports)) {
            assertThat(quickstart.awaitExit(Duration.ofSeconds(60))).isEqualTo(1);
            assertThat(quickstart.output())
                    .contains("Port " + taken.getLocalPort())
                    .contains("FLEUVE_ALERTS_PORT")
                    .doesNotContain("\tat ");
            assertThat(postgresProcesses()).isEmpty();
        }
    }

    private static List<Endpoint> servicesWithHealth() {
        return List.of(Endpoint.BROKER, Endpoint.GATEWAY, Endpoint.ALERTS, Endpoint.SIMULATOR);
    }

    private List<ProcessHandle> postgresProcesses() {
        String data = realDirectory().resolve("data").resolve("postgres").toString();
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains("-D " + data))
                .toList();
    }

    private Path realDirectory() {
        try {
            return directory.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void createTopicAndProduce(String bootstrapServers, String value)
            throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", bootstrapServers);
        try (Admin admin = Admin.create(config)) {
            admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        try (var producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("kept", value)).get(30, TimeUnit.SECONDS);
        }
    }

    private static String firstRecord(String bootstrapServers) {
        TopicPartition partition = new TopicPartition("kept", 0);
        try (var consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", bootstrapServers),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            ConsumerRecords<String, String> records = consumer.poll(Duration.ofSeconds(30));
            return records.records(partition).getFirst().value();
        }
    }
}
