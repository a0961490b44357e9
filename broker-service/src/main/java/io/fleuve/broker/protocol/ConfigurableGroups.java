package io.fleuve.broker.protocol;

import io.fleuve.broker.coordinator.GroupConfigs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.jspecify.annotations.Nullable;

/** Groups, as far as they can be configured. A group need not exist for that. */
final class ConfigurableGroups implements ConfigurableResources {

    private final GroupConfigs configs;

    ConfigurableGroups(GroupConfigs configs) {
        this.configs = configs;
    }

    @Override
    public Map<String, String> own(String resource) {
        return configs.all().getOrDefault(resource, Map.of());
    }

    @Override
    public List<DescribedConfig> describe(String resource, @Nullable Set<String> wanted) {
        if (resource.isEmpty()) {
            throw new InvalidRequestException("the name of a group must not be empty");
        }
        Map<String, String> own = own(resource);
        return GroupConfigs.definitions().values().stream()
                .filter(key -> wanted == null || wanted.contains(key.name))
                .sorted(Comparator.comparing(key -> key.name))
                .map(key -> describe(key, own.get(key.name)))
                .toList();
    }

    private DescribedConfig describe(ConfigDef.ConfigKey key, @Nullable String own) {
        List<DescribedConfig.Value> values = new ArrayList<>();
        if (own != null) {
            values.add(new DescribedConfig.Value(key.name, own, ConfigSource.GROUP_CONFIG));
        }
        String brokerName = GroupConfigs.brokerName(key.name).orElse(key.name);
        configs.brokerValue(key.name)
                .ifPresent(
                        it ->
                                values.add(
                                        new DescribedConfig.Value(
                                                brokerName,
                                                it,
                                                ConfigSource.STATIC_BROKER_CONFIG)));
        values.add(
                new DescribedConfig.Value(
                        brokerName,
                        GroupConfigs.kafkaDefault(key.name),
                        ConfigSource.DEFAULT_CONFIG));
        return new DescribedConfig(key.name, key.type, key.documentation, values);
    }

    @Override
    public String inherited(String name) {
        String kafka = GroupConfigs.kafkaDefault(name);
        return configs.brokerValue(name).orElse(kafka == null ? "" : kafka);
    }

    @Override
    public boolean isList(String name) {
        ConfigDef.ConfigKey key = GroupConfigs.definitions().get(name);
        return key != null && key.type == ConfigDef.Type.LIST;
    }

    @Override
    public void check(String resource, Map<String, String> wanted) {
        if (resource.indexOf('\0') >= 0) {
            throw new InvalidRequestException("the name of a group has a character U+0000");
        }
        configs.check(resource, wanted);
        TopicConfigs.checkTexts(wanted);
    }

    @Override
    public void alter(String resource, Map<String, Optional<String>> changes) {
        configs.alter(resource, changes);
    }
}
