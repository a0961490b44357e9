package io.fleuve.broker.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;
import org.jspecify.annotations.Nullable;

/** A broker's configurations, under the names that Kafka's tools know. */
final class BrokerConfigs {

    private final List<DescribedConfig> entries = new ArrayList<>();

    BrokerConfigs(ProtocolSettings settings, TopicConfigs topicConfigs) {
        add(
                "auto.create.topics.enable",
                ConfigDef.Type.BOOLEAN,
                "Whether topics are created when clients ask for their metadata.",
                Boolean.toString(settings.autoCreateTopics()));
        add(
                "num.partitions",
                ConfigDef.Type.INT,
                "Partitions of a topic whose creator names no number.",
                Integer.toString(settings.defaultPartitions()));
        add(
                "default.replication.factor",
                ConfigDef.Type.INT,
                "Always 1: the store that all brokers share is durable by itself.",
                Integer.toString(Placement.REPLICATION_FACTOR));
        add(
                "fetch.max.bytes",
                ConfigDef.Type.INT,
                "The most that one fetch gets.",
                Integer.toString(settings.fetchMaxBytes()));
        add(
                "max.request.partition.size.limit",
                ConfigDef.Type.INT,
                "The most partitions that DescribeTopicPartitions lists at once.",
                Integer.toString(settings.metadataPartitionLimit()));
        for (DescribedConfig topic : topicConfigs.describe(Map.of(), null)) {
            entries.add(forBroker(topic));
        }
        entries.sort((one, other) -> one.name().compareTo(other.name()));
    }

    List<DescribedConfig> describe(@Nullable Set<String> wanted) {
        return entries.stream()
                .filter(entry -> wanted == null || wanted.contains(entry.name()))
                .toList();
    }

    private void add(String name, ConfigDef.Type type, String documentation, String value) {
        entries.add(
                new DescribedConfig(
                        name,
                        type,
                        documentation,
                        List.of(
                                new DescribedConfig.Value(
                                        name, value, ConfigSource.STATIC_BROKER_CONFIG))));
    }

    private static DescribedConfig forBroker(DescribedConfig topic) {
        return new DescribedConfig(
                ServerTopicConfigSynonyms.TOPIC_CONFIG_SYNONYMS.getOrDefault(
                        topic.name(), topic.name()),
                topic.type(),
                topic.documentation(),
                topic.values());
    }
}
