package io.fleuve.gateway.v3;

import io.fleuve.gateway.kafka.ClusterAdmin;
import io.fleuve.gateway.v3.Resources.ConfigSynonym;
import io.fleuve.gateway.v3.Resources.ResourceList;
import io.fleuve.gateway.v3.Resources.TopicConfigData;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** The configuration of a topic. */
@V3Controller
@Tag(name = "v3: configs")
final class TopicConfigController {

    private final ClusterAdmin admin;
    private final Links links;

    TopicConfigController(ClusterAdmin admin, Links links) {
        this.admin = admin;
        this.links = links;
    }

    @GetMapping("/{cluster_id}/topics/{topic_name}/configs")
    @Operation(
            summary = "List a topic's configs",
            description =
                    "Every setting of a topic, where its value comes from and what it overrides.")
    ResourceList<TopicConfigData> listTopicConfigs(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            HttpServletRequest request) {
        Clusters.require(admin, clusterId);
        Links.Scope scope = links.of(request);
        List<TopicConfigData> configs =
                admin.topicConfig(topicName).entries().stream()
                        .sorted(Comparator.comparing(ConfigEntry::name))
                        .map(entry -> toData(scope, clusterId, topicName, entry))
                        .toList();
        return ResourceList.of(
                "KafkaTopicConfigList",
                scope.url(clusterId, "topics", topicName, "configs"),
                configs);
    }

    @GetMapping("/{cluster_id}/topics/{topic_name}/configs/{name}")
    @Operation(summary = "Get a topic's config", description = "One setting of a topic.")
    TopicConfigData getTopicConfig(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            @PathVariable("name") String name,
            HttpServletRequest request) {
        Clusters.require(admin, clusterId);
        ConfigEntry entry = admin.topicConfig(topicName).get(name);
        if (entry == null) {
            throw Clusters.notFound();
        }
        return toData(links.of(request), clusterId, topicName, entry);
    }

    static TopicConfigData toData(
            Links.Scope scope, String clusterId, String topic, ConfigEntry entry) {
        return new TopicConfigData(
                "KafkaTopicConfig",
                scope.metadata(
                        scope.url(clusterId, "topics", topic, "configs", entry.name()),
                        clusterId,
                        "topic",
                        topic,
                        "config",
                        entry.name()),
                clusterId,
                entry.name(),
                entry.value(),
                entry.isDefault(),
                entry.isReadOnly(),
                entry.isSensitive(),
                entry.source().name(),
                ConfigSynonym.of(entry),
                topic);
    }
}
