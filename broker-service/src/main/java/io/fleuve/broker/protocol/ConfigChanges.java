package io.fleuve.broker.protocol;

import io.fleuve.broker.metadata.MetadataUnavailableException;
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
import org.apache.kafka.common.requests.ApiError;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes of configurations, as both AlterConfigs and its incremental form make them. */
final class ConfigChanges {

    private static final Logger LOGGER = LoggerFactory.getLogger(ConfigChanges.class);

    /** One wish: set a configuration, remove it, or change its list. */
    record Change(AlterConfigOp.OpType operation, String name, @Nullable String value) {}

    private final Map<ConfigResource.Type, ConfigurableResources> resources;

    /**
     * @param resources what can be configured while brokers run
     */
    ConfigChanges(Map<ConfigResource.Type, ConfigurableResources> resources) {
        this.resources = Map.copyOf(resources);
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
            ConfigurableResources known = resources(resourceType, resource);
            Map<String, String> present = known.own(resource);
            Map<String, String> wanted = new HashMap<>(replace ? Map.of() : present);
            for (Change change : changes) {
                apply(change, wanted, known);
            }
            known.check(resource, wanted);
            Map<String, Optional<String>> difference = difference(present, wanted);
            if (!validateOnly && !difference.isEmpty()) {
                known.alter(resource, difference);
                LOGGER.atInfo()
                        .addKeyValue("type", ConfigResource.Type.forId(resourceType))
                        .addKeyValue("resource", resource)
                        .addKeyValue("configs", difference.keySet())
                        .log("configuration changed");
            }
            return ApiError.NONE;
        } catch (ApiException e) {
            return ApiError.fromThrowable(e);
        } catch (MetadataUnavailableException e) {
            return ApiError.fromThrowable(new TimeoutException(e.getMessage()));
        }
    }

    private ConfigurableResources resources(byte type, String resource) {
        ConfigResource.Type known = ConfigResource.Type.forId(type);
        if (known == ConfigResource.Type.BROKER) {
            throw new InvalidRequestException(
                    "configurations of brokers cannot be changed while they run, but where they"
                            + " start; broker '%s'".formatted(resource));
        }
        ConfigurableResources found = resources.get(known);
        if (found == null) {
            throw new InvalidRequestException(
                    "configurations of %s are not served".formatted(known));
        }
        return found;
    }

    private static void apply(
            Change change, Map<String, String> wanted, ConfigurableResources known) {
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
        if (!known.isList(change.name())) {
            throw new InvalidConfigurationException(
                    "the configuration %s is no list: it cannot be appended to or subtracted from"
                            .formatted(change.name()));
        }
        String own = wanted.get(change.name());
        List<String> items =
                new ArrayList<>(items(own != null ? own : known.inherited(change.name())));
        if (change.operation() == AlterConfigOp.OpType.APPEND) {
            items(value).stream().filter(item -> !items.contains(item)).forEach(items::add);
        } else {
            items.removeAll(items(value));
        }
        wanted.put(change.name(), String.join(",", items));
    }

    private static List<String> items(String list) {
        return Arrays.stream(list.split(",", -1))
                .map(String::trim)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private static Map<String, Optional<String>> difference(
            Map<String, String> present, Map<String, String> wanted) {
        Map<String, Optional<String>> difference = new HashMap<>();
        present.keySet()
                .forEach(name -> difference.put(name, Optional.ofNullable(wanted.get(name))));
        wanted.forEach((name, value) -> difference.put(name, Optional.of(value)));
        difference
                .entrySet()
                .removeIf(
                        entry ->
                                entry.getValue()
                                        .equals(Optional.ofNullable(present.get(entry.getKey()))));
        return difference;
    }
}
