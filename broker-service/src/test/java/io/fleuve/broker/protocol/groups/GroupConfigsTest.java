package io.fleuve.broker.protocol.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fleuve.broker.coordinator.GroupConfigs;
import io.fleuve.broker.coordinator.GroupCoordinatorSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

/** What groups set for themselves, and what their members hear of it. */
class GroupConfigsTest extends GroupApisFixture {

    private static final String HEARTBEAT = "consumer.heartbeat.interval.ms";

    private final GroupConfigs configs =
            new GroupConfigs(broker, GroupCoordinatorSettings.defaults());

    @Test
    void membersHearWhatTheirGroupHasSetUntilItIsRemoved() throws Exception {
        awaitCoordinator();
        assertThat(heartbeatInterval(GROUP)).isEqualTo(2_000);
        configs.alter(GROUP, Map.of(HEARTBEAT, Optional.of("7000")));
        await().atMost(Duration.ofSeconds(60)).until(() -> heartbeatInterval(GROUP) == 7_000);
        configs.alter(GROUP, Map.of(HEARTBEAT, Optional.empty()));
        await().atMost(Duration.ofSeconds(60)).until(() -> heartbeatInterval(GROUP) == 2_000);
    }

    @Test
    void aGroupCanBeConfiguredBeforeThereIsAny() {
        configs.alter("later", Map.of(HEARTBEAT, Optional.of("7000")));
        assertThat(configs.all()).isEqualTo(Map.of("later", Map.of(HEARTBEAT, "7000")));
        assertThat(host.hasGroups()).isTrue();
    }

    private int heartbeatInterval(String group) throws Exception {
        return wire.call(
                        ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                        1,
                        new ConsumerGroupHeartbeatRequestData()
                                .setGroupId(group)
                                .setMemberId(Uuid.randomUuid().toString())
                                .setMemberEpoch(0)
                                .setRebalanceTimeoutMs(10_000)
                                .setTopicPartitions(List.of())
                                .setSubscribedTopicNames(List.of(TOPIC)),
                        ConsumerGroupHeartbeatResponseData.class)
                .heartbeatIntervalMs();
    }
}
