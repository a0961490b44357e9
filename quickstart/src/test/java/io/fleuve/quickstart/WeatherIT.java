package io.fleuve.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fleuve.alerts.AlertsApplication;
import io.fleuve.broker.BrokerApplication;
import io.fleuve.postgres.EmbeddedPostgres;
import io.fleuve.simulator.SimulatorApplication;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The whole stream of water: simulator, broker and alert service, a recorded day of seven regions.
 */
class WeatherIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int HOURS = 24;
    private static final int REGIONS = 7;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir Path directory;

    private final List<AutoCloseable> started = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : started.reversed()) {
            each.close();
        }
    }

    @Test
    void averagesOfAReplayedDayAreThoseOfTheRecordingNoneMissingNoneLate() throws Exception {
        List<String> day = recordedDay();
        assertThat(day).hasSize(HOURS * REGIONS);
        Path file =
                Files.write(
                        directory.resolve("day.csv"),
                        Stream.concat(Stream.of("observed_at,region,celsius"), day.stream())
                                .toList());
        EmbeddedPostgres postgres = EmbeddedPostgres.temporary();
        started.add(postgres);
        int kafka = freePort();
        int alerts = freePort();
        start(BrokerApplication.application(), postgres, kafka, freePort());
        start(
                AlertsApplication.application(),
                postgres,
                kafka,
                alerts,
                "fleuve.alerts.idle-after=2s",
                "fleuve.alerts.console=never");
        start(
                SimulatorApplication.application(),
                postgres,
                kafka,
                freePort(),
                "fleuve.simulator.data=" + file.toUri(),
                "fleuve.simulator.speed=1000000000",
                "fleuve.simulator.autostart=true");

        Map<String, TreeMap<Instant, Double>> averages = new HashMap<>();
        try (KafkaConsumer<String, String> consumer = consumer(kafka)) {
            List<TopicPartition> partitions = new ArrayList<>();
            await().atMost(PATIENCE)
                    .until(
                            () ->
                                    partitions.addAll(
                                            consumer.partitionsFor("temperature-averages").stream()
                                                    .map(
                                                            info ->
                                                                    new TopicPartition(
                                                                            info.topic(),
                                                                            info.partition()))
                                                    .toList()));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<Integer> published = new ArrayList<>();
            await().atMost(PATIENCE)
                    .until(
                            () -> {
                                for (ConsumerRecord<String, String> each :
                                        consumer.poll(Duration.ofMillis(200))) {
                                    JsonNode average = JSON.readTree(each.value());
                                    assertThat(average.path("region").asString())
                                            .isEqualTo(each.key());
                                    averages.computeIfAbsent(each.key(), key -> new TreeMap<>())
                                            .put(
                                                    Instant.parse(
                                                            average.path("windowStart").asString()),
                                                    average.path("average").asDouble());
                                    published.add(average.path("count").asInt());
                                }
                                return published.size() >= HOURS * REGIONS;
                            });
            assertThat(published).hasSize(HOURS * REGIONS).containsOnly(1);
        }

        assertThat(averages).isEqualTo(expected(day, averages));
        assertThat(metric(alerts, "fleuve_alerts_readings_late_total")).isZero();
    }

    /**
     * The recorded values by region and hour, moved by the whole days that the replay moved them.
     */
    private static Map<String, TreeMap<Instant, Double>> expected(
            List<String> day, Map<String, TreeMap<Instant, Double>> found) {
        Instant recorded = Instant.parse(day.getFirst().split(",", -1)[0]);
        Instant replayed =
                found.values().stream()
                        .map(TreeMap::firstKey)
                        .min(Instant::compareTo)
                        .orElseThrow();
        Duration moved = Duration.between(recorded, replayed);
        assertThat(moved.toSeconds() % Duration.ofDays(1).toSeconds()).isZero();
        Map<String, TreeMap<Instant, Double>> expected = new HashMap<>();
        for (String line : day) {
            String[] cells = line.split(",", -1);
            expected.computeIfAbsent(cells[1], key -> new TreeMap<>())
                    .put(Instant.parse(cells[0]).plus(moved), Double.parseDouble(cells[2]));
        }
        return expected;
    }

    /**
     * A day of the recording that ends twelve hours ahead of this time of day: replayed, it ended
     * twelve hours ago, so that all of its windows are over.
     */
    private static List<String> recordedDay() throws Exception {
        int lastHour = (OffsetDateTime.now(ZoneOffset.UTC).getHour() + 12) % HOURS;
        Instant last = Instant.parse("2024-05-02T%02d:00:00Z".formatted(lastHour));
        List<String> hours =
                IntStream.range(0, HOURS)
                        .mapToObj(i -> last.minus(Duration.ofHours(i)).toString())
                        .toList();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                Objects.requireNonNull(
                                        SimulatorApplication.class.getResourceAsStream(
                                                "data/senegal-hourly-2024.csv")),
                                StandardCharsets.UTF_8))) {
            return lines.lines().filter(line -> hours.contains(line.split(",", 2)[0])).toList();
        }
    }

    private void start(
            SpringApplicationBuilder application,
            EmbeddedPostgres postgres,
            int kafkaPort,
            int httpPort,
            String... properties) {
        Stream<String> common =
                Stream.of(
                        "server.port=" + httpPort,
                        "FLEUVE_KAFKA_PORT=" + kafkaPort,
                        "FLEUVE_BOOTSTRAP_SERVERS=127.0.0.1:" + kafkaPort,
                        "FLEUVE_POSTGRES_URL=" + postgres.jdbcUrl(),
                        "FLEUVE_POSTGRES_USER=" + postgres.user(),
                        "FLEUVE_POSTGRES_PASSWORD=" + postgres.password(),
                        "FLEUVE_DATA_DIR=" + directory);
        ConfigurableApplicationContext context =
                application.run(
                        Stream.concat(common, Stream.of(properties))
                                .map(each -> "--" + each)
                                .toArray(String[]::new));
        started.add(context);
    }

    private static KafkaConsumer<String, String> consumer(int port) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", "127.0.0.1:" + port),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private static double metric(int port, String name) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            String text =
                    http.send(
                                    HttpRequest.newBuilder(
                                                    URI.create(
                                                            "http://127.0.0.1:"
                                                                    + port
                                                                    + "/actuator/prometheus"))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body();
            return text.lines()
                    .filter(line -> line.startsWith(name))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                    .sum();
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
