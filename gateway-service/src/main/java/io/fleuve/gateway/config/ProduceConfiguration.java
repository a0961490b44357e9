package io.fleuve.gateway.config;

import io.fleuve.gateway.idempotency.Idempotency;
import io.fleuve.gateway.kafka.BrokerReachability;
import io.fleuve.gateway.kafka.ClusterAdmin;
import io.fleuve.gateway.kafka.KafkaClients;
import io.fleuve.gateway.kafka.KafkaSettings;
import io.fleuve.gateway.kafka.LogWriter;
import io.fleuve.gateway.kafka.RecordLookup;
import io.fleuve.gateway.kafka.RecordProducer;
import io.fleuve.gateway.kafka.TopicDirectory;
import io.fleuve.gateway.kafka.TransactionAdmin;
import io.fleuve.gateway.kafka.TransactionLanes;
import io.fleuve.gateway.produce.FiniteProduce;
import io.fleuve.gateway.produce.HonestStatus;
import io.fleuve.gateway.tracing.MessagingSpans;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What producing needs beyond a producer: transactions, and memory of requests. */
@Configuration(proxyBeanMethods = false)
class ProduceConfiguration {

    @Bean
    TransactionAdmin transactionAdmin(KafkaClients clients, KafkaSettings settings) {
        return new TransactionAdmin(clients, settings);
    }

    @Bean
    TransactionLanes transactionLanes(
            KafkaClients clients,
            GatewayProperties properties,
            MessagingSpans spans,
            MeterRegistry registry) {
        return new TransactionLanes(
                clients, properties.produce(), properties.transactions(), spans, registry);
    }

    @Bean
    LogWriter claimWriter(KafkaClients clients, GatewayProperties properties) {
        return new LogWriter(clients, properties.produce());
    }

    @Bean
    RecordLookup outcomeLookup(KafkaClients clients, KafkaSettings settings) {
        return new RecordLookup(clients, settings);
    }

    @Bean
    Idempotency idempotency(
            KafkaClients clients,
            TransactionAdmin admin,
            TransactionLanes lanes,
            TopicDirectory topics,
            LogWriter claimWriter,
            RecordLookup outcomeLookup,
            GatewayProperties properties,
            Clock clock,
            MeterRegistry registry) {
        return new Idempotency(
                clients,
                admin,
                lanes,
                topics,
                claimWriter,
                outcomeLookup,
                properties.idempotency(),
                clock,
                registry);
    }

    @Bean
    FiniteProduce finiteProduce(
            RecordProducer producer,
            TransactionLanes lanes,
            Idempotency idempotency,
            TopicDirectory topics,
            ClusterAdmin admin,
            Clock clock) {
        HonestStatus status = new HonestStatus(new BrokerReachability(admin, clock)::check);
        return new FiniteProduce(producer, lanes, idempotency, topics, status);
    }
}
