package io.fleuve.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.fleuve.kafkapeer.ApacheKafka;
import io.fleuve.simulator.live.Simulation;
import io.fleuve.simulator.live.SimulationStatus;
import io.fleuve.simulator.live.SimulationStatus.State;
import io.fleuve.simulator.replay.Replay;
import io.fleuve.simulator.replay.ReplayStatus;
import io.fleuve.simulator.source.CsvFormat;
import io.fleuve.simulator.source.CsvReadingSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The simulation and the scenarios through a real broker: an Apache Kafka of its own, or the one at
 * {@code fleuve.test.bootstrap}.
 */
class SimulationIT {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String FROM = "2024-06-01T00:00:00Z";

    private static @Nullable ApacheKafka kafka;
    private static String bootstrapServers = "";

    private final String topic = "temperature-data-" + UUID.randomUUID();
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void connect() {
        String given = System.getProperty("fleuve.test.bootstrap", "");
        if (given.isBlank()) {
            kafka = ApacheKafka.temporary();
            bootstrapServers = kafka.bootstrapServers();
        } else {
            bootstrapServers = given;
        }
    }

    @AfterAll
    static void disconnect() {
        if (kafka != null) {
            kafka.close();
        }
    }

    @Test
    void publishesExactlyWhatTheTruthSaysAndTheSameForTheSameSeed() {
        String other = topic + "-again";
        Map<String, Long> truth;
        try (ConfigurableApplicationContext simulator =
                simulator(
                        topic,
                        "source=simulation",
                        "rate=max",
                        "simulation.end-at=2024-06-01T02:00:00Z")) {
            truth = awaitFinished(simulator);
        }
        try (ConfigurableApplicationContext simulator =
                simulator(
                        other,
                        "source=simulation",
                        "rate=max",
                        "simulation.end-at=2024-06-01T02:00:00Z")) {
            assertThat(awaitFinished(simulator)).isEqualTo(truth);
        }

        Map<String, List<String>> published = byRegion(topic);
        Map<String, Long> counts = new HashMap<>();
        published.forEach((region, values) -> counts.put(region, (long) values.size()));
        assertThat(counts).hasSize(7).isEqualTo(truth);
        assertThat(published).isEqualTo(byRegion(other));
        for (ConsumerRecord<String, String> message : readAll(topic)) {
            JsonNode reading = JSON.readTree(message.value());
            assertThat(reading.path("region").asString()).isEqualTo(message.key());
            assertThat(reading.path("sensor").asString()).startsWith(message.key() + "-");
            assertThat(Instant.parse(reading.path("observedAt").asString()).toEpochMilli())
                    .isEqualTo(message.timestamp());
            assertThat(reading.has("recordedAt")).isFalse();
            assertThat(reading.has("scenarios")).isFalse();
        }
    }

    @Test
    void warmsARegionOfTheReplayWhenToldSoOverHttp() throws Exception {
        try (ConfigurableApplicationContext simulator = simulator(topic, "speed=1000000")) {
            Replay replay = simulator.getBean(Replay.class);
            await().atMost(PATIENCE).until(() -> replay.status().sent() > 500);
            HttpResponse<String> placed =
                    post(
                            simulator,
                            "{\"type\":\"heat-wave\",\"regions\":[\"dakar\"],\"degrees\":20,\"duration\":\"30d\",\"ramp\":\"0s\"}");
            assertThat(placed.statusCode()).isEqualTo(201);
            String id = JSON.readTree(placed.body()).path("id").asString();
            Instant from = Instant.parse(JSON.readTree(placed.body()).path("startsAt").asString());
            Instant until = Instant.parse(JSON.readTree(placed.body()).path("endsAt").asString());
            await().atMost(PATIENCE)
                    .until(
                            () -> {
                                Instant newest = replay.status().eventTime();
                                return newest != null
                                        && newest.isAfter(until.plus(Duration.ofDays(2)));
                            });
            assertThat(replay.status().state()).isEqualTo(ReplayStatus.State.RUNNING);
            simulator.close();

            Map<Instant, Double> recorded = recordedDakar();
            int warm = 0;
            for (ConsumerRecord<String, String> message : readAll(topic)) {
                JsonNode reading = JSON.readTree(message.value());
                Instant at = Instant.parse(reading.path("observedAt").asString());
                boolean marked = reading.has("scenarios");
                if (message.key().equals("dakar")) {
                    double original =
                            recorded.getOrDefault(
                                    Instant.parse(reading.path("recordedAt").asString()),
                                    Double.NaN);
                    assertThat(reading.path("celsius").asDouble())
                            .isCloseTo(original + (marked ? 20 : 0), within(1e-9));
                    // What was computed when the scenario was placed may go without it.
                    boolean inside =
                            at.isAfter(from.plus(Duration.ofDays(1))) && at.isBefore(until);
                    assertThat(marked || !inside).isTrue();
                    assertThat(!marked || !at.isBefore(from) && at.isBefore(until)).isTrue();
                }
                if (marked) {
                    warm++;
                    assertThat(message.key()).isEqualTo("dakar");
                    assertThat(reading.path("scenarios").path(0).asString()).isEqualTo(id);
                }
            }
            assertThat(warm).isGreaterThan(28 * 24);
        }
    }

