package io.fleuve.broker.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.jspecify.annotations.Nullable;

/**
 * Configurations of topics: Kafka's own definitions, with this broker's defaults.
 *
 * <p>All that Kafka knows can be set; what is described is what means something here, and what was
 * set.
 */
final class TopicConfigs {

    /** What has an effect on this broker, or is true of it whatever it is set to. */
    private static final Set<String> MEANINGFUL =
            Set.of(
                    TopicConfig.CLEANUP_POLICY_CONFIG,
                    TopicConfig.COMPRESSION_TYPE_CONFIG,
                    TopicConfig.DELETE_RETENTION_MS_CONFIG,
                    TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG,
                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                    TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
                    TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG,
                    TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                    TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
                    TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG,
                    TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                    TopicConfig.RETENTION_BYTES_CONFIG,
                    TopicConfig.RETENTION_MS_CONFIG,
                    TopicConfig.SEGMENT_BYTES_CONFIG,
                    TopicConfig.SEGMENT_MS_CONFIG,
                    TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG);

    private static final Map<String, ConfigDef.ConfigKey> DEFINITIONS =
            Map.copyOf(LogConfig.configKeys());

    private static final Map<String, String> KAFKA_DEFAULTS =
            DEFINITIONS.values().stream()
                    .filter(ConfigDef.ConfigKey::hasDefault)
                    .filter(key -> key.defaultValue != null)
                    .collect(
                            Collectors.toUnmodifiableMap(
                                    key -> key.name,
                                    key -> ConfigDef.convertToString(key.defaultValue, key.type)));

    private final Map<String, String> brokerDefaults;

    TopicConfigs(Map<String, String> brokerDefaults) {
        this.brokerDefaults = brokerDefaults;
    }

    /** Kafka's default, as text; empty if there is none. */
    static String kafkaDefault(String name) {
        return KAFKA_DEFAULTS.getOrDefault(name, "");
    }

    /** Without what is no configuration of a topic, though it is kept with the topic's own. */
    static Map<String, String> known(Map<String, String> own) {
        return own.entrySet().stream()
                .filter(entry -> DEFINITIONS.containsKey(entry.getKey()))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Whether that configuration takes a list, to which values can be appended. */
    static boolean isList(String name) {
        ConfigDef.ConfigKey key = DEFINITIONS.get(name);
        return key != null && key.type == ConfigDef.Type.LIST;
    }

    /**
     * Checks all configurations of a topic together.
     *
     * @throws InvalidConfigurationException if one is unknown or has a value that it cannot have
     */
    void check(Map<String, String> configs) {
        try {
            LogConfig.validate(configs);
        } catch (ConfigException e) {
            throw new InvalidConfigurationException(String.valueOf(e.getMessage()));
        }
        checkTexts(configs);
    }

    /**
     * Checks that the database can hold the values: no text there has a U+0000, which Kafka's
     * definitions trim from a number.
     *
     * @throws InvalidConfigurationException if it cannot
     */
    static void checkTexts(Map<String, String> configs) {
        configs.forEach(
                (name, value) -> {
                    if (value.indexOf('\0') >= 0) {
                        throw new InvalidConfigurationException(
                                "the value of %s has a character U+0000".formatted(name));
                    }
                });
    }

    /** What holds for a topic that has set some itself. */
    Map<String, String> effective(Map<String, String> own) {
        Map<String, String> all = new TreeMap<>();
        for (DescribedConfig entry : describe(own, null)) {
            String value = entry.value().value();
            if (value != null) {
                all.put(entry.name(), value);
            }
        }
        return all;
    }

    /**
     * Describes the configurations of a topic, in order of their names.
     *
     * @param own what the topic has set
     * @param wanted names to describe, all if null
     */
    List<DescribedConfig> describe(Map<String, String> own, @Nullable Set<String> wanted) {
        Set<String> names = new TreeSet<>(MEANINGFUL);
        names.addAll(brokerDefaults.keySet());
        names.addAll(own.keySet());
        if (wanted != null) {
            names.retainAll(wanted);
        }
        List<DescribedConfig> entries = new ArrayList<>();
        for (String name : names) {
            ConfigDef.ConfigKey key = DEFINITIONS.get(name);
            if (key != null) {
                entries.add(
                        new DescribedConfig(name, key.type, key.documentation, values(name, own)));
            }
        }
        return entries;
    }

    private List<DescribedConfig.Value> values(String name, Map<String, String> own) {
        String brokerName =
                ServerTopicConfigSynonyms.TOPIC_CONFIG_SYNONYMS.getOrDefault(name, name);
        List<DescribedConfig.Value> values = new ArrayList<>(3);
        String set = own.get(name);
        if (set != null) {
            values.add(new DescribedConfig.Value(name, set, ConfigSource.TOPIC_CONFIG));
        }
        String shared = brokerDefaults.get(name);
        if (shared != null) {
            values.add(
                    new DescribedConfig.Value(
                            brokerName, shared, ConfigSource.STATIC_BROKER_CONFIG));
        }
        values.add(
                new DescribedConfig.Value(
                        brokerName, kafkaDefault(name), ConfigSource.DEFAULT_CONFIG));
        return values;
    }
}
