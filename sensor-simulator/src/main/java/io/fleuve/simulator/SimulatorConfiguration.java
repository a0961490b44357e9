package io.fleuve.simulator;

import io.fleuve.simulator.kafka.KafkaReadingLog;
import io.fleuve.simulator.kafka.ReadingTopic;
import io.fleuve.simulator.replay.Replay;
import io.fleuve.simulator.replay.ReplayStatus.State;
import io.fleuve.simulator.source.CsvReadingSource;
import io.fleuve.simulator.source.ReadingSource;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.swagger.v3.oas.models.ExternalDocumentation;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import java.io.IOException;
import java.time.Clock;
import java.util.Objects;
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
        return CsvReadingSource.read(fileName, properties.data().getInputStream());
    }

    @Bean
    Replay replay(ReadingSource source, SimulatorProperties properties) {
        ReadingTopic topic =
                new ReadingTopic(
                        properties.bootstrapServers(),
                        properties.topic(),
                        properties.partitions(),
                        properties.maxUnacknowledged(),
                        properties.resumeScanRecords(),
                        properties.kafka());
        return new Replay(
                source,
                outcomes -> new KafkaReadingLog(topic, outcomes),
                properties.replay(),
                Clock.systemUTC());
    }

    @Bean
    ApplicationRunner replayAutostart(Replay replay, SimulatorProperties properties) {
        return _ -> {
            if (properties.autostart()) {
                replay.start();
            }
        };
    }

    @Bean
    HealthIndicator replayHealthIndicator(Replay replay) {
        return () -> {
            var status = replay.status();
            Health.Builder health = status.state() == State.FAILED ? Health.down() : Health.up();
            health.withDetail("state", status.state()).withDetail("progress", status.progress());
            if (status.detail() != null) {
                health.withDetail("detail", status.detail());
            }
            return health.build();
        };
    }

    @Bean
    MeterBinder replayMeters(Replay replay) {
        return registry -> {
            FunctionCounter.builder("fleuve.simulator.readings", replay, r -> r.status().sent())
                    .tag("outcome", "sent")
                    .description("Readings acknowledged by the broker")
                    .register(registry);
            FunctionCounter.builder("fleuve.simulator.readings", replay, r -> r.status().skipped())
                    .tag("outcome", "skipped")
                    .description("Blank readings passed over")
                    .register(registry);
            FunctionCounter.builder("fleuve.simulator.readings", replay, r -> r.status().failed())
                    .tag("outcome", "failed")
                    .description("Readings that the broker refused")
                    .register(registry);
            Gauge.builder(
                            "fleuve.simulator.unacknowledged",
                            replay,
                            r -> r.status().unacknowledged())
                    .description("Readings on their way to the broker")
                    .register(registry);
            Gauge.builder("fleuve.simulator.progress", replay, r -> r.status().progress())
                    .description("Part of the data that lies behind, from 0 to 1")
                    .register(registry);
            Gauge.builder("fleuve.simulator.lag", replay, r -> r.status().lag().toMillis() / 1000.0)
                    .baseUnit("seconds")
                    .description("How long the next reading is overdue")
                    .register(registry);
            Gauge.builder("fleuve.simulator.speed", replay, r -> r.status().speed())
                    .description("Seconds of recorded time for a second of the clock")
                    .register(registry);
        };
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
                                Replays recorded temperatures into a Kafka topic. The data are hourly 2 m air \
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
