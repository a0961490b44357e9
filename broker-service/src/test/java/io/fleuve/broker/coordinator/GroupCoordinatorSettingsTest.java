package io.fleuve.broker.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class GroupCoordinatorSettingsTest {

    private static GroupCoordinatorSettings bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("fleuve.broker.groups", GroupCoordinatorSettings.class);
    }

    @Test
    void bindsItsDefaults() {
        assertThat(bind(Map.of())).isEqualTo(GroupCoordinatorSettings.defaults());
    }

    @Test
    void tellsTheLibrary() {
        GroupCoordinatorConfig config =
                GroupCoordinatorConfig.fromProps(
                        bind(Map.of(
                                        "fleuve.broker.groups.classic.max-size", "7",
                                        "fleuve.broker.groups.classic.initial-rebalance-delay",
                                                "1s",
                                        "fleuve.broker.groups.offsets.metadata-max-bytes", "12",
                                        "fleuve.broker.groups.offsets.retention", "1h",
                                        "fleuve.broker.groups.consumer.session-timeout", "9s",
                                        "fleuve.broker.groups.consumer.heartbeat-interval", "1s"))
                                .toKafkaProperties());

        assertThat(config.classicGroupMaxSize()).isEqualTo(7);
        assertThat(config.classicGroupInitialRebalanceDelayMs()).isEqualTo(1_000);
        assertThat(config.offsetMetadataMaxSize()).isEqualTo(12);
        assertThat(config.offsetsRetentionMs()).isEqualTo(3_600_000);
        assertThat(config.consumerGroupSessionTimeoutMs()).isEqualTo(9_000);
        assertThat(config.consumerGroupHeartbeatIntervalMs()).isEqualTo(1_000);
    }

    @Test
    void namesKeyAndValueOfWhatItRefuses() {
        assertRefused("fleuve.broker.groups.shards", "0");
        assertRefused("fleuve.broker.groups.threads", "0");
        assertRefused("fleuve.broker.groups.append-linger-ms", "-2");
        assertRefused("fleuve.broker.groups.loading.parallelism", "0");
        assertRefused("fleuve.broker.groups.offsets.metadata-max-bytes", "-1");
        assertRefused("fleuve.broker.groups.classic.max-size", "0");
    }

    private static void assertRefused(String key, String value) {
        assertThatThrownBy(() -> bind(Map.of(key, value)))
                .rootCause()
                .hasMessageContaining(key + "=" + value);
    }

    @Test
    void refusesTimeoutsThatContradictEachOther() {
        assertThatThrownBy(
                        () ->
                                bind(
                                        Map.of(
                                                "fleuve.broker.groups.classic.min-session-timeout",
                                                        "2s",
                                                "fleuve.broker.groups.classic.max-session-timeout",
                                                        "1s")))
                .rootCause()
                .hasMessageContaining("max-session-timeout=PT1S");
        assertThatThrownBy(
                        () ->
                                bind(
                                        Map.of(
                                                "fleuve.broker.groups.consumer.heartbeat-interval",
                                                "45s")))
                .rootCause()
                .hasMessageContaining("heartbeat-interval=PT45S");
    }
}
