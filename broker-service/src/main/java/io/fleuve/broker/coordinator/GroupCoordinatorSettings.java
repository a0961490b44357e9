package io.fleuve.broker.coordinator;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How groups are coordinated. Names and meanings follow Apache Kafka's {@code group.*} and {@code
 * offsets.*} broker configurations.
 *
 * @param shards partitions of {@code __consumer_offsets} when it is created; an existing topic
 *     keeps what it has
 * @param threads threads that run the shards; each waits for its shard's appends
 * @param backgroundThreads threads that compute assignments and match subscription patterns
 * @param appendLingerMs how long a shard gathers records before it appends them; -1 appends as soon
 *     as the shard has nothing else to do
 * @param appendTimeout how long a shard waits for an append, and a request for its outcome
 */
public record GroupCoordinatorSettings(
        @DefaultValue("16") int shards,
        @DefaultValue("4") int threads,
        @DefaultValue("1") int backgroundThreads,
        @DefaultValue("-1") int appendLingerMs,
        @DefaultValue("5s") Duration appendTimeout,
        @DefaultValue Loading loading,
        @DefaultValue Offsets offsets,
        @DefaultValue Classic classic,
        @DefaultValue Consumer consumer) {

    public GroupCoordinatorSettings {
        requireBetween("shards", shards, 1, 10_000);
        requireBetween("threads", threads, 1, 256);
        requireBetween("background-threads", backgroundThreads, 1, 256);
        requireBetween("append-linger-ms", appendLingerMs, -1, 60_000);
        requireMillis("append-timeout", appendTimeout, 1);
    }

    /** The defaults. */
    public static GroupCoordinatorSettings defaults() {
        return new GroupCoordinatorSettings(
                16,
                4,
                1,
                -1,
                Duration.ofSeconds(5),
                new Loading(1 << 20, 4, Duration.ofMillis(200)),
                new Offsets(4096, Duration.ofDays(7), Duration.ofMinutes(10)),
                new Classic(
                        1_000,
                        Duration.ofSeconds(6),
                        Duration.ofMinutes(30),
                        Duration.ofMillis(100)),
                new Consumer(1_000, Duration.ofSeconds(45), Duration.ofSeconds(2), Duration.ZERO));
    }

    /**
     * How a shard reads its log when this broker begins to lead it.
     *
     * @param bufferBytes how much is read at a time
     * @param parallelism how many shards load at the same time
     * @param retryBackoff pause before reading on when the log does not answer
     */
    public record Loading(
            @DefaultValue("1048576") int bufferBytes,
            @DefaultValue("4") int parallelism,
            @DefaultValue("200ms") Duration retryBackoff) {

        public Loading {
            requireBetween("loading.buffer-bytes", bufferBytes, 1, 1 << 30);
            requireBetween("loading.parallelism", parallelism, 1, 1_000);
            requireMillis("loading.retry-backoff", retryBackoff, 1);
        }
    }

    /**
     * Committed offsets.
     *
     * @param metadataMaxBytes longest metadata of a committed offset
     * @param retention how long offsets of an empty group are kept
     * @param retentionCheckInterval how often expired offsets are looked for
     */
    public record Offsets(
            @DefaultValue("4096") int metadataMaxBytes,
            @DefaultValue("7d") Duration retention,
            @DefaultValue("10m") Duration retentionCheckInterval) {

        public Offsets {
            requireBetween("offsets.metadata-max-bytes", metadataMaxBytes, 0, 1 << 20);
            requireMillis("offsets.retention", retention, 60_000);
            requireMillis("offsets.retention-check-interval", retentionCheckInterval, 1);
        }
    }

    /**
     * Groups of the classic protocol.
     *
     * @param maxSize most members of a group
     * @param minSessionTimeout shortest session timeout that a member may ask for
     * @param maxSessionTimeout longest session timeout that a member may ask for
     * @param initialRebalanceDelay how long the first rebalance of an empty group waits for more
     *     members
     */
    public record Classic(
            @DefaultValue("1000") int maxSize,
            @DefaultValue("6s") Duration minSessionTimeout,
            @DefaultValue("30m") Duration maxSessionTimeout,
            @DefaultValue("100ms") Duration initialRebalanceDelay) {

        public Classic {
            requireBetween("classic.max-size", maxSize, 1, Integer.MAX_VALUE);
            requireMillis("classic.min-session-timeout", minSessionTimeout, 1);
            requireMillis("classic.max-session-timeout", maxSessionTimeout, 1);
            requireMillis("classic.initial-rebalance-delay", initialRebalanceDelay, 0);
            if (maxSessionTimeout.compareTo(minSessionTimeout) < 0) {
                throw new IllegalArgumentException(
                        "fleuve.broker.groups.classic.max-session-timeout="
                                + maxSessionTimeout
                                + " must not be shorter than min-session-timeout="
                                + minSessionTimeout);
            }
        }
    }

    /**
     * Groups of the consumer protocol (KIP-848) and of the streams protocol (KIP-1071).
     *
     * @param maxSize most members of a group
     * @param sessionTimeout after how much silence a member is removed
     * @param heartbeatInterval how often members are asked to report
     * @param assignmentInterval shortest time between two assignments of a group
     */
    public record Consumer(
            @DefaultValue("1000") int maxSize,
            @DefaultValue("45s") Duration sessionTimeout,
            @DefaultValue("2s") Duration heartbeatInterval,
            @DefaultValue("0s") Duration assignmentInterval) {

        public Consumer {
            requireBetween("consumer.max-size", maxSize, 1, Integer.MAX_VALUE);
            requireMillis("consumer.session-timeout", sessionTimeout, 1);
            requireMillis("consumer.heartbeat-interval", heartbeatInterval, 1);
            requireMillis("consumer.assignment-interval", assignmentInterval, 0);
            if (heartbeatInterval.compareTo(sessionTimeout) >= 0) {
                throw new IllegalArgumentException(
                        "fleuve.broker.groups.consumer.heartbeat-interval="
                                + heartbeatInterval
                                + " must be shorter than session-timeout="
                                + sessionTimeout);
            }
        }
    }

    /** The same as the library wants it. */
    Map<String, String> toKafkaProperties() {
        Map<String, String> properties = new HashMap<>();
        properties.put(GroupCoordinatorConfig.OFFSETS_TOPIC_PARTITIONS_CONFIG, "" + shards);
        properties.put(GroupCoordinatorConfig.GROUP_COORDINATOR_NUM_THREADS_CONFIG, "" + threads);
        properties.put(
                GroupCoordinatorConfig.GROUP_COORDINATOR_NUM_BACKGROUND_THREADS_CONFIG,
                "" + backgroundThreads);
        properties.put(
                GroupCoordinatorConfig.GROUP_COORDINATOR_APPEND_LINGER_MS_CONFIG,
                "" + appendLingerMs);
        properties.put(
                GroupCoordinatorConfig.OFFSET_COMMIT_TIMEOUT_MS_CONFIG, millis(appendTimeout));
        properties.put(
                GroupCoordinatorConfig.OFFSETS_LOAD_BUFFER_SIZE_CONFIG, "" + loading.bufferBytes);
        putOffsets(properties);
        putClassic(properties);
        putConsumer(properties);
        return properties;
    }

    private void putOffsets(Map<String, String> properties) {
        properties.put(
                GroupCoordinatorConfig.OFFSET_METADATA_MAX_SIZE_CONFIG,
                "" + offsets.metadataMaxBytes);
        properties.put(
                GroupCoordinatorConfig.OFFSETS_RETENTION_MINUTES_CONFIG,
                "" + offsets.retention.toMinutes());
        properties.put(
                GroupCoordinatorConfig.OFFSETS_RETENTION_CHECK_INTERVAL_MS_CONFIG,
                millis(offsets.retentionCheckInterval));
    }

    private void putClassic(Map<String, String> properties) {
        properties.put(GroupCoordinatorConfig.GROUP_MAX_SIZE_CONFIG, "" + classic.maxSize);
        properties.put(
                GroupCoordinatorConfig.GROUP_MIN_SESSION_TIMEOUT_MS_CONFIG,
                millis(classic.minSessionTimeout));
        properties.put(
                GroupCoordinatorConfig.GROUP_MAX_SESSION_TIMEOUT_MS_CONFIG,
                millis(classic.maxSessionTimeout));
        properties.put(
                GroupCoordinatorConfig.GROUP_INITIAL_REBALANCE_DELAY_MS_CONFIG,
                millis(classic.initialRebalanceDelay));
        properties.put(
                GroupCoordinatorConfig.STREAMS_GROUP_INITIAL_REBALANCE_DELAY_MS_CONFIG,
                millis(classic.initialRebalanceDelay));
    }

    private void putConsumer(Map<String, String> properties) {
        String session = millis(consumer.sessionTimeout);
        String heartbeat = millis(consumer.heartbeatInterval);
        String assignment = millis(consumer.assignmentInterval);
        properties.put(
                GroupCoordinatorConfig.CONSUMER_GROUP_MAX_SIZE_CONFIG, "" + consumer.maxSize);
        properties.put(GroupCoordinatorConfig.CONSUMER_GROUP_SESSION_TIMEOUT_MS_CONFIG, session);
        properties.put(
                GroupCoordinatorConfig.CONSUMER_GROUP_HEARTBEAT_INTERVAL_MS_CONFIG, heartbeat);
        properties.put(
                GroupCoordinatorConfig.CONSUMER_GROUP_ASSIGNMENT_INTERVAL_MS_CONFIG, assignment);
        // Computed in the request, an assignment is in its answer; in the background it would
        // reach the member with its next heartbeat only, seconds later.
        properties.put(
                GroupCoordinatorConfig.CONSUMER_GROUP_ASSIGNOR_OFFLOAD_ENABLE_CONFIG, "false");
        properties.put(GroupCoordinatorConfig.STREAMS_GROUP_MAX_SIZE_CONFIG, "" + consumer.maxSize);
        properties.put(GroupCoordinatorConfig.STREAMS_GROUP_SESSION_TIMEOUT_MS_CONFIG, session);
        properties.put(
                GroupCoordinatorConfig.STREAMS_GROUP_HEARTBEAT_INTERVAL_MS_CONFIG, heartbeat);
        properties.put(
                GroupCoordinatorConfig.STREAMS_GROUP_ASSIGNMENT_INTERVAL_MS_CONFIG, assignment);
        properties.put(
                GroupCoordinatorConfig.STREAMS_GROUP_ASSIGNOR_OFFLOAD_ENABLE_CONFIG, "false");
        widenBounds(properties);
    }

    /** The library's bounds for settings of single groups must hold our defaults. */
    private void widenBounds(Map<String, String> properties) {
        long session = consumer.sessionTimeout.toMillis();
        long heartbeat = consumer.heartbeatInterval.toMillis();
        String minSession = "" + Math.min(session, 45_000);
        String maxSession = "" + Math.max(session, 60_000);
        String minHeartbeat = "" + Math.min(heartbeat, 5_000);
        String maxHeartbeat = "" + Math.max(heartbeat, 15_000);
        properties.put(
                GroupCoordinatorConfig.CONSUMER_GROUP_MIN_SESSION_TIMEOUT_MS_CONFIG, minSession);
        properties.put(
                GroupCoordinatorConfig.CONSUMER_GROUP_MAX_SESSION_TIMEOUT_MS_CONFIG, maxSession);
        properties.put(
                GroupCoordinatorConfig.CONSUMER_GROUP_MIN_HEARTBEAT_INTERVAL_MS_CONFIG,
                minHeartbeat);
        properties.put(
                GroupCoordinatorConfig.CONSUMER_GROUP_MAX_HEARTBEAT_INTERVAL_MS_CONFIG,
                maxHeartbeat);
        properties.put(
                GroupCoordinatorConfig.STREAMS_GROUP_MIN_SESSION_TIMEOUT_MS_CONFIG, minSession);
        properties.put(
                GroupCoordinatorConfig.STREAMS_GROUP_MAX_SESSION_TIMEOUT_MS_CONFIG, maxSession);
        properties.put(
                GroupCoordinatorConfig.STREAMS_GROUP_MIN_HEARTBEAT_INTERVAL_MS_CONFIG,
                minHeartbeat);
        properties.put(
                GroupCoordinatorConfig.STREAMS_GROUP_MAX_HEARTBEAT_INTERVAL_MS_CONFIG,
                maxHeartbeat);
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }

    private static void requireBetween(String key, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    "fleuve.broker.groups."
                            + key
                            + "="
                            + value
                            + " must be between "
                            + min
                            + " and "
                            + max);
        }
    }

    private static void requireMillis(String key, Duration value, int min) {
        if (value.toMillis() < min || value.toMillis() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "fleuve.broker.groups."
                            + key
                            + "="
                            + value
                            + " must be between "
                            + min
                            + " ms and "
                            + Integer.MAX_VALUE
                            + " ms");
        }
    }
}
