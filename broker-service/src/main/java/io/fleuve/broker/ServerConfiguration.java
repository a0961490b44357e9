package io.fleuve.broker;

import io.fleuve.broker.coordinator.EndedTransactions;
import io.fleuve.broker.coordinator.GroupConfigs;
import io.fleuve.broker.coordinator.GroupCoordinatorHost;
import io.fleuve.broker.inspection.LogSizes;
import io.fleuve.broker.inspection.ProducerStates;
import io.fleuve.broker.log.PartitionLogs;
import io.fleuve.broker.log.SequencedLogs;
import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.network.KafkaServer;
import io.fleuve.broker.postgres.Membership;
import io.fleuve.broker.protocol.Api;
import io.fleuve.broker.protocol.ApiTable;
import io.fleuve.broker.protocol.CoreApis;
import io.fleuve.broker.protocol.InspectionApis;
import io.fleuve.broker.protocol.groups.GroupApis;
import io.fleuve.broker.protocol.transactions.EndMarkers;
import io.fleuve.broker.protocol.transactions.TransactionApis;
import io.fleuve.broker.transaction.TransactionCatalog;
import io.fleuve.broker.transaction.TransactionCoordinator;
import io.fleuve.broker.upkeep.Upkeep;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Wires the Kafka port: coordinator, API table, server. Parts are closed by the broker's life
 * cycle.
 */
@Configuration(proxyBeanMethods = false)
class ServerConfiguration {

    @Bean
    GroupCoordinatorHost groupCoordinator(
            PartitionLogs logs,
            ClusterMetadata metadata,
            BrokerProperties properties,
            EndedTransactions ended,
            TransactionCatalog transactions,
            MeterRegistry registry) {
        return new GroupCoordinatorHost(
                logs,
                metadata,
                properties.groups(),
                ended,
                new JoiningOffsets(transactions),
                registry);
    }

    /** Started and closed by the broker's life cycle. */
    @Bean(destroyMethod = "")
    TransactionCoordinator transactionCoordinator(
            TransactionCatalog catalog,
            PartitionLogs logs,
            ClusterMetadata metadata,
            GroupCoordinatorHost groups,
            BrokerProperties properties,
            MeterRegistry registry,
            Clock clock) {
        return new TransactionCoordinator(
                catalog,
                logs,
                metadata,
                new EndMarkers(),
                groups::transactionEnded,
                properties.transactions().settings(),
                registry,
                clock);
    }

    @Bean
    CoreApis coreApis(
            PartitionLogs logs,
            ClusterMetadata metadata,
            BrokerProperties properties,
            MeterRegistry registry,
            Clock clock) {
        CoreApis apis =
                new CoreApis(
                        logs,
                        metadata,
                        new GroupConfigs(metadata, properties.groups()),
                        properties.topics().with(finalizedFeatures()),
                        clock);
        Gauge.builder("fleuve.kafka.fetches.held.bytes", apis::heldFetchBytes)
                .description("Bytes of answers to fetches that are read and not sent")
                .register(registry);
        Gauge.builder("fleuve.kafka.fetches.sessions.partitions", apis::fetchSessionPartitions)
                .description("Partitions that fetch sessions keep, sessions counted as one more")
                .register(registry);
        return apis;
    }

    private static Map<String, Short> finalizedFeatures() {
        Map<String, Short> features = new HashMap<>(GroupCoordinatorHost.finalizedFeatures());
        features.putAll(TransactionApis.finalizedFeatures());
        return features;
    }

    @Bean
    ApiTable apiTable(
            CoreApis apis,
            ClusterMetadata metadata,
            GroupCoordinatorHost groups,
            TransactionCoordinator transactions,
            BrokerProperties properties,
            ProducerStates producers,
            LogSizes sizes,
            Clock clock) {
        List<Api<?>> others =
                new ArrayList<>(
                        GroupApis.of(
                                groups,
                                metadata,
                                Map.of(
                                        CoordinatorType.TRANSACTION,
                                        id -> TransactionApis.brokerOf(metadata, id))));
        others.addAll(TransactionApis.of(transactions, metadata, groups::logOf, clock));
        others.addAll(InspectionApis.ofProducers(producers, metadata));
        others.addAll(InspectionApis.ofStore(properties.store(), sizes, metadata));
        return apis.tableWith(others);
    }

    @Bean(destroyMethod = "")
    KafkaServer kafkaServer(BrokerProperties properties, ApiTable apis, MeterRegistry registry) {
        return new KafkaServer(
                properties.kafka(), properties.external().listenAddress(), apis, registry);
    }

    @Bean
    Broker broker(
            BrokerProperties properties,
            SequencedLogs logs,
            ClusterMetadata metadata,
            Membership membership,
            GroupCoordinatorHost groups,
            TransactionCoordinator transactions,
            Upkeep upkeep,
            KafkaServer server) {
        return new Broker(
                properties, logs, metadata, membership, groups, transactions, upkeep, server);
    }

    /** Part of liveness: only a start under another id, or after the other has gone, can help. */
    @Bean
    HealthIndicator membershipHealthIndicator(Membership membership) {
        return () ->
                membership.replaced()
                        ? Health.down()
                                .withDetail("reason", "another process has this broker's id")
                                .build()
                        : Health.up().build();
    }

    @Bean
    BrokerHealth brokerHealthIndicator(Broker broker, ClusterMetadata metadata) {
        return new BrokerHealth(broker, metadata);
    }
}