    @Test
    void silencesAndHurriesALiveSimulation() throws Exception {
        try (ConfigurableApplicationContext simulator =
                simulator(topic, "source=simulation", "rate=50", "simulation.start-at=")) {
            Simulation simulation = simulator.getBean(Simulation.class);
            await().atMost(PATIENCE).until(() -> simulation.status().acknowledged() > 100);

            post(simulator, "{\"type\":\"silence\",\"regions\":[\"thies\"],\"duration\":\"1h\"}");
            post(simulator, "{\"type\":\"burst\",\"factor\":20,\"duration\":\"1h\"}");
            assertThat(simulation.status().burstFactor()).isEqualTo(20);
            long before = simulation.published("thies");
            long all = simulation.status().acknowledged();
            await().atMost(PATIENCE).until(() -> simulation.status().acknowledged() > all + 5_000);

            // Readings that were on their way, and copies and late ones of before.
            assertThat(simulation.published("thies") - before).isLessThan(50);
            assertThat(Objects.requireNonNull(simulation.truth().counts().get("thies")).silenced())
                    .isGreaterThan(500);
            assertThat(
                            http.send(
                                            HttpRequest.newBuilder(
                                                            uri(simulator, "/actuator/prometheus"))
                                                    .build(),
                                            BodyHandlers.ofString())
                                    .body())
                    .contains("fleuve_simulator_scenarios_active 2.0");
        }
    }

    @Test
    void publishesAsFastAsTheBrokerTakesThemAtThePresent() {
        try (ConfigurableApplicationContext simulator =
                simulator(topic, "source=simulation", "rate=max", "simulation.start-at=")) {
            Simulation simulation = simulator.getBean(Simulation.class);
            await().atMost(PATIENCE).until(() -> simulation.status().acknowledged() > 50_000);
            SimulationStatus status = simulation.status();
            assertThat(status.state()).isEqualTo(State.RUNNING);
            assertThat(status.unacknowledged()).isLessThanOrEqualTo(10_000);
            assertThat(status.failed()).isZero();
        }
        Map<String, Long> last = new HashMap<>();
        Instant now = Instant.now();
        for (ConsumerRecord<String, String> message : readAll(topic)) {
            assertThat(message.timestamp()).isLessThan(now.plusSeconds(60).toEpochMilli());
            last.merge(message.key(), message.timestamp(), Math::max);
        }
        assertThat(last).hasSize(7);
    }

    private static Map<String, Long> awaitFinished(ConfigurableApplicationContext simulator) {
        Simulation simulation = simulator.getBean(Simulation.class);
        await().atMost(PATIENCE).until(() -> simulation.status().state() != State.RUNNING);
        SimulationStatus status = simulation.status();
        assertThat(status.state()).as(status.detail()).isEqualTo(State.FINISHED);
        assertThat(status.truth().values().stream().mapToLong(counts -> counts.asked()).sum())
                .isEqualTo(2 * 3_600 * 21);
        Map<String, Long> given =
                status.truth().entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().given()));
        assertThat(status.acknowledgedByRegion()).isEqualTo(given);
        return given;
    }

    private static Map<Instant, Double> recordedDakar() {
        Map<Instant, Double> recorded = new HashMap<>();
        var source = SimulationIT.class.getResourceAsStream("data/senegal-hourly-2024.csv");
        for (var reading :
                CsvReadingSource.read(
                                "senegal.csv", Objects.requireNonNull(source), CsvFormat.SHIPPED)
                        .readings()) {
            if (reading.region().equals("dakar")) {
                reading.celsius().ifPresent(celsius -> recorded.put(reading.recordedAt(), celsius));
            }
        }
        return recorded;
    }

    private ConfigurableApplicationContext simulator(String topic, String... settings) {
        List<String> arguments = new ArrayList<>();
        arguments.add("--server.port=0");
        arguments.add("--fleuve.simulator.bootstrap-servers=" + bootstrapServers);
        arguments.add("--fleuve.simulator.topic=" + topic);
        arguments.add("--fleuve.simulator.simulation.start-at=" + FROM);
        for (String setting : settings) {
            String key = setting.substring(0, setting.indexOf('=') + 1);
            arguments.removeIf(argument -> argument.startsWith("--fleuve.simulator." + key));
            arguments.add("--fleuve.simulator." + setting);
        }
        return SimulatorApplication.application().run(arguments.toArray(String[]::new));
    }

    private HttpResponse<String> post(ConfigurableApplicationContext simulator, String scenario)
            throws Exception {
        HttpResponse<String> answer =
                http.send(
                        HttpRequest.newBuilder(uri(simulator, "/scenarios"))
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(scenario))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return answer;
    }

    private static URI uri(ConfigurableApplicationContext simulator, String path) {
        return URI.create(
                "http://127.0.0.1:"
                        + simulator.getEnvironment().getProperty("local.server.port")
                        + path);
    }

    private Map<String, List<String>> byRegion(String name) {
        return readAll(name).stream()
                .collect(
                        Collectors.groupingBy(
                                ConsumerRecord::key,
                                Collectors.mapping(ConsumerRecord::value, Collectors.toList())));
    }

    private static List<ConsumerRecord<String, String>> readAll(String topic) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", bootstrapServers),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            long expected =
                    consumer.endOffsets(partitions).values().stream()
                            .mapToLong(Long::longValue)
                            .sum();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            // A poll returns 500 records: pauses between polls would add up.
            await().atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(
                            () -> {
                                consumer.poll(Duration.ofMillis(500)).forEach(records::add);
                                return records.size() >= expected;
                            });
        }
        return records;
    }
}
