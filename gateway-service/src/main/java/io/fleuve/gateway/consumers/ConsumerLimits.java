package io.fleuve.gateway.consumers;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The settings of consumer instances, all below {@code fleuve.gateway.consumers}.
 *
 * @param topic the compacted topic of all instances, made when first needed; its number of
 *     partitions must never change
 * @param topicPartitions its partitions, when it is made
 * @param topicReplicationFactor its replicas, when it is made; -1 leaves it to the brokers
 * @param internalUrl where other gateways reach this one; when absent, its own address and port
 * @param defaultDialect whose API is spoken by the creator of an instance that does not show it
 * @param instanceTimeout how long an instance lives without being used
 * @param maxInstances instances on this gateway
 * @param maxKnownInstances instances of all gateways
 * @param requestTimeout how long a read waits when neither it nor its instance says
 * @param maxRequestTimeout the longest that a read may wait
 * @param fetchMinBytes see {@link InstanceConfig#fetchMinBytes}, for instances that do not say
 * @param maxResponseSize the most bytes of keys and values in one answer
 * @param maxRequestSize the largest body of a request
 * @param fetchSize bytes of one fetch from a broker, hence of what an instance holds in memory
 * @param backgroundPollInterval how often a consumer takes part in its group's life while nobody
 *     reads from it
 * @param autoCommitInterval how often positions are committed for instances that want that
 * @param sessionTimeout how long a group waits for a consumer of a gateway that died, unless
 *     another gateway takes its place
 * @param apiTimeout how long brokers may take to answer, and a request to wait for its turn
 * @param connectTimeout how long another gateway may take to accept a connection
 * @param hopTimeout how long another gateway may take to answer, the time that a read waits left
 *     aside
 */
public record ConsumerLimits(
        @DefaultValue("_fleuve_consumer_instances") String topic,
        @DefaultValue("1") int topicPartitions,
        @DefaultValue("-1") int topicReplicationFactor,
        @Nullable URI internalUrl,
        @DefaultValue("confluent") Dialect defaultDialect,
        @DefaultValue("5m") Duration instanceTimeout,
        @DefaultValue("100") int maxInstances,
        @DefaultValue("10000") int maxKnownInstances,
        @DefaultValue("1s") Duration requestTimeout,
        @DefaultValue("2m") Duration maxRequestTimeout,
        @DefaultValue("-1") int fetchMinBytes,
        @DefaultValue("16MB") DataSize maxResponseSize,
        @DefaultValue("1MB") DataSize maxRequestSize,
        @DefaultValue("1MB") DataSize fetchSize,
        @DefaultValue("500ms") Duration backgroundPollInterval,
        @DefaultValue("5s") Duration autoCommitInterval,
        @DefaultValue("45s") Duration sessionTimeout,
        @DefaultValue("10s") Duration apiTimeout,
        @DefaultValue("2s") Duration connectTimeout,
        @DefaultValue("15s") Duration hopTimeout) {

    private static final String PREFIX = "fleuve.gateway.consumers.";

    public ConsumerLimits {
        check(!topic.isBlank(), "topic", "the name of a topic", topic);
        check(topicPartitions >= 1, "topic-partitions", "at least 1", topicPartitions);
        check(
                topicReplicationFactor == -1 || topicReplicationFactor >= 1,
                "topic-replication-factor",
                "-1 or at least 1",
                topicReplicationFactor);
        check(
                internalUrl == null
                        || internalUrl.getHost() != null && !internalUrl.toString().endsWith("/"),
                "internal-url",
                "absolute and without a slash at the end",
                String.valueOf(internalUrl));
        positive("instance-timeout", instanceTimeout);
        check(maxInstances >= 1, "max-instances", "at least 1", maxInstances);
        check(
                maxKnownInstances >= maxInstances,
                "max-known-instances",
                "at least max-instances (" + maxInstances + ")",
                maxKnownInstances);
        positive("request-timeout", requestTimeout);
        check(
                maxRequestTimeout.compareTo(requestTimeout) >= 0,
                "max-request-timeout",
                "at least request-timeout (" + requestTimeout + ")",
                maxRequestTimeout);
        check(fetchMinBytes >= -1, "fetch-min-bytes", "-1 or more", fetchMinBytes);
        size("max-response-size", maxResponseSize);
        size("max-request-size", maxRequestSize);
        size("fetch-size", fetchSize);
        positive("background-poll-interval", backgroundPollInterval);
        positive("auto-commit-interval", autoCommitInterval);
        positive("session-timeout", sessionTimeout);
        positive("api-timeout", apiTimeout);
        positive("connect-timeout", connectTimeout);
        positive("hop-timeout", hopTimeout);
    }

    private static void positive(String key, Duration value) {
        check(!value.isNegative() && !value.isZero(), key, "longer than zero", value);
    }

    private static void size(String key, DataSize value) {
        check(
                value.toBytes() >= 1024 && value.toBytes() <= Integer.MAX_VALUE,
                key,
                "from 1024 to 2147483647 bytes",
                value);
    }

    private static void check(boolean holds, String key, String expected, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "%s%s must be %s, but is %s".formatted(PREFIX, key, expected, value));
        }
    }
}
