package io.fleuve.simulator.kafka;

import io.fleuve.simulator.publish.UnreachableTopicException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * The topic that readings go to, and the bounds of writing to it.
 *
 * @param bootstrapServers {@code host:port}, several with commas between them
 * @param name the topic
 * @param partitions how many the topic gets if it does not exist
 * @param maxUnacknowledged readings that may be on their way at once
 * @param clientProperties further properties of all Kafka clients, such as {@code
 *     security.protocol}
 */
public record ReadingTopic(
        String bootstrapServers,
        String name,
        int partitions,
        int maxUnacknowledged,
        Map<String, String> clientProperties) {

    public ReadingTopic {
        clientProperties = Map.copyOf(clientProperties);
    }

    /** The properties of a client: the given ones, on top of those that all clients have. */
    Map<String, Object> client(String role, Map<String, Object> properties) {
        Map<String, Object> client = new HashMap<>(clientProperties);
        client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        client.put(CommonClientConfigs.CLIENT_ID_CONFIG, "fleuve-sensor-simulator-" + role);
        client.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 2_000L);
        // A host that is gone does not refuse; meanwhile nobody is asked who leads now.
        client.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, 1_500L);
        client.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG, 1_500L);
        client.putAll(properties);
        return client;
    }

    UnreachableTopicException unreachable(Exception cause) {
        return new UnreachableTopicException(
                "no answer from %s: %s".formatted(bootstrapServers, cause.getMessage()), cause);
    }
}
