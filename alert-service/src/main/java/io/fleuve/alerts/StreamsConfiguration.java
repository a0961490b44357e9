package io.fleuve.alerts;

import io.fleuve.alerts.store.AlertLedger;
import io.fleuve.alerts.streams.AverageConsumer;
import io.fleuve.alerts.streams.AveragingStreams;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what reads and writes topics. Both parts start without a broker and wait for one. */
@Configuration(proxyBeanMethods = false)
class StreamsConfiguration {

    @Bean(initMethod = "start")
    AveragingStreams averagingStreams(AlertsProperties properties, MeterRegistry registry) {
        return new AveragingStreams(
                properties.streams(),
                properties.topics(),
                properties.windowing(),
                properties.readings(),
                registry);
    }

    @Bean(initMethod = "start")
    AverageConsumer averageConsumer(
            AlertsProperties properties, AlertLedger ledger, MeterRegistry registry) {
        return new AverageConsumer(
                properties.streams(), properties.topics(), ledger::evaluate, registry);
    }

    /** Down until readings are being processed; part of readiness. */
    @Bean
    HealthIndicator streamsHealthIndicator(AveragingStreams streams) {
        return () ->
                (streams.isRunning() ? Health.up() : Health.down())
                        .withDetail("state", streams.stateName())
                        .build();
    }
}
