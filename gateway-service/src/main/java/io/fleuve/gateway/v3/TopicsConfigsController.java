package io.fleuve.gateway.v3;

import io.fleuve.gateway.kafka.ClusterAdmin;
import io.fleuve.gateway.kafka.ConfigAdmin;
import io.fleuve.gateway.v3.Resources.ResourceList;
import io.fleuve.gateway.v3.Resources.TopicConfigData;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** The configuration of all topics, and of one that is still to be created. */
@V3Controller
@Tag(name = "v3: configs")
final class TopicsConfigsController {

    private final ClusterAdmin cluster;
    private final ConfigAdmin configs;
    private final Links links;

    TopicsConfigsController(ClusterAdmin cluster, ConfigAdmin configs, Links links) {
        this.cluster = cluster;
        this.configs = configs;
        this.links = links;
    }

    @GetMapping("/{cluster_id}/topics/-/configs")
    @Operation(
            summary = "List the configs of all topics",
            description = "Every setting of every topic that is not internal.")
    ResourceList<TopicConfigData> listConfigsOfTopics(
            @PathVariable("cluster_id") String clusterId, HttpServletRequest request) {
        Clusters.require(cluster, clusterId);
        Links.Scope scope = links.of(request);
        List<ConfigResource> topics =
                cluster.topicNames().stream()
                        .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                        .toList();
        List<TopicConfigData> data =
                configs.describe(topics).entrySet().stream()
                        .flatMap(
                                entry ->
                                        toData(
                                                scope,
                                                clusterId,
                                                entry.getKey().name(),
                                                entry.getValue()))
                        .toList();
        return ResourceList.of(
                "KafkaTopicConfigList", scope.url(clusterId, "topics", "-", "configs"), data);
    }

    @GetMapping("/{cluster_id}/topics/{topic_name}/default-configs")
    @Operation(
            summary = "List a new topic's configs",
            description =
                    "What a topic of this name would be configured with if it were created now"
                            + " without settings of its own. It need not exist.")
    ResourceList<TopicConfigData> listDefaultTopicConfigs(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("topic_name") String topicName,
            HttpServletRequest request) {
        Clusters.require(cluster, clusterId);
        Links.Scope scope = links.of(request);
        return ResourceList.of(
                "KafkaTopicConfigList",
                scope.url(clusterId, "topics", topicName, "default-configs"),
                toData(scope, clusterId, topicName, configs.newTopicDefaults()).toList());
    }

    private static Stream<TopicConfigData> toData(
            Links.Scope scope, String clusterId, String topic, Config config) {
        return config.entries().stream()
                .sorted(Comparator.comparing(ConfigEntry::name))
                .map(entry -> TopicConfigController.toData(scope, clusterId, topic, entry));
    }
}
