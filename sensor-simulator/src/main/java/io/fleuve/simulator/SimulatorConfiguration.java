package io.fleuve.simulator;

import io.fleuve.simulator.gateway.GatewayDestination;
import io.fleuve.simulator.kafka.KafkaDestination;
import io.fleuve.simulator.live.Simulation;
import io.fleuve.simulator.live.SimulationSettings;
import io.fleuve.simulator.live.SimulationStatus;
import io.fleuve.simulator.publish.Destination;
import io.fleuve.simulator.replay.Replay;
import io.fleuve.simulator.replay.ReplayStatus;
import io.fleuve.simulator.replay.TopicReadingLog;
import io.fleuve.simulator.scenario.KnownPlaces;
import io.fleuve.simulator.scenario.ScenarioBoard;
import io.fleuve.simulator.simulation.Region;
import io.fleuve.simulator.source.CsvReadingSource;
import io.fleuve.simulator.source.ReadingSource;
import io.fleuve.simulator.source.RecordedReading;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.swagger.v3.oas.models.ExternalDocumentation;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import java.io.IOException;
import java.time.Clock;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the parts together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SimulatorProperties.class)
class SimulatorConfiguration {

    @Bean
    ReadingSource readingSource(SimulatorProperties properties) throws IOException {
        String fileName =
                Objects.requireNonNullElse(properties.data().getFilename(), "readings.csv");
        if (!properties.data().exists()) {
            throw new IllegalArgumentException(
                    "fleuve.simulator.data: there is no " + properties.data().getDescription());
        }
        return CsvReadingSource.read(
                fileName, properties.data().getInputStream(), properties.csv().format());
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    ScenarioBoard scenarioBoard(Clock clock, SimulatorProperties properties) {
        return new ScenarioBoard(clock, properties.maxScenarios());
    }

    @Bean
    Destination destination(SimulatorProperties properties) {
        return switch (properties.publish()) {
            case KAFKA -> new KafkaDestination(properties.kafkaTopic());
            case GATEWAY -> new GatewayDestination(properties.gatewayTopic());
        };
    }

    @Bean
    Replay replay(
            ReadingSource source,
            Destination destination,
            ScenarioBoard scenarios,
            Clock clock,
            SimulatorProperties properties) {
        return new Replay(
                source,
                outcomes ->
                        new TopicReadingLog(destination, properties.resumeScanRecords(), outcomes),
                properties.replay(),
                clock,
                scenarios);
    }

    @Bean
    SimulationSettings simulationSettings(SimulatorProperties properties) {
        return properties.simulated();
    }

    @Bean
    Simulation simulation(
            SimulationSettings settings,
            Destination destination,
            ScenarioBoard scenarios,
            Clock clock) {
        return new Simulation(settings, destination, clock, scenarios);
    }

    @Bean
    KnownPlaces knownPlaces(ReadingSource source, SimulationSettings settings) {
        Set<String> regions = new HashSet<>();
        Set<String> sensors = new HashSet<>();
        for (RecordedReading reading : source.readings()) {
            regions.add(reading.region());
            sensors.add(reading.sensor());
        }
        for (Region region : settings.regions()) {
            regions.add(region.name());
            for (int number = 1; number <= region.sensors(); number++) {
                sensors.add(region.sensor(number));
            }
        }
        return new KnownPlaces(regions, sensors);
    }

    @Bean
    ApplicationRunner sourceAutostart(
            Replay replay, Simulation simulation, SimulatorProperties properties) {
        return _ -> {
            if (properties.autostart()) {
                switch (properties.source()) {
                    case REPLAY -> replay.start();
                    case SIMULATION -> simulation.start();
                    case NONE -> {
                        // Someone will say over REST what to publish.
                    }
                }
            }
        };
    }

    @Bean
    HealthIndicator replayHealthIndicator(Replay replay) {
        return () -> {
            var status = replay.status();
            Health.Builder health =
                    status.state() == ReplayStatus.State.FAILED ? Health.down() : Health.up();
            health.withDetail("state", status.state()).withDetail("progress", status.progress());
            if (status.detail() != null) {
                health.withDetail("detail", status.detail());
            }
            return health.build();
        };
    }

    @Bean
    HealthIndicator simulationHealthIndicator(Simulation simulation) {
        return () -> {
            var status = simulation.status();
            Health.Builder health =
                    status.state() == SimulationStatus.State.FAILED ? Health.down() : Health.up();
            health.withDetail("state", status.state());
            if (status.detail() != null) {
                health.withDetail("detail", status.detail());
            }
            return health.build();
        };
    }

    @Bean
    MeterBinder simulatorMeters(
            Replay replay,
            Simulation simulation,
            ScenarioBoard scenarios,
            Destination destination) {
        return new SimulatorMeters(replay, simulation, scenarios, destination);
    }

    @Bean
    OpenAPI simulatorApi() {
        return new OpenAPI()
                .info(
                        new Info()
                                .title("Fleuve sensor simulator")
                                .version("v1")
                                .description(
                                        """
                                Publishes temperatures of many sensors into a Kafka topic: a simulation \
                                of weather and of sensors that fail, or a replay of recordings. Scenarios \
                                change either while it runs. The shipped recordings are hourly 2 m air \
                                temperatures of seven places in Senegal for 2024 by \
                                [Open-Meteo.com](https://open-meteo.com/), licensed under \
                                [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/); times are moved to the \
                                present, `recordedAt` keeps the original one.""")
                                .license(
                                        new License()
                                                .name("Apache-2.0")
                                                .url(
                                                        "https://www.apache.org/licenses/LICENSE-2.0")))
                .externalDocs(
                        new ExternalDocumentation()
                                .description("Weather data by Open-Meteo.com")
                                .url("https://open-meteo.com/"));
    }
}
