package io.fleuve.gateway.v3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fleuve.gateway.errors.RestException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NewTopicRequestTest {

    private static NewTopicRequest parse(String json) {
        return NewTopicRequest.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void leavesToTheBrokersWhatIsNotSaid() {
        NewTopicRequest request = parse("{\"topic_name\":\"t\"}");
        assertThat(request.topic().numPartitions()).isEqualTo(-1);
        assertThat(request.topic().replicationFactor()).isEqualTo((short) -1);
        assertThat(request.validateOnly()).isFalse();
    }

    @Test
    void readsCountsConfigsAndAssignments() {
        NewTopicRequest counted =
                parse(
                        """
                        {"topic_name":"t","partitions_count":6,"replication_factor":3,"validate_only":true,
                         "configs":[{"name":"a","value":"x"},{"name":"b","value":7},{"name":"c","value":null}]}""");
        assertThat(counted.topic().numPartitions()).isEqualTo(6);
        assertThat(counted.topic().replicationFactor()).isEqualTo((short) 3);
        assertThat(counted.validateOnly()).isTrue();
        assertThat(counted.topic().configs())
                .containsEntry("a", "x")
                .containsEntry("b", "7")
                .containsKey("c");
        assertThat(counted.topic().configs().get("c")).isNull();
        NewTopicRequest assigned =
                parse("{\"topic_name\":\"t\",\"replicas_assignments\":{\"0\":[1,2],\"1\":[2,1]}}");
        assertThat(assigned.topic().replicasAssignments())
                .isEqualTo(Map.of(0, List.of(1, 2), 1, List.of(2, 1)));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{}|400|topic_name is required",
                "{\"topic_name\":\"\"}|42206|Invalid topic name",
                "{\"topic_name\":\"t\",\"replication_factor\":70000}|400|replication_factor is out of range",
                "{\"topic_name\":\"t\",\"partitions\":1}|400|Unrecognized field \"partitions\"",
                "{\"topic_name\":\"t\",\"configs\":[{\"value\":\"x\"}]}|400|without \"name\"",
                "{\"topic_name\":\"t\",\"configs\":[{\"name\":\"a\",\"value\":\"x\"},{\"name\":\"a\",\"value\":\"y\"}]}|400|twice",
                "{\"topic_name\":\"t\",\"replicas_assignments\":{\"x\":[1]}}|400|replicas_assignments",
                "{|400|Unexpected"
            })
    void refusesWithTheReason(String json, int code, String part) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOfSatisfying(
                        RestException.class, e -> assertThat(e.error().errorCode()).isEqualTo(code))
                .hasMessageContaining(part);
    }
}
