package io.fleuve.alerts;

import io.fleuve.alerts.alerts.AlertTransition;
import io.fleuve.alerts.channels.ConfiguredChannels;
import io.fleuve.alerts.outbox.DeliveryPolicy;
import io.fleuve.alerts.outbox.OutboxSettings;
import io.fleuve.alerts.outbox.OutboxWorker;
import io.fleuve.alerts.store.AlertLedger;
import io.fleuve.alerts.store.AlertRepository;
import io.fleuve.alerts.store.AlertStatus;
import io.fleuve.alerts.store.NotificationRepository;
import io.fleuve.alerts.store.PostgresOutboxStore;
import io.fleuve.alerts.store.RuleBook;
import io.fleuve.alerts.store.RuleProgressRepository;
import io.fleuve.alerts.store.RuleRepository;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.persistence.EntityManager;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires rules, alerts, outbox and channels. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AlertsProperties.class)
class AlertsConfiguration {

    @Bean
    InstantSource alertsClock() {
        return InstantSource.system();
    }

    @Bean
    ConfiguredChannels configuredChannels(AlertsProperties properties, InstantSource clock) {
        return new ConfiguredChannels(
                properties.twilio(),
                properties.sendgrid(),
                properties.webhook(),
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
            InstantSource clock) {
        return new PostgresOutboxStore(notifications, transactions, clock);
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

    @Bean
    AlertLedger alertLedger(
            RuleRepository rules,
            RuleProgressRepository progress,
            EntityManager entities,
            PlatformTransactionManager transactions,
            ConfiguredChannels channels,
            OutboxWorker worker,
            AlertsProperties properties,
            MeterRegistry registry,
            InstantSource clock) {
        Counter raised = transitionCounter(registry, AlertTransition.FIRING);
        Counter resolved = transitionCounter(registry, AlertTransition.RESOLVED);
        AlertLedger.Outbound outbound =
                new AlertLedger.Outbound(
                        channels.recipients(),
                        properties.outbox().maxAge(),
                        transitions -> {
                            for (AlertTransition transition : transitions) {
                                switch (transition) {
                                    case FIRING -> raised.increment();
                                    case RESOLVED -> resolved.increment();
                                    case NO_DATA, REPEATED, ACKNOWLEDGED, ESCALATED -> {}
                                }
                            }
                            worker.wake();
                        });
        return new AlertLedger(
                rules, progress, entities, new TransactionTemplate(transactions), outbound, clock);
    }

    @Bean
    RuleBook ruleBook(
            RuleRepository rules,
            RuleProgressRepository progress,
            AlertRepository alerts,
            AlertLedger ledger,
            PlatformTransactionManager transactions,
            AlertsProperties properties,
            MeterRegistry registry,
            InstantSource clock) {
        Gauge.builder("fleuve.alerts.firing", () -> alerts.countByState(AlertStatus.FIRING))
                .description("Alerts that fire now")
                .register(registry);
        return new RuleBook(
                rules,
                progress,
                alerts,
                ledger,
                new TransactionTemplate(transactions),
                properties.maxRules(),
                clock);
    }

    private static Counter transitionCounter(MeterRegistry registry, AlertTransition transition) {
        return Counter.builder("fleuve.alerts.transitions")
                .description("Transitions of alerts, by the state that they led to")
                .tag("transition", transition.name())
                .register(registry);
    }
}
