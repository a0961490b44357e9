package io.fleuve.alerts;

import io.fleuve.alerts.channels.ConfiguredChannels;
import io.fleuve.alerts.outbox.DeliveryPolicy;
import io.fleuve.alerts.outbox.OutboxSettings;
import io.fleuve.alerts.outbox.OutboxWorker;
import io.fleuve.alerts.store.ChannelGates;
import io.fleuve.alerts.store.NotificationRepository;
import io.fleuve.alerts.store.PostgresOutboxStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/** Wires outbox and channels. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AlertsProperties.class)
class AlertsConfiguration {

    @Bean
    InstantSource alertsClock() {
        return InstantSource.system();
    }

    @Bean
    ConfiguredChannels configuredChannels(
            AlertsProperties properties, DeliveryProperties delivery, InstantSource clock) {
        return new ConfiguredChannels(
                properties.twilio(),
                properties.sendgrid(),
                properties.webhook(),
                delivery.channels(),
                delivery.publicUrl(),
                properties.console(),
                System.out,
                clock);
    }

    @Bean
    OutboxSettings outboxSettings(AlertsProperties properties) {
        return properties.outbox();
    }

    @Bean
    PostgresOutboxStore outboxStore(
            NotificationRepository notifications,
            PlatformTransactionManager transactions,
            ChannelGates gates,
            JdbcTemplate jdbc,
            InstantSource clock) {
        return new PostgresOutboxStore(notifications, transactions, gates, jdbc, clock);
    }

    @Bean(initMethod = "start")
    OutboxWorker outboxWorker(
            PostgresOutboxStore store,
            ConfiguredChannels channels,
            AlertsProperties properties,
            InstantSource clock,
            MeterRegistry registry) {
        DeliveryPolicy policy =
                new DeliveryPolicy(
                        properties.outbox(),
                        channels.redeliveries(),
                        RandomGenerator.of("L64X128MixRandom"));
        return new OutboxWorker(
                store, channels.byKind(), policy, properties.outbox(), clock, registry);
    }
}
