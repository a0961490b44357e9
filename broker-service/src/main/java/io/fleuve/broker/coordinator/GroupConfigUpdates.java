package io.fleuve.broker.coordinator;

import io.fleuve.broker.metadata.ClusterImage;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the library what groups have set, as the cluster's images change. Used by one thread. */
final class GroupConfigUpdates {

    private static final Logger LOGGER = LoggerFactory.getLogger(GroupConfigUpdates.class);

    private final GroupCoordinator coordinator;
    private Map<String, Map<String, String>> known = Map.of();

    GroupConfigUpdates(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    void follow(ClusterImage image) {
        Map<String, Map<String, String>> next = GroupConfigs.in(image);
        Set<String> groups = new HashSet<>(known.keySet());
        groups.addAll(next.keySet());
        for (String group : groups) {
            Map<String, String> configs = next.getOrDefault(group, Map.of());
            if (!configs.equals(known.getOrDefault(group, Map.of()))) {
                update(group, configs);
            }
        }
        known = next;
    }

    private void update(String group, Map<String, String> configs) {
        Properties properties = new Properties();
        properties.putAll(configs);
        try {
            coordinator.updateGroupConfig(group, properties);
        } catch (RuntimeException e) {
            // Whatever it is, it must not keep other groups, or the next image, from being seen.
            LOGGER.atError()
                    .addKeyValue("group", group)
                    .addKeyValue("configs", configs.keySet())
                    .setCause(e)
                    .log("configurations of a group were not taken over");
        }
    }
}
