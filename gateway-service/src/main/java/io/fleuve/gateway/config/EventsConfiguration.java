package io.fleuve.gateway.config;

import io.fleuve.gateway.events.EventLimits;
import io.fleuve.gateway.events.EventStreams;
import io.fleuve.gateway.kafka.ClusterAdmin;
import io.fleuve.gateway.kafka.ConsumerPool;
import io.fleuve.gateway.kafka.KafkaClients;
import io.fleuve.gateway.kafka.NewestReader;
import io.fleuve.gateway.kafka.ReadMeters;
import io.fleuve.gateway.kafka.TopicOffsets;
import io.fleuve.gateway.kafka.TopicReader;
import io.fleuve.gateway.read.TopicRecords;
import io.fleuve.gateway.tracing.MessagingSpans;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** Reading topics as a whole: page by page, and as events. */
@Configuration(proxyBeanMethods = false)
class EventsConfiguration {

    @Bean
    TopicOffsets topicOffsets(ClusterAdmin admin) {
        return new TopicOffsets(admin);
    }

    @Bean
    TopicRecords topicRecords(
            TopicOffsets offsets,
            @Qualifier("readPool") ConsumerPool pool,
            GatewayProperties properties,
            MessagingSpans spans,
            ReadMeters meters) {
        return new TopicRecords(
                offsets,
                new TopicReader(pool, properties.read().fetchTimeout()),
                new NewestReader(pool, properties.read().fetchTimeout()),
                properties.read(),
                spans,
                meters);
    }

    /** A pool of its own, so that readers who catch up take nothing from stateless reads. */
    @Bean
    ConsumerPool eventsPool(
            KafkaClients clients, GatewayProperties properties, MeterRegistry registry) {
        return new ConsumerPool(
                clients,
                properties.read().withPoolSize(properties.events().catchUpConsumers()),
                registry,
                "events");
    }

    @Bean(destroyMethod = "close")
    EventStreams eventStreams(
            KafkaClients clients,
            TopicOffsets offsets,
            @Qualifier("eventsPool") ConsumerPool pool,
            GatewayProperties properties,
            JsonMapper mapper,
            MeterRegistry registry) {
        EventLimits limits = properties.events();
        TopicReader reader = new TopicReader(pool, properties.read().fetchTimeout());
        return new EventStreams(clients, offsets, reader, limits, mapper, registry);
    }

    /** Ends events before the web server waits for its requests to end: they would not. */
    @Bean
    SmartLifecycle endOfEvents(EventStreams streams) {
        return new SmartLifecycle() {
            private volatile boolean running;

            @Override
            public void start() {
                running = true;
            }

            @Override
            public void stop() {
                running = false;
                streams.close();
            }

            @Override
            public boolean isRunning() {
                return running;
            }
        };
    }
}
