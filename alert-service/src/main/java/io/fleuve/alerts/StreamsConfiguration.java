package io.fleuve.alerts;

import io.fleuve.alerts.readings.RegionAverage;
import io.fleuve.alerts.store.AlertLedger;
import io.fleuve.alerts.store.CalibrationBook;
import io.fleuve.alerts.store.WindowQueries;
import io.fleuve.alerts.store.WindowRecords;
import io.fleuve.alerts.streams.AverageConsumer;
import io.fleuve.alerts.streams.AveragingStreams;
import io.fleuve.alerts.streams.InstanceIdentity;
import io.fleuve.alerts.windows.Aggregation;
import io.fleuve.alerts.windows.AggregationsInUse;
import io.fleuve.alerts.windows.WindowResult;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires what reads and writes topics. Both parts start without a broker and wait for one. */
@Configuration(proxyBeanMethods = false)
class StreamsConfiguration {

    /** While there is nobody who asks for windows of their own. */
    private static final AggregationsInUse NONE =
            new AggregationsInUse() {
                @Override
                public Set<Aggregation> current() {
                    return Set.of();
                }

                @Override
                public long version() {
                    return 0;
                }
            };

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
            ObjectProvider<AggregationsInUse> aggregations,
            InstanceIdentity identity,
            MeterRegistry registry) {
        return new AveragingStreams(
                properties.streams(),
                properties.topics(),
                properties.windowing(aggregations.getIfAvailable(() -> NONE)),
                properties.readings(),
                identity,
                calibrations,
                registry);
    }

    @Bean(initMethod = "start")
    AverageConsumer averageConsumer(
            AlertsProperties properties,
            WindowRecords windows,
            AlertLedger ledger,
            InstanceIdentity identity,
            MeterRegistry registry) {
        return new AverageConsumer(
                properties.streams(),
                properties.topics(),
                results -> {
                    windows.record(results);
                    ledger.evaluate(averages(results));
                },
                identity,
                registry);
    }

    /** The final averages of the service's own windows. */
    private static List<RegionAverage> averages(List<WindowResult> results) {
        return results.stream()
                .filter(r -> r.aggregation().equals(Aggregation.DEFAULT_ID) && r.revision() == 0)
                .map(
                        r ->
                                new RegionAverage(
                                        r.region(),
                                        r.windowStart(),
                                        r.windowEnd(),
                                        r.count(),
                                        r.average(),
                                        r.min(),
                                        r.max()))
                .toList();
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
