package io.fleuve.conformance.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fleuve.gateway.CommittedRecords;
import io.fleuve.kafkapeer.ApacheKafka;
import io.fleuve.simulator.SimulatorApplication;
import io.fleuve.simulator.live.Simulation;
import io.fleuve.simulator.live.SimulationStatus;
import io.fleuve.simulator.publish.Destination;
import io.fleuve.simulator.replay.Replay;
import io.fleuve.simulator.replay.ReplayStatus;
import io.fleuve.simulator.simulation.GroundTruth;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** The simulator publishes over HTTP, and what it publishes is there once, whoever dies. */
class SimulatorThroughGatewayIT {

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @TempDir private Path directory;

    @Test
    void publishesEachSimulatedReadingOnceThoughTheGatewayIsKilled() {
        try (ApacheKafka kafka = ApacheKafka.temporary();
                GatewayProcess gateway = gateway(kafka)) {
            try (ConfigurableApplicationContext simulator =
                    simulator(
                            gateway,
                            "source=simulation",
                            "rate=500",
                            "speed=600",
                            "simulation.start-at=2024-06-01T00:00:00Z",
                            "simulation.end-at=2024-06-01T02:00:00Z")) {
                Simulation simulation = simulator.getBean(Simulation.class);
                await().atMost(PATIENCE).until(() -> simulation.status().acknowledged() > 1_000);
                gateway.kill();
                gateway.relaunch();
                await().atMost(PATIENCE)
                        .until(() -> simulation.status().state() != SimulationStatus.State.RUNNING);
                SimulationStatus status = simulation.status();
                assertThat(status.state())
                        .as(status.detail())
                        .isEqualTo(SimulationStatus.State.FINISHED);
                assertThat(simulator.getBean(Destination.class).retries()).isPositive();

                Map<String, Long> truth = new HashMap<>();
                for (Map.Entry<String, GroundTruth.Counts> each : status.truth().entrySet()) {
                    truth.put(each.getKey(), each.getValue().given());
                }
                assertThat(countsByRegion(kafka)).isEqualTo(truth);
            }
        }
    }

    @Test
    void resumesAReplayWhereTheGatewaySaysThatItStands() {
        try (ApacheKafka kafka = ApacheKafka.temporary();
                GatewayProcess gateway = gateway(kafka)) {
            try (ConfigurableApplicationContext simulator = simulator(gateway, "speed=360000")) {
                Replay replay = simulator.getBean(Replay.class);
                await().atMost(PATIENCE).until(() -> replay.status().sent() > 500);
            }
            try (ConfigurableApplicationContext simulator = simulator(gateway, "speed=360000")) {
                Replay replay = simulator.getBean(Replay.class);
                await().atMost(PATIENCE).until(() -> replay.status().sent() > 500);
                replay.stop();
                assertThat(replay.status().state()).isEqualTo(ReplayStatus.State.STOPPED);
            }

            Map<String, List<Long>> times = new HashMap<>();
            for (ConsumerRecord<String, String> message : readAll(kafka)) {
                times.computeIfAbsent(message.key(), _ -> new ArrayList<>())
                        .add(message.timestamp());
            }
            assertThat(times).hasSize(7);
            times.forEach(
                    (region, ofRegion) -> {
                        assertThat(ofRegion).as(region).hasSizeGreaterThan(100);
                        for (int hour = 1; hour < ofRegion.size(); hour++) {
                            assertThat(ofRegion.get(hour) - ofRegion.get(hour - 1))
                                    .as("step to hour %d of %s", hour, region)
                                    .isEqualTo(Duration.ofHours(1).toMillis());
                        }
                    });
        }
    }

    private GatewayProcess gateway(ApacheKafka kafka) {
        GatewayProcess gateway =
                GatewayProcess.launch(
                        kafka.bootstrapServers(),
                        directory.resolve("gateway.log"),
                        "--fleuve.gateway.transactions.timeout=3s",
                        "--fleuve.gateway.idempotency.take-over-after=4s");
        try (HttpClient http = HttpClient.newHttpClient()) {
            gateway.awaitReady(http);
        }
        return gateway;
    }

    /** Knows the gateway alone: no broker listens where it would look for one. */
    private static ConfigurableApplicationContext simulator(
            GatewayProcess gateway, String... settings) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--server.port=0",
                                "--fleuve.simulator.bootstrap-servers=127.0.0.1:1",
                                "--fleuve.simulator.publish=gateway",
                                "--fleuve.simulator.gateway.url=" + gateway.url()));
        for (String setting : settings) {
            arguments.add("--fleuve.simulator." + setting);
        }
        return SimulatorApplication.application().run(arguments.toArray(String[]::new));
    }

    private static Map<String, Long> countsByRegion(ApacheKafka kafka) {
        Map<String, Long> counts = new HashMap<>();
        readAll(kafka).forEach(message -> counts.merge(message.key(), 1L, Long::sum));
        return counts;
    }

    private static List<ConsumerRecord<String, String>> readAll(ApacheKafka kafka) {
        return CommittedRecords.of(kafka.bootstrapServers(), "temperature-data");
    }
}
