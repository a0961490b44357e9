package io.fleuve.broker;

import io.fleuve.broker.log.SequencedLogs;
import io.fleuve.broker.log.Sequencer;
import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.postgres.BrokerIds;
import io.fleuve.broker.postgres.MembershipSettings;
import io.fleuve.broker.protocol.RecordCleaner;
import io.fleuve.broker.protocol.TopicPolicies;
import io.fleuve.broker.storage.DirectoryStore;
import io.fleuve.broker.storage.ObjectStore;
import io.fleuve.broker.upkeep.PieceCatalog;
import io.fleuve.broker.upkeep.Upkeep;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the log and its store. */
@Configuration(proxyBeanMethods = false)
class LogConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    MembershipSettings membershipSettings(BrokerProperties properties, BrokerIds ids) {
        return new MembershipSettings(
                properties.isIdAutomatic() ? ids.claim() : properties.fixedId(),
                properties.heartbeatInterval(),
                properties.leaseTime());
    }

    @Bean
    ObjectStore objectStore(BrokerProperties properties, Clock clock) throws IOException {
        return new DirectoryStore(
                properties.storeDirectory(), properties.log().maxObject().toBytes(), clock);
    }

    /** Started and closed by the broker's life cycle. */
    @Bean(destroyMethod = "")
    SequencedLogs partitionLogs(
            BrokerProperties properties,
            ObjectStore store,
            Sequencer sequencer,
            MeterRegistry registry,
            Clock clock) {
        return new SequencedLogs(properties.log().settings(), store, sequencer, registry, clock);
    }

    /** Started and closed by the broker's life cycle. */
    @Bean(destroyMethod = "")
    Upkeep upkeep(
            BrokerProperties properties,
            ObjectStore store,
            PieceCatalog catalog,
            ClusterMetadata metadata,
            MeterRegistry registry,
            Clock clock) {
        return new Upkeep(
                store,
                catalog,
                metadata::current,
                new TopicPolicies(properties.topics().topicDefaults()),
                new RecordCleaner(),
                properties.upkeep().settings(),
                registry,
                clock);
    }
}
