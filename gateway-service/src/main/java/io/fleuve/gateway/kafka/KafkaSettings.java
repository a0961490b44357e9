package io.fleuve.gateway.kafka;

import java.time.Duration;
import java.util.Map;

/**
 * Where the brokers are and how long to wait for them.
 *
 * @param bootstrapServers {@code host:port,host:port}
 * @param adminTimeout how long a question about metadata may take
 * @param metadataTtl how long a topic that was seen is believed to exist
 * @param clientProperties further properties of every Kafka client, such as {@code
 *     sasl.jaas.config}
 */
public record KafkaSettings(
        String bootstrapServers,
        Duration adminTimeout,
        Duration metadataTtl,
        Map<String, String> clientProperties) {

    public KafkaSettings {
        if (bootstrapServers.isBlank()) {
            throw new IllegalArgumentException(
                    "fleuve.gateway.bootstrap-servers must name at least one host:port, but is empty");
        }
        Bounds.positive("fleuve.gateway.admin-timeout", adminTimeout);
        Bounds.positive("fleuve.gateway.metadata-ttl", metadataTtl);
        clientProperties = Map.copyOf(clientProperties);
    }
}
