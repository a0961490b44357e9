package io.fleuve.gateway.v3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.format.LosslessJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ConfigChangesTest {

    @Test
    void setsUnlessToldToDelete() {
        ConfigChanges changes =
                ConfigChanges.parseBatch(
                        json(
                                "{'data':[{'name':'a','value':'1'},{'name':'b','value':2,'operation':'SET'},"
                                        + "{'name':'c','operation':'DELETE'}],'validate_only':true}"));
        assertThat(changes.validateOnly()).isTrue();
        assertThat(changes.changes())
                .containsExactly(
                        new AlterConfigOp(new ConfigEntry("a", "1"), OpType.SET),
                        new AlterConfigOp(new ConfigEntry("b", "2"), OpType.SET),
                        new AlterConfigOp(new ConfigEntry("c", null), OpType.DELETE));
    }

    @Test
    void keepsTheChangesOfTopicsApart() {
        ConfigChanges.OfTopics changes =
                ConfigChanges.parseTopicsBatch(
                        json(
                                "{'data':[{'topic_name':'t','configs':[{'name':'a','value':'1'}]},"
                                        + "{'topic_name':'u','configs':[]}]}"));
        assertThat(changes.changes())
                .containsOnlyKeys(
                        new ConfigResource(ConfigResource.Type.TOPIC, "t"),
                        new ConfigResource(ConfigResource.Type.TOPIC, "u"));
        assertThatThrownBy(
                        () ->
                                ConfigChanges.parseTopicsBatch(
                                        json(
                                                "{'data':[{'topic_name':'t','configs':[]},{'topic_name':'t','configs':[]}]}")))
                .isInstanceOf(RestException.class)
                .hasMessageContaining("names topic t twice");
    }

    @Test
    void refusesASettingThatIsNotKnown() {
        Config known = new Config(List.of(new ConfigEntry("a", "1")));
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "t");
        ConfigChanges.requireKnown(List.of(ConfigChanges.reset("a")), known, topic, "c");
        assertThatThrownBy(
                        () ->
                                ConfigChanges.requireKnown(
                                        List.of(ConfigChanges.reset("b")), known, topic, "c"))
                .isInstanceOf(RestException.class)
                .hasMessage("Config b cannot be found for TOPIC t in cluster c.");
    }

    private static JsonNode json(String text) {
        return LosslessJson.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
