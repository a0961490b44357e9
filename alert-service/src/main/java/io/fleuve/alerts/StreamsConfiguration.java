package io.fleuve.alerts;

import io.fleuve.alerts.store.AlertLedger;
import io.fleuve.alerts.store.CalibrationBook;
import io.fleuve.alerts.store.WindowQueries;
import io.fleuve.alerts.store.WindowRecords;
import io.fleuve.alerts.streams.AverageConsumer;
import io.fleuve.alerts.streams.AveragingStreams;
import io.fleuve.alerts.streams.InstanceIdentity;
import io.fleuve.alerts.windows.AggregationsInUse;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires what reads and writes topics. Both parts start without a broker and wait for one. */
@Configuration(proxyBeanMethods = false)
class StreamsConfiguration {

    @Bean
    InstanceIdentity instanceIdentity(AlertsProperties properties) {
        return InstanceIdentity.in(
                properties.streams().stateDirectory(), properties.streams().applicationId());
    }

    @Bean(initMethod = "start")
    CalibrationBook calibrationBook(JdbcClient jdbc, AlertsProperties properties) {
        return new CalibrationBook(
                jdbc, properties.windows().refreshEvery(), properties.windows().maxCalibrations());
    }

    @Bean
    WindowQueries windowQueries(JdbcClient jdbc) {
        return new WindowQueries(jdbc);
    }

    @Bean
    WindowRecords windowRecords(NamedParameterJdbcTemplate jdbc) {
        return new WindowRecords(jdbc);
    }

    @Bean(initMethod = "start")
    AveragingStreams averagingStreams(
            AlertsProperties properties,
            CalibrationBook calibrations,
            AggregationsInUse aggregations,
            InstanceIdentity identity,
            MeterRegistry registry) {
        return new AveragingStreams(
                properties.streams(),
                properties.topics(),
                properties.windowing(aggregations),
                properties.readings(),
                identity,
                calibrations,
                registry);
    }

    @Bean(initMethod = "start")
    AverageConsumer averageConsumer(
            AlertsProperties properties,
            AlertLedger ledger,
            InstanceIdentity identity,
            MeterRegistry registry) {
        return new AverageConsumer(
                properties.streams(),
                properties.topics(),
                ledger::evaluateWindows,
                identity,
                registry);
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
