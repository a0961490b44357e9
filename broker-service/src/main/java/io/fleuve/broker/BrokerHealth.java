package io.fleuve.broker;

import io.fleuve.broker.metadata.ClusterMetadata;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Up while clients are served. */
final class BrokerHealth implements HealthIndicator {

    private final Broker broker;
    private final ClusterMetadata metadata;

    BrokerHealth(Broker broker, ClusterMetadata metadata) {
        this.broker = broker;
        this.metadata = metadata;
    }

    @Override
    public Health health() {
        Health.Builder health = broker.serves() ? Health.up() : Health.down();
        return health.withDetail("broker", metadata.brokerId())
                .withDetail("brokers", metadata.current().brokers().keySet())
                .withDetail("topics", metadata.current().topics().size())
                .build();
    }
}
