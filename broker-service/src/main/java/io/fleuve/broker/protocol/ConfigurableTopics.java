package io.fleuve.broker.protocol;

import io.fleuve.broker.metadata.ClusterMetadata;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.Topic;
import org.jspecify.annotations.Nullable;

/** Topics, as far as they can be configured. */
final class ConfigurableTopics implements ConfigurableResources {

    private final ClusterMetadata metadata;
    private final TopicConfigs configs;

    ConfigurableTopics(ClusterMetadata metadata, TopicConfigs configs) {
        this.metadata = metadata;
        this.configs = configs;
    }

    @Override
    public Map<String, String> own(String resource) {
        return new ClusterView(metadata)
                .topic(resource)
                .map(topic -> TopicConfigs.known(topic.configs()))
                .orElseThrow(() -> unknown(resource));
    }

    @Override
    public List<DescribedConfig> describe(String resource, @Nullable Set<String> wanted) {
        Topic.validate(resource);
        return configs.describe(own(resource), wanted);
    }

    @Override
    public String inherited(String name) {
        return configs.effective(Map.of()).getOrDefault(name, "");
    }

    @Override
    public boolean isList(String name) {
        return TopicConfigs.isList(name);
    }

    @Override
    public void check(String resource, Map<String, String> wanted) {
        configs.check(wanted);
    }

    @Override
    public void alter(String resource, Map<String, Optional<String>> changes) {
        if (metadata.alterTopicConfigs(resource, changes).isEmpty()) {
            throw unknown(resource);
        }
    }

    private static UnknownTopicOrPartitionException unknown(String topic) {
        return new UnknownTopicOrPartitionException("there is no topic " + topic);
    }
}
