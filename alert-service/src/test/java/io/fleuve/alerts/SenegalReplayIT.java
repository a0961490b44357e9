package io.fleuve.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fleuve.alerts.readings.ReadingEncoder;
import io.fleuve.alerts.readings.TemperatureReading;
import io.fleuve.kafkapeer.ApacheKafka;
import io.fleuve.postgres.EmbeddedPostgres;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The recordings of Senegal, fed as fast as the broker takes them: each hourly and daily window of
 * each region must have exactly the average that {@link Recordings} calculates. On Apache Kafka, or
 * the broker that {@code fleuve.test.bootstrap} names; each test has topics and a database of its
 * own.
 */
class SenegalReplayIT {

    private static final Logger LOGGER = LoggerFactory.getLogger(SenegalReplayIT.class);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration GRACE = Duration.ofHours(3);
    private static final long SEED = 20240501;
    private static final Recordings RECORDINGS = Recordings.load();
    private static final ReadingEncoder ENCODER = new ReadingEncoder();

    @TempDir private Path directory;

    private static final String WAITING =
            "SELECT count(*) FROM alerts.alert_transitions WHERE telling IN ('WAITING', 'HELD')";

    private static @Nullable ApacheKafka kafka;
    private static String bootstrap;
    private static KafkaProducer<byte[], byte[]> producer;

    private final String suffix = "-" + UUID.randomUUID();
    private final String readings = "temperature-data" + suffix;
    private final String averages = "temperature-averages" + suffix;
    private final String application = "fleuve-alerts" + suffix;
    private EmbeddedPostgres postgres;
    private TopicTail published;

    @BeforeAll
    static void startBroker() {
        String given = System.getProperty("fleuve.test.bootstrap", "");
        kafka = given.isEmpty() ? ApacheKafka.temporary() : null;
        bootstrap = kafka == null ? given : kafka.bootstrapServers();
        producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrap, "linger.ms", 5),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    @AfterAll
    static void stopBroker() {
        producer.close(Duration.ofSeconds(5));
        if (kafka != null) {
            kafka.close();
        }
    }

    @BeforeEach
    void startDatabase() {
        postgres = EmbeddedPostgres.temporary();
        published = new TopicTail(bootstrap, averages);
    }

    @AfterEach
    void stopDatabase() {
        published.close();
        postgres.close();
    }

    @Test
    void averagesEveryHourAndDayAndNeverTwiceHoweverOftenItIsReplayed() throws Exception {
        int total = RECORDINGS.rows().size();
        long told;
        try (ServiceUnderTest service = service()) {
            awaitRunning(service);
            send(RECORDINGS.rows());
            awaitAverages();
            RECORDINGS.assertAveragesOf(published.results());
            assertThat(published.results()).hasSize(RECORDINGS.windows());
            assertThat(metric(service, "fleuve_alerts_readings_late_total")).isZero();
            awaitEvaluated(service, RECORDINGS.windows());
            await().atMost(PATIENCE).until(() -> count(WAITING) == 0);
            told = notifications();
            assertThat(told).as("somebody was told").isPositive();

            send(RECORDINGS.rows());
            await().atMost(PATIENCE)
                    .until(
                            () ->
                                    metric(service, "fleuve_alerts_readings_late_total")
                                            == 2.0 * total);
            assertThat(notifications()).isEqualTo(told);
            assertThat(
                            page(
                                    service,
                                    "/windows?region=dakar&from=2024-01-02T00:00:00Z"
                                            + "&to=2024-01-03T00:00:00Z&size=100"))
                    .isEqualTo(24);
        }
        long windows = published.poll();
        rewindGroups();
        try (ServiceUnderTest service = service()) {
            await().atMost(PATIENCE)
                    .until(
                            () ->
                                    metric(service, "fleuve_alerts_readings_repeated_total")
                                            == 4.0 * total);
            awaitEvaluated(service, RECORDINGS.windows());
            assertThat(published.poll()).as("published after the reset").isEqualTo(windows);
            assertThat(notifications()).isEqualTo(told);
        }
        assertThat(windows).isEqualTo(RECORDINGS.windows());
    }

    @Test
    void averagesTheSameOfReadingsShuffledWithinTheGrace() {
        try (ServiceUnderTest service = service()) {
            awaitRunning(service);
            send(RECORDINGS.shuffledWithin(GRACE, SEED));
            awaitAverages();
            RECORDINGS.assertAveragesOf(published.results());
            assertThat(published.results()).hasSize(RECORDINGS.windows());
            assertThat(metric(service, "fleuve_alerts_readings_late_total"))
                    .as("late, seed %d", SEED)
                    .isZero();
        }
    }

