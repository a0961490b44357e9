package io.fleuve.broker.coordinator;

import io.fleuve.broker.metadata.ClusterImage;
import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.MetadataUnavailableException;
import io.fleuve.broker.metadata.TopicImage;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.jspecify.annotations.Nullable;

/**
 * Configurations of single groups: Kafka's own definitions and checks, kept in the cluster's
 * metadata.
 *
 * <p>They stand among the configurations of the topic that holds the groups, each under a name that
 * no configuration of a topic has: {@code group:<configuration>:<group>}. So they change in one
 * transaction, and all brokers see them with the image.
 */
public final class GroupConfigs {

    private static final String PREFIX = "group:";

    /** The name is part of a key in the database, which has a limit. */
    private static final int MAX_GROUP_LENGTH = 500;

    private final ClusterMetadata metadata;
    private final OffsetsTopic offsetsTopic;
    private final LibraryConfigs library;

    /**
     * @param settings give the defaults, and the bounds of what groups may set
     */
    public GroupConfigs(ClusterMetadata metadata, GroupCoordinatorSettings settings) {
        this.metadata = metadata;
        offsetsTopic = new OffsetsTopic(metadata, settings.shards());
        library = LibraryConfigs.of(settings);
    }

    /** What is defined: names, types, documentation, Kafka's defaults. */
    public static Map<String, ConfigDef.ConfigKey> definitions() {
        return Collections.unmodifiableMap(GroupConfig.CONFIG_DEF.configKeys());
    }

    /** The broker's configuration that a group's one goes before, if there is one. */
    public static Optional<String> brokerName(String name) {
        return GroupConfig.brokerSynonym(name);
    }

    /** What this broker sets for all groups; empty if it leaves Kafka's default. */
    public Optional<String> brokerValue(String name) {
        return brokerName(name).flatMap(it -> Optional.ofNullable(library.properties().get(it)));
    }

    /** Kafka's default, as text; null if there is none. */
    public static @Nullable String kafkaDefault(String name) {
        ConfigDef.ConfigKey key = GroupConfig.CONFIG_DEF.configKeys().get(name);
        return key == null || key.defaultValue == null
                ? null
                : ConfigDef.convertToString(key.defaultValue, key.type);
    }

    /** What groups have set themselves, by group, as far as this broker knows. Never blocks. */
    public SortedMap<String, Map<String, String>> all() {
        return in(metadata.current());
    }

    static SortedMap<String, Map<String, String>> in(ClusterImage image) {
        SortedMap<String, Map<String, String>> groups = new TreeMap<>();
        OffsetsTopic.find(image)
                .map(TopicImage::configs)
                .orElse(Map.of())
                .forEach(
                        (key, value) -> {
                            int colon = key.indexOf(':', PREFIX.length());
                            if (key.startsWith(PREFIX) && colon > 0) {
                                groups.computeIfAbsent(
                                                key.substring(colon + 1), _ -> new HashMap<>())
                                        .put(key.substring(PREFIX.length(), colon), value);
                            }
                        });
        return groups;
    }

    /**
     * Checks all configurations of a group together.
     *
     * @throws InvalidConfigurationException if one is unknown, or has a value that it cannot have,
     *     or that is out of the broker's bounds
     * @throws InvalidRequestException if the group cannot have any
     */
    public void check(String group, Map<String, String> configs) {
        if (group.isEmpty() || group.length() > MAX_GROUP_LENGTH) {
            throw new InvalidRequestException(
                    "configurations need the name of a group, of at most %d characters"
                            .formatted(MAX_GROUP_LENGTH));
        }
        try {
            GroupConfig.validate(configs, library.groups(), library.share());
        } catch (ConfigException e) {
            throw new InvalidConfigurationException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Sets configurations of a group, or, where the value is empty, removes them. Blocks.
     *
     * @throws MetadataUnavailableException if the database does not answer (retriable)
     */
    public void alter(String group, Map<String, Optional<String>> changes) {
        Map<String, Optional<String>> keyed = new HashMap<>();
        changes.forEach((name, value) -> keyed.put(PREFIX + name + ":" + group, value));
        metadata.alterTopicConfigs(offsetsTopic.ensure().name(), keyed);
    }
}
