package io.fleuve.broker;

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
import io.fleuve.broker.upkeep.Upkeep;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
            MeterRegistry registry) {
        return new GroupCoordinatorHost(logs, metadata, properties.groups(), registry);
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
                        properties.topics().with(GroupCoordinatorHost.finalizedFeatures()),
                        clock);
        Gauge.builder("fleuve.kafka.fetches.held.bytes", apis::heldFetchBytes)
                .description("Bytes of answers to fetches that are read and not sent")
                .register(registry);
        Gauge.builder("fleuve.kafka.fetches.sessions.partitions", apis::fetchSessionPartitions)
                .description("Partitions that fetch sessions keep, sessions counted as one more")
                .register(registry);
        return apis;
    }

    @Bean
    ApiTable apiTable(
            CoreApis apis,
            ClusterMetadata metadata,
            GroupCoordinatorHost groups,
            BrokerProperties properties,
            ProducerStates producers,
            LogSizes sizes) {
        List<Api<?>> others = new ArrayList<>(GroupApis.of(groups, metadata, Map.of()));
        others.addAll(InspectionApis.ofProducers(producers, metadata));
        others.addAll(InspectionApis.ofStore(properties.store(), sizes, metadata));
        return apis.tableWith(others);
    }

    @Bean(destroyMethod = "")
    KafkaServer kafkaServer(BrokerProperties properties, ApiTable apis, MeterRegistry registry) {
        return new KafkaServer(properties.kafka(), apis, registry);
    }

    @Bean
    Broker broker(
            BrokerProperties properties,
            SequencedLogs logs,
            ClusterMetadata metadata,
            Membership membership,
            GroupCoordinatorHost groups,
            Upkeep upkeep,
            KafkaServer server) {
        return new Broker(properties, logs, metadata, membership, groups, upkeep, server);
    }

    @Bean
    BrokerHealth brokerHealthIndicator(Broker broker, ClusterMetadata metadata) {
        return new BrokerHealth(broker, metadata);
    }
}
