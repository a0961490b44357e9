package io.fleuve.broker.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.broker.metadata.NewTopic;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource.Type;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterConfigsResponse;
import org.apache.kafka.common.requests.DescribeConfigsResponse;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.IncrementalAlterConfigsResponse;
import org.apache.kafka.common.requests.ListConfigResourcesResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupConfigApisTest {

    private static final String SESSION = "consumer.session.timeout.ms";
    private static final String HEARTBEAT = "consumer.heartbeat.interval.ms";
    private static final String OFFSETS = "__consumer_offsets";

    private final ProtocolFixture broker = new ProtocolFixture();

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void describesWhatTheBrokerSetsForAllGroups() {
        DescribeConfigsResourceResult heartbeat = find(describe(Type.GROUP, "any"), HEARTBEAT);
        assertThat(heartbeat.value()).isEqualTo("2000");
        assertThat(heartbeat.configSource()).isEqualTo(ConfigSource.STATIC_BROKER_CONFIG.id());
        assertThat(heartbeat.readOnly()).isFalse();
        assertThat(heartbeat.synonyms().getFirst().name())
                .isEqualTo("group.consumer.heartbeat.interval.ms");
    }

    @Test
    void refusesTextsThatTheDatabaseCannotHold() {
        assertThat(alter(Type.GROUP, "mine", SESSION, "50000\0", OpType.SET))
                .isEqualTo(Errors.INVALID_CONFIG);
        assertThat(alter(Type.GROUP, "mi\0ne", SESSION, "50000", OpType.SET))
                .isEqualTo(Errors.INVALID_REQUEST);
    }

    @Test
    void aGroupSetsItsOwn() {
        assertThat(alter(Type.GROUP, "my:group", SESSION, "50000", OpType.SET))
                .isEqualTo(Errors.NONE);
        DescribeConfigsResourceResult session = find(describe(Type.GROUP, "my:group"), SESSION);
        assertThat(session.value()).isEqualTo("50000");
        assertThat(session.configSource()).isEqualTo(ConfigSource.GROUP_CONFIG.id());
        assertThat(find(describe(Type.GROUP, "my"), SESSION).value()).isEqualTo("45000");
        assertThat(names(Type.GROUP)).containsExactly("my:group");
        assertThat(alter(Type.GROUP, "my:group", SESSION, null, OpType.DELETE))
                .isEqualTo(Errors.NONE);
        assertThat(find(describe(Type.GROUP, "my:group"), SESSION).value()).isEqualTo("45000");
        assertThat(names(Type.GROUP)).isEmpty();
    }

    @Test
    void refusesWhatAGroupCannotSet() {
        assertThat(alter(Type.GROUP, "g", "no.such.key", "1", OpType.SET))
                .isEqualTo(Errors.INVALID_CONFIG);
        assertThat(alter(Type.GROUP, "g", SESSION, "soon", OpType.SET))
                .isEqualTo(Errors.INVALID_CONFIG);
        assertThat(alter(Type.GROUP, "g", SESSION, "1", OpType.SET))
                .isEqualTo(Errors.INVALID_CONFIG);
        assertThat(alter(Type.GROUP, "g", SESSION, "1", OpType.APPEND))
                .isEqualTo(Errors.INVALID_CONFIG);
        assertThat(alter(Type.GROUP, "", SESSION, "50000", OpType.SET))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(alter(Type.GROUP, "g".repeat(501), SESSION, "50000", OpType.SET))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(alter(Type.CLIENT_METRICS, "g", "metrics", "*", OpType.SET))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(alter(Type.BROKER, "1", "num.io.threads", "9", OpType.SET))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(names(Type.GROUP)).isEmpty();
    }

    @Test
    void theTopicThatKeepsThemDoesNotShowThemAndDoesNotLoseThem() {
        assertThat(alter(Type.GROUP, "g", SESSION, "50000", OpType.SET)).isEqualTo(Errors.NONE);
        assertThat(describe(Type.TOPIC, OFFSETS).configs())
                .noneMatch(config -> config.name().startsWith("group:"));
        assertThat(alter(Type.TOPIC, OFFSETS, "retention.ms", "-1", OpType.SET))
                .isEqualTo(Errors.NONE);
        AlterConfigsRequestData replacement = new AlterConfigsRequestData();
        replacement
                .resources()
                .add(
                        new AlterConfigsRequestData.AlterConfigsResource()
                                .setResourceType(Type.TOPIC.id())
                                .setResourceName(OFFSETS));
        AlterConfigsResponse answer = broker.ask(replacement, 2, AlterConfigsResponse.class);
        assertThat(answer.data().responses().getFirst().errorCode()).isZero();
        assertThat(find(describe(Type.GROUP, "g"), SESSION).value()).isEqualTo("50000");
    }

    @Test
    void nothingIsSetWhenTheDatabaseIsAway() {
        broker.metadata.setAvailable(false);
        assertThat(alter(Type.GROUP, "g", SESSION, "50000", OpType.SET))
                .isEqualTo(Errors.REQUEST_TIMED_OUT);
    }

    @Test
    void listsWhatHasConfigurations() {
        broker.metadata.createTopic(new NewTopic("listed", 1, false, Map.of()));
        assertThat(names(Type.TOPIC)).containsExactly("listed");
        assertThat(names(Type.BROKER)).containsExactly("1");
        assertThat(names(Type.CLIENT_METRICS)).isEmpty();
        assertThat(
                        broker.ask(
                                        new ListConfigResourcesRequestData(),
                                        1,
                                        ListConfigResourcesResponse.class)
                                .data()
                                .configResources())
                .hasSize(2);
        assertThat(
                        broker.ask(
                                        new ListConfigResourcesRequestData(),
                                        0,
                                        ListConfigResourcesResponse.class)
                                .data()
                                .configResources())
                .isEmpty();
        assertThat(list((byte) 77).errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
    }

    private List<String> names(Type type) {
        return list(type.id()).configResources().stream().map(it -> it.resourceName()).toList();
    }

    private ListConfigResourcesResponseData list(byte type) {
        return broker.ask(
                        new ListConfigResourcesRequestData().setResourceTypes(List.of(type)),
                        1,
                        ListConfigResourcesResponse.class)
                .data();
    }

    private Errors alter(
            Type type, String resource, String name, @Nullable String value, OpType operation) {
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        AlterConfigsResource asked =
                new AlterConfigsResource().setResourceType(type.id()).setResourceName(resource);
        asked.configs()
                .add(
                        new AlterableConfig()
                                .setName(name)
                                .setValue(value)
                                .setConfigOperation(operation.id()));
        request.resources().add(asked);
        return Errors.forCode(
                broker.ask(request, 1, IncrementalAlterConfigsResponse.class)
                        .data()
                        .responses()
                        .getFirst()
                        .errorCode());
    }

    private DescribeConfigsResult describe(Type type, String name) {
        DescribeConfigsRequestData request =
                new DescribeConfigsRequestData().setIncludeSynonyms(true);
        request.resources()
                .add(
                        new DescribeConfigsResource()
                                .setResourceType(type.id())
                                .setResourceName(name)
                                .setConfigurationKeys(null));
        return broker.ask(request, 4, DescribeConfigsResponse.class).data().results().getFirst();
    }

    private static DescribeConfigsResourceResult find(DescribeConfigsResult result, String name) {
        return result.configs().stream()
                .filter(it -> it.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
