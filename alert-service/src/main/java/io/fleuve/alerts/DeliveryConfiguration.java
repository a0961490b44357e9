package io.fleuve.alerts;

import io.fleuve.alerts.channels.ConfiguredChannels;
import io.fleuve.alerts.outbox.Announcer;
import io.fleuve.alerts.outbox.ChannelKind;
import io.fleuve.alerts.outbox.ChannelLimits;
import io.fleuve.alerts.outbox.MessageComposer;
import io.fleuve.alerts.receipts.ReceiptReader;
import io.fleuve.alerts.receipts.ReceiptSettings;
import io.fleuve.alerts.store.ChannelGates;
import io.fleuve.alerts.store.SubscriberAnnouncer;
import io.fleuve.alerts.store.SubscriberBook;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.persistence.EntityManager;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/** Wires subscribers, limits and receipts. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DeliveryProperties.class)
class DeliveryConfiguration {

    @Bean
    MessageComposer messageComposer(DeliveryProperties properties) {
        return new MessageComposer(properties.smsSegments());
    }

    @Bean
    SubscriberBook subscriberBook(
            JdbcTemplate jdbc,
            PlatformTransactionManager transactions,
            DeliveryProperties delivery,
            AlertsProperties properties,
            MessageComposer composer,
            InstantSource clock) {
        return new SubscriberBook(
                jdbc,
                transactions,
                new SubscriberBook.Terms(
                        delivery.maxSubscribers(),
                        delivery.publicUrl(),
                        properties.outbox().maxAge()),
                composer,
                clock);
    }

    @Bean
    Announcer announcer(
            EntityManager entities,
            JdbcTemplate jdbc,
            ConfiguredChannels channels,
            SubscriberBook subscribers,
            MessageComposer composer,
            AlertsProperties properties) {
        return new SubscriberAnnouncer(
                entities,
                jdbc,
                channels.recipients(),
                subscribers,
                composer,
                properties.outbox().maxAge());
    }

    @Bean
    ChannelGates channelGates(
            JdbcTemplate jdbc,
            PlatformTransactionManager transactions,
            DeliveryProperties properties,
            MeterRegistry registry) {
        Map<ChannelKind, ChannelLimits> limits = new EnumMap<>(ChannelKind.class);
        for (ChannelKind kind : ChannelKind.values()) {
            limits.put(
                    kind, kind == ChannelKind.TWILIO_SMS ? properties.sms() : properties.others());
        }
        // Standard output is nobody's to be spared.
        limits.remove(ChannelKind.CONSOLE);
        ChannelGates gates = new ChannelGates(jdbc, transactions, limits);
        Gauge.builder(
                        "fleuve.alerts.sms.spent",
                        () -> gates.find(ChannelKind.TWILIO_SMS).map(g -> g.spent()).orElse(0))
                .description("Requests to Twilio that count against the day's budget")
                .register(registry);
        return gates;
    }

    @Bean
    ReceiptReader receiptReader(
            DeliveryProperties delivery, AlertsProperties properties, InstantSource clock) {
        return new ReceiptReader(
                new ReceiptSettings(
                        delivery.publicUrl(),
                        properties.twilio().authToken(),
                        delivery.sendgridReceiptKey(),
                        delivery.receiptMaxAge()),
                clock);
    }
}
