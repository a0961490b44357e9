package io.fleuve.gateway.kafka;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Makes the clients, all with the same idea of where the brokers are and how to log in, and has
 * their own metrics published.
 */
public final class KafkaClients implements AutoCloseable {

    /**
     * How long a connection may take to come about, in ms: time for one lost packet. A host that is
     * gone does not refuse, and until an attempt is over a client asks nobody who leads now.
     */
    private static final long CONNECT_MS = 1_500;

    private final KafkaSettings settings;
    private final MeterRegistry registry;
    private final AtomicInteger sequence = new AtomicInteger();
    private final ClientMetrics metrics = new ClientMetrics();

    public KafkaClients(KafkaSettings settings, MeterRegistry registry) {
        this.settings = settings;
        this.registry = registry;
    }

    /** A client and what has to be released with it. */
    record Metered<C>(C client, ClientMetrics.Published metrics) {}

    Metered<Admin> admin() {
        Map<String, Object> config = common("admin");
        config.put(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                toInt(settings.adminTimeout().toMillis()));
        config.put(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                toInt(settings.adminTimeout().toMillis()));
        AdminClient admin = AdminClient.create(config);
        return metered(admin, new KafkaClientMetrics(admin, List.of(), metrics));
    }

    Metered<Producer<byte[], byte[]>> producer(ProduceLimits limits) {
        return producer(producerConfig("producer", limits));
    }

    /** A producer of transactions under an id that nothing else uses. */
    Metered<Producer<byte[], byte[]>> transactionalProducer(
            ProduceLimits limits, String transactionalId, Duration timeout) {
        Map<String, Object> config = producerConfig("transactions", limits);
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, toInt(timeout.toMillis()));
        return producer(config);
    }

    private Metered<Producer<byte[], byte[]>> producer(Map<String, Object> config) {
        Producer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        return metered(producer, new KafkaClientMetrics(producer, List.of(), metrics));
    }

    private Map<String, Object> producerConfig(String role, ProduceLimits limits) {
        Map<String, Object> config = common(role);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, limits.bufferMemory().toBytes());
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, toInt(limits.maxRecordSize().toBytes()));
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, limits.maxBlock().toMillis());
        config.put(ProducerConfig.LINGER_MS_CONFIG, limits.linger().toMillis());
        config.put(
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                toInt(limits.requestTimeout().toMillis()));
        config.put(
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                toInt(limits.deliveryTimeout().toMillis()));
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, limits.compressionType());
        return config;
    }

    /** A consumer that follows logs to their ends, whatever has become of their beginnings. */
    Metered<Consumer<byte[], byte[]>> follower(IsolationLevel isolation) {
        Map<String, Object> config = common("follower");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation.toString());
        config.put(
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                toInt(settings.adminTimeout().toMillis()));
        Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        return metered(consumer, new KafkaClientMetrics(consumer, List.of(), metrics));
    }

    /** A consumer for reads that end, which hold a broker no longer than they must. */
    Metered<Consumer<byte[], byte[]>> reader(ReadLimits limits, Isolation isolation) {
        return consumer(
                "reader",
                Map.of(
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        toInt(limits.fetchWait().toMillis()),
                        ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                        toInt(limits.fetchSize().toBytes()),
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        toInt(limits.fetchSize().toBytes()),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        isolation.propertyValue()));
    }

    /** A consumer that stays at the end of a topic, and learns soon of what happens to it. */
    Metered<Consumer<byte[], byte[]>> tail(
            Isolation isolation, int maxPollRecords, int fetchBytes) {
        return consumer(
                "tail",
                Map.of(
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        maxPollRecords,
                        ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                        fetchBytes,
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        fetchBytes,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        isolation.propertyValue()));
    }

    private Metered<Consumer<byte[], byte[]>> consumer(String role, Map<String, Object> more) {
        Map<String, Object> config = common(role);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                toInt(settings.adminTimeout().toMillis()));
        config.put(
                ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                toInt(settings.adminTimeout().toMillis()));
        config.putAll(more);
        Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        return metered(consumer, new KafkaClientMetrics(consumer, List.of(), metrics));
    }

    private <C> Metered<C> metered(C client, KafkaClientMetrics ofClient) {
        return new Metered<>(client, metrics.publish(ofClient, registry));
    }

    Map<String, Object> common(String role) {
        Map<String, Object> config = new HashMap<>(settings.clientProperties());
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        config.put(
                CommonClientConfigs.CLIENT_ID_CONFIG,
                "fleuve-gateway-" + role + "-" + sequence.incrementAndGet());
        config.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1000L);
        config.putIfAbsent(
                CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, CONNECT_MS);
        config.putIfAbsent(
                CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG, CONNECT_MS);
        config.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        return config;
    }

    private static int toInt(long value) {
        return Math.toIntExact(value);
    }

    @Override
    public void close() {
        metrics.shutdownNow();
    }
}
