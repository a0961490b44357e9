package io.fleuve.gateway.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Clients that are not shared: whoever opens one has it alone, and closes it. They know where the
 * brokers are and how to log in as all clients do, and publish no metrics of their own, since there
 * may be many and each lives for a while only.
 */
public final class DedicatedClients {

    private final KafkaClients clients;

    public DedicatedClients(KafkaClients clients) {
        this.clients = clients;
    }

    /**
     * A consumer.
     *
     * @param role names the client, unless {@code properties} have a {@code client.id}
     * @throws org.apache.kafka.common.config.ConfigException if a property has no such value
     */
    public Consumer<byte[], byte[]> consumer(String role, Map<String, ?> properties) {
        return new KafkaConsumer<>(
                merged(role, properties), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** A producer; parameters as with {@link #consumer}. */
    public Producer<byte[], byte[]> producer(String role, Map<String, ?> properties) {
        return new KafkaProducer<>(
                merged(role, properties), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private Map<String, Object> merged(String role, Map<String, ?> properties) {
        Map<String, Object> config = new HashMap<>(clients.common(role));
        config.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
        config.putAll(properties);
        return config;
    }
}
