package io.fleuve.broker.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterConfigsResponse;
import org.apache.kafka.common.requests.DescribeConfigsResponse;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigApisTest extends TopicScenario {

    private static final byte TOPIC = 2;
    private static final byte BROKER = 4;
    private static final byte BROKER_LOGGER = 8;
    private static final byte CLIENT_METRICS = 16;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void describesConfigurationsWithTheirSources(int version) {
        createTopic(7, wanted("told", 1, 1).setConfigs(config("cleanup.policy", "compact")));
        DescribeConfigsResult result = describe(version, TOPIC, "told", null);
        DescribeConfigsResourceResult policy = find(result, "cleanup.policy");
        assertThat(policy.value()).isEqualTo("compact");
        assertThat(policy.configSource()).isEqualTo(ConfigSource.TOPIC_CONFIG.id());
        assertThat(policy.synonyms()).hasSize(2);
        assertThat(policy.synonyms().getLast().name()).isEqualTo("log.cleanup.policy");
        // The broker's own default, not Kafka's.
        DescribeConfigsResourceResult retention = find(result, "retention.ms");
        assertThat(retention.value()).isEqualTo("3600000");
        assertThat(retention.configSource()).isEqualTo(ConfigSource.STATIC_BROKER_CONFIG.id());
        if (version >= 3) {
            assertThat(policy.documentation()).isNotEmpty();
        }
        assertThat(describe(version, TOPIC, "told", List.of("retention.ms")).configs()).hasSize(1);
    }

    @Test
    void describesBrokersAndNothingUnknown() {
        assertThat(find(describe(4, BROKER, "1", null), "num.partitions").value()).isEqualTo("2");
        assertThat(find(describe(4, BROKER, "1", null), "num.partitions").readOnly()).isTrue();
        assertThat(Errors.forCode(describe(4, BROKER, "9", null).errorCode()))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(Errors.forCode(describe(4, TOPIC, "absent", null).errorCode()))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(describe(4, CLIENT_METRICS, "metrics", null).errorCode()).isZero();
        assertThat(Errors.forCode(describe(4, CLIENT_METRICS, "", null).errorCode()))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(Errors.forCode(describe(4, BROKER_LOGGER, "1", null).errorCode()))
                .isEqualTo(Errors.INVALID_REQUEST);
    }

    @Test
    void olderAlterationReplacesAllThatWasSet() {
        createTopic(7, wanted("altered", 1, 1).setConfigs(config("retention.ms", "5")));
        AlterConfigsRequestData.AlterableConfigCollection configs =
                new AlterConfigsRequestData.AlterableConfigCollection();
        configs.add(
                new AlterConfigsRequestData.AlterableConfig()
                        .setName("max.message.bytes")
                        .setValue("2000"));
        AlterConfigsRequestData request = new AlterConfigsRequestData();
        request.resources()
                .add(
                        new AlterConfigsRequestData.AlterConfigsResource()
                                .setResourceType(TOPIC)
                                .setResourceName("altered")
                                .setConfigs(configs));
        var answer = broker.ask(request, 2, AlterConfigsResponse.class);
        assertThat(answer.data().responses().getFirst().errorCode()).isZero();
        assertThat(broker.metadata.current().topic("altered").orElseThrow().configs())
                .isEqualTo(Map.of("max.message.bytes", "2000"));
    }

    @Test
    void refusesAValueThatTheDatabaseCannotHold() {
        var created = createTopic(7, wanted("odd", 1, 1).setConfigs(config("retention.ms", "5\0")));
        assertThat(Errors.forCode(created.errorCode())).isEqualTo(Errors.INVALID_CONFIG);
        assertThat(broker.metadata.current().topic("odd")).isEmpty();
    }

    @Test
    void settingsNameWhatIsWrong() {
        assertThatThrownBy(
                        () ->
                                new ProtocolSettings(
                                        true, 5, 4, 1, 1, 1, 1, 1, 1, 1, Map.of(), Map.of()))
                .hasMessageContaining("max-partitions-per-topic (4)");
        assertThatThrownBy(
                        () ->
                                new ProtocolSettings(
                                        true,
                                        1,
                                        4,
                                        1,
                                        1,
                                        1,
                                        1,
                                        1,
                                        1,
                                        1,
                                        Map.of("retention.ms", "x"),
                                        Map.of()))
                .hasMessageContaining("topic-defaults");
    }

    @Test
    void settingsWithFeaturesKeepEverythingElse() {
        ProtocolSettings settings =
                new ProtocolSettings(false, 2, 3, 4, 5, 6, 7, 8, 9, 10, Map.of(), Map.of());
        Map<String, Short> features = Map.of("group.version", (short) 1);
        assertThat(settings.with(features))
                .isEqualTo(
                        new ProtocolSettings(
                                false, 2, 3, 4, 5, 6, 7, 8, 9, 10, Map.of(), features));
    }

    private DescribeConfigsResult describe(
            int version, byte type, String name, @Nullable List<String> keys) {
        DescribeConfigsRequestData request =
                new DescribeConfigsRequestData().setIncludeSynonyms(true);
        if (version >= 3) {
            request.setIncludeDocumentation(true);
        }
        request.resources()
                .add(
                        new DescribeConfigsResource()
                                .setResourceType(type)
                                .setResourceName(name)
                                .setConfigurationKeys(keys));
        return broker.ask(request, version, DescribeConfigsResponse.class)
                .data()
                .results()
                .getFirst();
    }

    private static DescribeConfigsResourceResult find(DescribeConfigsResult result, String name) {
        return result.configs().stream()
                .filter(it -> it.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
