package io.fleuve.broker.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fleuve.broker.metadata.NewTopic;
import java.util.Map;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterConfigsResponse;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.IncrementalAlterConfigsResponse;
import org.apache.kafka.common.requests.ListOffsetsResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are well-formed, and that no client of Kafka's would send. */
class OddRequestsTest {

    private static final byte TOPIC = 2;

    private final ProtocolFixture broker = new ProtocolFixture();

    @BeforeEach
    void create() {
        broker.metadata.createTopic(
                new NewTopic("readings", 1, false, Map.of("retention.ms", "5")));
        broker.metadata.createTopic(new NewTopic("others", 1, false, Map.of()));
    }

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void alterationThatNamesATopicTwiceIsRefusedOnceAndChangesNothing() {
        AlterConfigsRequestData request = new AlterConfigsRequestData();
        for (String name : new String[] {"readings", "others", "readings"}) {
            request.resources()
                    .mustAdd(
                            new AlterConfigsRequestData.AlterConfigsResource()
                                    .setResourceType(TOPIC)
                                    .setResourceName(name));
        }

        AlterConfigsResponse answer = broker.ask(request, 2, AlterConfigsResponse.class);

        assertThat(answer.data().responses())
                .extracting(of -> of.resourceName() + " " + Errors.forCode(of.errorCode()))
                .containsExactly("readings INVALID_REQUEST", "others NONE");
        assertThat(answer.errorCounts()).containsEntry(Errors.INVALID_REQUEST, 1);
        assertThat(configsOf("readings")).isEqualTo(Map.of("retention.ms", "5"));
    }

    @Test
    void incrementalAlterationThatNamesATopicTwiceIsRefusedOnceAndChangesNothing() {
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        for (int i = 0; i < 3; i++) {
            var resource =
                    new IncrementalAlterConfigsRequestData.AlterConfigsResource()
                            .setResourceType(TOPIC)
                            .setResourceName("readings");
            resource.configs()
                    .mustAdd(
                            new IncrementalAlterConfigsRequestData.AlterableConfig()
                                    .setName("retention.ms")
                                    .setConfigOperation((byte) 0)
                                    .setValue("10" + i));
            request.resources().mustAdd(resource);
        }

        var answer = broker.ask(request, 1, IncrementalAlterConfigsResponse.class);

        assertThat(answer.errorCounts()).isEqualTo(Map.of(Errors.INVALID_REQUEST, 1));
        assertThat(configsOf("readings")).isEqualTo(Map.of("retention.ms", "5"));
    }

    @ParameterizedTest
    @ValueSource(bytes = {-1, 2, 127})
    void anIsolationLevelThatDoesNotExistIsRefused(byte level) {
        FetchRequestData request = new FetchRequestData().setIsolationLevel(level);

        assertThatThrownBy(() -> broker.ask(request, 12, FetchResponse.class))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("isolation level " + level);

        ListOffsetsRequestData offsets = new ListOffsetsRequestData().setIsolationLevel(level);

        assertThatThrownBy(() -> broker.ask(offsets, 8, ListOffsetsResponse.class))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("isolation level " + level);
    }

    private Map<String, String> configsOf(String topic) {
        return broker.metadata.current().topic(topic).orElseThrow().configs();
    }
}
