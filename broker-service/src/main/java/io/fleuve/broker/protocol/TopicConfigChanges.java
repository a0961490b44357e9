package io.fleuve.broker.protocol;

import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.MetadataUnavailableException;
import io.fleuve.broker.metadata.TopicImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.requests.ApiError;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes of topics' configurations, as both AlterConfigs and its incremental form make them. */
final class TopicConfigChanges {

    private static final Logger LOGGER = LoggerFactory.getLogger(TopicConfigChanges.class);

    /** One wish: set a configuration, remove it, or change its list. */
    record Change(AlterConfigOp.OpType operation, String name, @Nullable String value) {}

    private final ClusterMetadata metadata;
    private final TopicConfigs topicConfigs;

    TopicConfigChanges(ClusterMetadata metadata, TopicConfigs topicConfigs) {
        this.metadata = metadata;
        this.topicConfigs = topicConfigs;
    }

    /**
     * Makes all changes to a resource, or none.
     *
     * @param replace whether what is not named returns to its default
     */
    ApiError apply(
            byte resourceType,
            String resource,
            List<Change> changes,
            boolean replace,
            boolean validateOnly) {
        try {
            checkResource(resourceType, resource);
            TopicImage topic =
                    new ClusterView(metadata).topic(resource).orElseThrow(() -> unknown(resource));
            Map<String, String> wanted = new HashMap<>(replace ? Map.of() : topic.configs());
            for (Change change : changes) {
                apply(change, wanted);
            }
            topicConfigs.check(wanted);
            if (!validateOnly) {
                store(topic, wanted);
            }
            return ApiError.NONE;
        } catch (ApiException e) {
            return ApiError.fromThrowable(e);
        } catch (MetadataUnavailableException e) {
            return ApiError.fromThrowable(new TimeoutException(e.getMessage()));
        }
    }

    private static void checkResource(byte type, String resource) {
        ConfigResource.Type known = ConfigResource.Type.forId(type);
        if (known == ConfigResource.Type.BROKER) {
            throw new InvalidRequestException(
                    "configurations of brokers cannot be changed while they run; broker "
                            + resource);
        }
        if (known != ConfigResource.Type.TOPIC) {
            throw new InvalidRequestException(
                    "configurations of %s are not served".formatted(known));
        }
    }

    private void apply(Change change, Map<String, String> wanted) {
        if (change.operation() == AlterConfigOp.OpType.DELETE) {
            wanted.remove(change.name());
            return;
        }
        String value = change.value();
        if (value == null) {
            throw new InvalidConfigurationException(
                    "the configuration %s has no value".formatted(change.name()));
        }
        if (change.operation() == AlterConfigOp.OpType.SET) {
            wanted.put(change.name(), value);
            return;
        }
        if (!TopicConfigs.isList(change.name())) {
            throw new InvalidConfigurationException(
                    "the configuration %s is no list: it cannot be appended to or subtracted from"
                            .formatted(change.name()));
        }
        List<String> items = new ArrayList<>(items(current(change.name(), wanted)));
        if (change.operation() == AlterConfigOp.OpType.APPEND) {
            items(value).stream().filter(item -> !items.contains(item)).forEach(items::add);
        } else {
            items.removeAll(items(value));
        }
        wanted.put(change.name(), String.join(",", items));
    }

    private String current(String name, Map<String, String> wanted) {
        String own = wanted.get(name);
        return own != null ? own : topicConfigs.effective(Map.of()).getOrDefault(name, "");
    }

    private static List<String> items(String list) {
        return Arrays.stream(list.split(",", -1))
                .map(String::trim)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private void store(TopicImage topic, Map<String, String> wanted) {
        Map<String, Optional<String>> difference = new HashMap<>();
        topic.configs()
                .keySet()
                .forEach(name -> difference.put(name, Optional.ofNullable(wanted.get(name))));
        wanted.forEach((name, value) -> difference.put(name, Optional.of(value)));
        difference
                .entrySet()
                .removeIf(
                        entry ->
                                entry.getValue()
                                        .equals(
                                                Optional.ofNullable(
                                                        topic.configs().get(entry.getKey()))));
        if (difference.isEmpty()) {
            return;
        }
        if (metadata.alterTopicConfigs(topic.name(), difference).isEmpty()) {
            throw unknown(topic.name());
        }
        LOGGER.atInfo()
                .addKeyValue("topic", topic.name())
                .addKeyValue("configs", difference.keySet())
                .log("topic configured");
    }

    private static UnknownTopicOrPartitionException unknown(String topic) {
        return new UnknownTopicOrPartitionException("there is no topic " + topic);
    }
}