    @Test
    void averagesTheSameThoughItIsKilledThreeTimes() {
        List<Recordings.Row> rows = RECORDINGS.rows();
        int part = rows.size() / 4;
        ServiceProcess service = process();
        try {
            service.awaitRunning();
            for (int kill = 1; kill <= 3; kill++) {
                long before = published.poll();
                send(rows.subList((kill - 1) * part, kill * part));
                // In the middle of the part, or of what it publishes.
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> published.poll() > before);
                service.kill();
                long killedAt = System.nanoTime();
                service = process();
                service.awaitRunning();
                LOGGER.atInfo()
                        .addKeyValue("kill", kill)
                        .addKeyValue("ms", (System.nanoTime() - killedAt) / 1_000_000)
                        .log("running again after SIGKILL, start of the JVM included");
            }
            send(rows.subList(3 * part, rows.size()));
            awaitAverages();
            RECORDINGS.assertAveragesOf(published.results());
        } finally {
            service.close();
        }
    }

    @Test
    void averagesTheSameThoughOneOfTwoInstancesThatShareTheWorkIsLost() throws Exception {
        List<Recordings.Row> rows = RECORDINGS.rows();
        ServiceProcess lost =
                new ServiceProcess(
                        postgres,
                        bootstrap,
                        Files.createDirectory(directory.resolve("lost")),
                        properties());
        try (ServiceUnderTest left = service()) {
            awaitRunning(left);
            lost.awaitRunning();
            send(rows.subList(0, rows.size() / 2));
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> published.poll() > RECORDINGS.windows() / 4);
            lost.kill();
            send(rows.subList(rows.size() / 2, rows.size()));
            awaitAverages();
            RECORDINGS.assertAveragesOf(published.results());
            assertThat(metric(left, "fleuve_alerts_readings_decoded_total"))
                    .as("decoded by the one that is left: the other has had a share")
                    .isLessThan(rows.size());
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> {
                                for (String region : List.of("dakar", "thies", "saint-louis")) {
                                    assertThat(
                                                    page(
                                                            left,
                                                            "/windows?size=100&from=2024-01-02T00:00:00Z"
                                                                    + "&to=2024-01-03T00:00:00Z&region="
                                                                    + region))
                                            .as(region)
                                            .isEqualTo(24);
                                }
                            });
        } finally {
            lost.close();
        }
    }

    private void awaitAverages() {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(
                        () -> {
                            published.poll();
                            return published.windows() >= RECORDINGS.windows();
                        });
    }

    private void awaitEvaluated(ServiceUnderTest service, int count) {
        await().atMost(PATIENCE)
                .until(() -> metric(service, "fleuve_alerts_averages_consumed_total") >= count);
    }

    private static void awaitRunning(ServiceUnderTest service) {
        await().atMost(PATIENCE)
                .until(() -> service.get("/actuator/health/readiness").status() == 200);
    }

    private void send(List<Recordings.Row> rows) {
        for (Recordings.Row row : rows) {
            producer.send(
                    new ProducerRecord<>(
                            readings,
                            null,
                            row.observedAt().toEpochMilli(),
                            row.region().getBytes(StandardCharsets.UTF_8),
                            ENCODER.encode(
                                    new TemperatureReading(
                                            row.region(),
                                            null,
                                            Double.parseDouble(row.celsius()),
                                            row.observedAt()))),
                    (_, failure) -> {
                        if (failure != null) {
                            LOGGER.atError().setCause(failure).log("a reading was not sent");
                        }
                    });
        }
        producer.flush();
    }

    /** Sets the offsets of both consumer groups back to the start. */
    private void rewindGroups() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            for (String group : List.of(application, application + "-evaluation")) {
                Map<TopicPartition, OffsetAndMetadata> start =
                        admin
                                .listConsumerGroupOffsets(group)
                                .partitionsToOffsetAndMetadata()
                                .get()
                                .keySet()
                                .stream()
                                .collect(Collectors.toMap(p -> p, _ -> new OffsetAndMetadata(0)));
                assertThat(start).isNotEmpty();
                await().atMost(PATIENCE)
                        .ignoreExceptions()
                        .until(
                                () -> {
                                    admin.alterConsumerGroupOffsets(group, start).all().get();
                                    return true;
                                });
            }
        }
    }

    private long notifications() {
        return count("SELECT count(*) FROM alerts.notifications");
    }

    private long count(String query) {
        try (Connection connection =
                        DriverManager.getConnection(
                                postgres.jdbcUrl(), postgres.user(), postgres.password());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static int page(ServiceUnderTest service, String path) {
        return service.get(path).body().size();
    }

    private static double metric(ServiceUnderTest service, String name) {
        return service.text("/actuator/prometheus")
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private ServiceUnderTest service() {
        return new ServiceUnderTest(postgres, bootstrap, directory, properties());
    }

    private ServiceProcess process() {
        return new ServiceProcess(postgres, bootstrap, directory, properties());
    }

    private Map<String, String> properties() {
        Map<String, String> properties = new TreeMap<>();
        properties.put("fleuve.alerts.grace", GRACE.toString());
        properties.put("fleuve.alerts.windows.also", "1d");
        // Longer than a busy machine takes between two parts of a replay.
        properties.put("fleuve.alerts.idle-after", "20s");
        properties.put("fleuve.alerts.console", "always");
        properties.put("fleuve.alerts.topics.readings", readings);
        properties.put("fleuve.alerts.topics.averages", averages);
        properties.put("fleuve.alerts.topics.dead-letters", "temperature-dead-letters" + suffix);
        properties.put("fleuve.alerts.topics.unkeyed", "temperature-unkeyed" + suffix);
        properties.put("fleuve.alerts.topics.partitions", "3");
        properties.put("fleuve.alerts.streams.application-id", application);
        return properties;
    }
}
