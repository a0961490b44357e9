package io.fleuve.broker.protocol;

import java.util.Map;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.storage.internals.log.LogConfig;

/**
 * What the protocol's handlers may and may not do.
 *
 * @param autoCreateTopics whether asking for a topic's metadata creates it ({@code
 *     auto.create.topics.enable})
 * @param defaultPartitions partitions of a topic whose creator names no number ({@code
 *     num.partitions})
 * @param maxPartitionsPerTopic the most that a topic may have
 * @param fetchMaxBytes the most that one fetch gets, whatever it asks for ({@code fetch.max.bytes})
 * @param fetchMaxWaitMs the longest that a fetch waits for records, whatever it asks for: so that
 *     fetches of clients that are gone come to an end
 * @param maxWaitingFetches fetches that may wait for records on threads of their own; beyond that
 *     they hold up their connection
 * @param fetchBudgetBytes the most that the answers of all fetches may hold in memory until they
 *     are sent, and beyond that one batch a connection; where little of it is free fetches get less
 * @param maxFetchSessionPartitions the most partitions that the fetch sessions of all clients keep,
 *     each session itself counted as one more; 0 for no sessions
 * @param maxDecompressedBytes the most that a compressed batch may hold; larger ones are refused
 * @param metadataPartitionLimit the most partitions that DescribeTopicPartitions lists at once
 *     ({@code max.request.partition.size.limit})
 * @param topicDefaults configurations of topics that do not set their own, where they differ from
 *     Kafka's defaults
 * @param finalizedFeatures features that clients may rely on, with their levels (KIP-584)
 */
public record ProtocolSettings(
        boolean autoCreateTopics,
        int defaultPartitions,
        int maxPartitionsPerTopic,
        int fetchMaxBytes,
        int fetchMaxWaitMs,
        int maxWaitingFetches,
        long fetchBudgetBytes,
        int maxFetchSessionPartitions,
        long maxDecompressedBytes,
        int metadataPartitionLimit,
        Map<String, String> topicDefaults,
        Map<String, Short> finalizedFeatures) {

    /** As Kafka would. */
    public static final ProtocolSettings DEFAULTS =
            new ProtocolSettings(
                    true,
                    1,
                    10_000,
                    55 * 1024 * 1024,
                    60_000,
                    10_000,
                    64L * 1024 * 1024,
                    100_000,
                    256L * 1024 * 1024,
                    2_000,
                    Map.of(),
                    Map.of());

    // Spring leaves out maps that nothing was set for.
    @SuppressWarnings("ConstantValue")
    public ProtocolSettings {
        topicDefaults = topicDefaults == null ? Map.of() : Map.copyOf(topicDefaults);
        finalizedFeatures = finalizedFeatures == null ? Map.of() : Map.copyOf(finalizedFeatures);
        atLeastOne("default-partitions", defaultPartitions);
        atLeastOne("fetch-max-bytes", fetchMaxBytes);
        atLeastOne("fetch-max-wait-ms", fetchMaxWaitMs);
        atLeastOne("max-waiting-fetches", maxWaitingFetches);
        atLeastOne("fetch-budget-bytes", fetchBudgetBytes);
        if (maxFetchSessionPartitions < 0) {
            throw new IllegalArgumentException(
                    "max-fetch-session-partitions must not be negative, but is "
                            + maxFetchSessionPartitions);
        }
        atLeastOne("max-decompressed-bytes", maxDecompressedBytes);
        atLeastOne("metadata-partition-limit", metadataPartitionLimit);
        if (maxPartitionsPerTopic < defaultPartitions) {
            throw new IllegalArgumentException(
                    "max-partitions-per-topic (%d) must not be less than default-partitions (%d)"
                            .formatted(maxPartitionsPerTopic, defaultPartitions));
        }
        try {
            LogConfig.validate(topicDefaults);
        } catch (InvalidConfigurationException | org.apache.kafka.common.config.ConfigException e) {
            throw new IllegalArgumentException("topic-defaults: " + e.getMessage(), e);
        }
    }

    /** The same, with features that clients may rely on. */
    public ProtocolSettings with(Map<String, Short> features) {
        return new ProtocolSettings(
                autoCreateTopics,
                defaultPartitions,
                maxPartitionsPerTopic,
                fetchMaxBytes,
                fetchMaxWaitMs,
                maxWaitingFetches,
                fetchBudgetBytes,
                maxFetchSessionPartitions,
                maxDecompressedBytes,
                metadataPartitionLimit,
                topicDefaults,
                features);
    }

    private static void atLeastOne(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, not " + value);
        }
    }
}
