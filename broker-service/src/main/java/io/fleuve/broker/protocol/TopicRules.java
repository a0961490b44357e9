package io.fleuve.broker.protocol;

import io.fleuve.broker.metadata.TopicImage;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.server.record.BrokerCompressionType;

/**
 * What a topic demands of the records that are written to it.
 *
 * @param maxBatchBytes {@code max.message.bytes}
 * @param appendTime whether {@code message.timestamp.type} is {@code LogAppendTime}
 * @param timestampBeforeMaxMs how far a timestamp may lie in the past
 * @param timestampAfterMaxMs how far a timestamp may lie in the future
 * @param compression {@code compression.type} and its level; empty if batches stay as they came
 * @param keysRequired whether every record needs a key, since the topic is compacted
 */
record TopicRules(
        int maxBatchBytes,
        boolean appendTime,
        long timestampBeforeMaxMs,
        long timestampAfterMaxMs,
        Optional<Compression> compression,
        boolean keysRequired) {

    /** Values were checked when they were set: parsing them does not fail. */
    static TopicRules of(TopicImage topic, Map<String, String> defaults) {
        Map<String, String> configs = topic.configs();
        return new TopicRules(
                Integer.parseInt(value(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, configs, defaults)),
                value(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, configs, defaults)
                        .equals("LogAppendTime"),
                Long.parseLong(
                        value(
                                TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG,
                                configs,
                                defaults)),
                Long.parseLong(
                        value(
                                TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
                                configs,
                                defaults)),
                compression(configs, defaults),
                value(TopicConfig.CLEANUP_POLICY_CONFIG, configs, defaults)
                        .toLowerCase(Locale.ROOT)
                        .contains(TopicConfig.CLEANUP_POLICY_COMPACT));
    }

    private static Optional<Compression> compression(
            Map<String, String> configs, Map<String, String> defaults) {
        String type = value(TopicConfig.COMPRESSION_TYPE_CONFIG, configs, defaults);
        return switch (BrokerCompressionType.forName(type)) {
            case PRODUCER -> Optional.empty();
            case UNCOMPRESSED -> Optional.of(Compression.NONE);
            case SNAPPY -> Optional.of(Compression.snappy().build());
            case GZIP ->
                    Optional.of(
                            Compression.gzip()
                                    .level(
                                            number(
                                                    TopicConfig.COMPRESSION_GZIP_LEVEL_CONFIG,
                                                    configs,
                                                    defaults))
                                    .build());
            case LZ4 ->
                    Optional.of(
                            Compression.lz4()
                                    .level(
                                            number(
                                                    TopicConfig.COMPRESSION_LZ4_LEVEL_CONFIG,
                                                    configs,
                                                    defaults))
                                    .build());
            case ZSTD ->
                    Optional.of(
                            Compression.zstd()
                                    .level(
                                            number(
                                                    TopicConfig.COMPRESSION_ZSTD_LEVEL_CONFIG,
                                                    configs,
                                                    defaults))
                                    .build());
        };
    }

    private static int number(
            String name, Map<String, String> configs, Map<String, String> defaults) {
        return Integer.parseInt(value(name, configs, defaults));
    }

    private static String value(
            String name, Map<String, String> configs, Map<String, String> defaults) {
        String own = configs.get(name);
        String value = own != null ? own : defaults.get(name);
        return value != null ? value.trim() : TopicConfigs.kafkaDefault(name);
    }
}
