package io.fleuve.broker.coordinator;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;

/**
 * Our settings as the library's own configurations.
 *
 * @param properties what our settings say, under Kafka's names
 * @param groups of all groups
 * @param share of share groups
 */
record LibraryConfigs(
        Map<String, String> properties, GroupCoordinatorConfig groups, ShareGroupConfig share) {

    static LibraryConfigs of(GroupCoordinatorSettings settings) {
        Map<String, String> properties = settings.toKafkaProperties();
        return new LibraryConfigs(
                properties,
                GroupCoordinatorConfig.fromProps(properties),
                new ShareGroupConfig(
                        new AbstractConfig(
                                Utils.mergeConfigs(
                                        List.of(
                                                ShareGroupConfig.CONFIG_DEF,
                                                GroupCoordinatorConfig.CONFIG_DEF)),
                                properties)));
    }

    /** What holds for groups that set nothing themselves, as far as brokers can set it. */
    Map<String, Integer> groupDefaults() {
        return groups.extractGroupConfigMap(share);
    }
}
