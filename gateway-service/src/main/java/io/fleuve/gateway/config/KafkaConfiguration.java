package io.fleuve.gateway.config;

import io.fleuve.gateway.kafka.BrokerReachability;
import io.fleuve.gateway.kafka.ClusterAdmin;
import io.fleuve.gateway.kafka.ConsumerPool;
import io.fleuve.gateway.kafka.KafkaClients;
import io.fleuve.gateway.kafka.KafkaSettings;
import io.fleuve.gateway.kafka.PartitionReader;
import io.fleuve.gateway.kafka.ReadMeters;
import io.fleuve.gateway.kafka.RecordProducer;
import io.fleuve.gateway.kafka.TopicDirectory;
import io.fleuve.gateway.tracing.MessagingSpans;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The Kafka clients and what uses them. */
@Configuration(proxyBeanMethods = false)
class KafkaConfiguration {

    @Bean
    Clock gatewayClock() {
        return Clock.systemUTC();
    }

    @Bean
    KafkaSettings gatewayKafkaSettings(GatewayProperties properties) {
        return properties.kafka();
    }

    @Bean
    KafkaClients kafkaClients(KafkaSettings settings, MeterRegistry registry) {
        return new KafkaClients(settings, registry);
    }

    @Bean
    ClusterAdmin clusterAdmin(KafkaClients clients, KafkaSettings settings) {
        return new ClusterAdmin(clients, settings);
    }

    @Bean
    TopicDirectory topicDirectory(ClusterAdmin admin, KafkaSettings settings, Clock clock) {
        return new TopicDirectory(admin, settings, clock);
    }

    @Bean
    RecordProducer recordProducer(
            KafkaClients clients,
            TopicDirectory topics,
            GatewayProperties properties,
            MessagingSpans spans,
            MeterRegistry registry) {
        return new RecordProducer(clients, topics, properties.produce(), spans, registry);
    }

    @Bean
    ReadMeters readMeters(MeterRegistry registry) {
        return new ReadMeters(registry);
    }

    @Bean
    ConsumerPool readPool(
            KafkaClients clients, GatewayProperties properties, MeterRegistry registry) {
        return new ConsumerPool(clients, properties.read(), registry, "reads");
    }

    @Bean
    PartitionReader partitionReader(
            ClusterAdmin admin,
            TopicDirectory topics,
            @Qualifier("readPool") ConsumerPool pool,
            GatewayProperties properties,
            MessagingSpans spans,
            ReadMeters meters) {
        return new PartitionReader(admin, topics, pool, properties.read(), spans, meters);
    }

    @Bean
    HealthIndicator brokerHealthIndicator(ClusterAdmin admin, Clock clock) {
        BrokerReachability reachability = new BrokerReachability(admin, clock);
        return () ->
                switch (reachability.check()) {
                    case BrokerReachability.Outcome.Reachable(String clusterId, int brokers) ->
                            Health.up()
                                    .withDetail("clusterId", clusterId)
                                    .withDetail("brokers", brokers)
                                    .build();
                    case BrokerReachability.Outcome.Unreachable(String reason) ->
                            Health.outOfService().withDetail("reason", reason).build();
                };
    }
}
