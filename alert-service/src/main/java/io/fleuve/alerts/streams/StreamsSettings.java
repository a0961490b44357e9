package io.fleuve.alerts.streams;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How the service talks to Kafka.
 *
 * @param bootstrapServers where the brokers are, {@code host:port} separated by commas
 * @param applicationId names the consumer group, the changelog and the state directory
 * @param stateDirectory where Streams may keep state
 * @param guarantee Streams' processing guarantee: {@code at_least_once} or {@code exactly_once_v2}
 * @param commitInterval how often offsets are committed and the changelog is written
 * @param cacheBytes bound of the store cache
 * @param sessionTimeout after how long a crashed instance's partitions are given to others
 * @param closeTimeout how long a clean stop may take
 * @param retryBackoffMax longest wait between attempts to start
 * @param properties more properties for the Kafka clients, which win over all above
 */
public record StreamsSettings(
        String bootstrapServers,
        String applicationId,
        Path stateDirectory,
        String guarantee,
        Duration commitInterval,
        long cacheBytes,
        Duration sessionTimeout,
        Duration closeTimeout,
        Duration retryBackoffMax,
        Map<String, String> properties) {

    private static final Set<String> GUARANTEES = Set.of("at_least_once", "exactly_once_v2");

    @SuppressWarnings("ConstantValue") // the binder leaves an empty map out
    public StreamsSettings {
        properties = properties == null ? Map.of() : Map.copyOf(properties);
        if (bootstrapServers.isBlank()) {
            throw new IllegalArgumentException(
                    "fleuve.alerts.streams.bootstrap-servers must name a broker as host:port");
        }
        if (!GUARANTEES.contains(guarantee)) {
            throw new IllegalArgumentException(
                    "fleuve.alerts.streams.guarantee must be one of %s, but is %s"
                            .formatted(List.copyOf(GUARANTEES), guarantee));
        }
        requirePositive("commit-interval", commitInterval);
        requirePositive("session-timeout", sessionTimeout);
        requirePositive("close-timeout", closeTimeout);
        requirePositive("retry-backoff-max", retryBackoffMax);
        if (cacheBytes < 0) {
            throw new IllegalArgumentException(
                    "fleuve.alerts.streams.cache-bytes must not be negative, but is " + cacheBytes);
        }
    }

    private static void requirePositive(String key, Duration value) {
        if (value.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "fleuve.alerts.streams.%s must be at least 1 ms, but is %s"
                            .formatted(key, value));
        }
    }
}
