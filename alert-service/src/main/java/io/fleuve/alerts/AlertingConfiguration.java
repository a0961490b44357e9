package io.fleuve.alerts;

import io.fleuve.alerts.alerts.AlertStatus;
import io.fleuve.alerts.alerts.AlertTransition;
import io.fleuve.alerts.outbox.Announcer;
import io.fleuve.alerts.outbox.OutboxWorker;
import io.fleuve.alerts.rules.RuleDefaults;
import io.fleuve.alerts.store.AlertClock;
import io.fleuve.alerts.store.AlertDesk;
import io.fleuve.alerts.store.AlertLedger;
import io.fleuve.alerts.store.AlertRepository;
import io.fleuve.alerts.store.AlertTeller;
import io.fleuve.alerts.store.AlertingSettings;
import io.fleuve.alerts.store.DryRuns;
import io.fleuve.alerts.store.NormalsBook;
import io.fleuve.alerts.store.RuleBook;
import io.fleuve.alerts.store.RuleProgressRepository;
import io.fleuve.alerts.store.RuleRepository;
import io.fleuve.alerts.store.SilenceBook;
import io.fleuve.alerts.store.SilenceRepository;
import io.fleuve.alerts.store.TransitionRepository;
import io.fleuve.alerts.store.WindowRecords;
import io.fleuve.alerts.windows.Aggregation;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.persistence.EntityManager;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires rules, the life of alerts, silences and what is told. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AlertingProperties.class)
class AlertingConfiguration {

    /** Wakes the clock, which needs those who wake it. */
    static final class Alarm implements Runnable {

        private final AtomicReference<@Nullable AlertClock> clock = new AtomicReference<>();

        @Override
        public void run() {
            AlertClock current = clock.get();
            if (current != null) {
                current.wake();
            }
        }
    }

    @Bean
    Alarm alertsAlarm() {
        return new Alarm();
    }

    @Bean
    RuleDefaults ruleDefaults(AlertsProperties alerts, AlertingProperties alerting) {
        return new RuleDefaults(
                Aggregation.tumbling(alerts.window(), alerts.grace()), alerting.repeatEvery());
    }

    @Bean
    AlertingSettings alertingSettings(AlertingProperties properties) {
        return new AlertingSettings(
                properties.groupWait(),
                properties.recheck(),
                properties.batch(),
                properties.inhibitions() == null
                        ? List.of()
                        : properties.inhibitions().stream()
                                .map(AlertingProperties.InhibitionProperties::inhibition)
                                .toList());
    }

    @Bean
    NormalsBook normalsBook(
            NamedParameterJdbcTemplate jdbc,
            PlatformTransactionManager transactions,
            InstantSource clock) {
        return new NormalsBook(
                JdbcClient.create(jdbc), new TransactionTemplate(transactions), clock);
    }

    @Bean
    AlertLedger alertLedger(
            RuleRepository rules,
            RuleProgressRepository progress,
            AlertRepository alerts,
            WindowRecords windows,
            NormalsBook normals,
            EntityManager entities,
            PlatformTransactionManager transactions,
            RuleDefaults defaults,
            AlertingSettings settings,
            Alarm alarm,
            InstantSource clock) {
        return new AlertLedger(
                new AlertLedger.Tables(rules, progress, alerts, windows, normals, entities),
                defaults,
                settings,
                new TransactionTemplate(transactions),
                alarm,
                clock);
    }

    @Bean
    RuleBook ruleBook(
            RuleRepository rules,
            RuleProgressRepository progress,
            AlertRepository alerts,
            RuleDefaults defaults,
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
                defaults,
                ledger,
                new TransactionTemplate(transactions),
                properties.maxRules(),
                clock);
    }

    @Bean
    SilenceBook silenceBook(
            SilenceRepository silences,
            TransitionRepository transitions,
            PlatformTransactionManager manager,
            AlertingProperties properties,
            InstantSource clock) {
        return new SilenceBook(
                silences,
                transitions,
                new TransactionTemplate(manager),
                properties.maxSilences(),
                clock);
    }

    @Bean
    DryRuns dryRuns(
            WindowRecords windows,
            NormalsBook normals,
            RuleDefaults defaults,
            AlertingProperties properties) {
        return new DryRuns(windows, normals, defaults, properties.maxDryRunWindows());
    }

    @Bean
    AlertDesk alertDesk(
            AlertRepository alerts,
            TransitionRepository transitions,
            PlatformTransactionManager manager,
            AlertingSettings settings,
            Alarm alarm,
            InstantSource clock) {
        return new AlertDesk(
                alerts,
                transitions,
                new TransactionTemplate(manager),
                settings.groupWait(),
                alarm,
                clock);
    }

    @Bean
    AlertTeller alertTeller(
            RuleRepository rules,
            AlertRepository alerts,
            TransitionRepository transitions,
            SilenceBook silences,
            RuleDefaults defaults,
            AlertingSettings settings,
            Announcer announcer,
            PlatformTransactionManager manager,
            OutboxWorker worker,
            MeterRegistry registry,
            InstantSource clock) {
        Map<AlertTransition, Counter> counters = new EnumMap<>(AlertTransition.class);
        for (AlertTransition transition : AlertTransition.values()) {
            counters.put(
                    transition,
                    Counter.builder("fleuve.alerts.transitions")
                            .description("Transitions of alerts that people were told of")
                            .tag("transition", transition.name())
                            .register(registry));
        }
        return new AlertTeller(
                new AlertTeller.Tables(rules, alerts, transitions, silences),
                defaults,
                settings,
                announcer,
                new TransactionTemplate(manager),
                told -> {
                    told.forEach(
                            transition -> {
                                Counter counter = counters.get(transition);
                                if (counter != null) {
                                    counter.increment();
                                }
                            });
                    worker.wake();
                },
                clock);
    }

    @Bean(initMethod = "start")
    AlertClock alertClock(
            AlertLedger ledger,
            AlertTeller teller,
            WindowRecords windows,
            Alarm alarm,
            AlertingProperties properties,
            InstantSource clock) {
        AlertClock alertClock =
                new AlertClock(
                        List.of(
                                () -> ledger.lookForSilence(properties.batch()),
                                teller::remind,
                                teller::tell,
                                () ->
                                        windows.forget(
                                                clock.instant()
                                                        .minus(properties.historyRetention()),
                                                properties.batch())),
                        properties.pollInterval(),
                        properties.groupWait());
        alarm.clock.set(alertClock);
        return alertClock;
    }
}
