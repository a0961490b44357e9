package io.fleuve.gateway.v3;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fleuve.gateway.format.JsonBody;
import io.fleuve.gateway.kafka.ClusterAdmin;
import io.fleuve.gateway.kafka.ConfigAdmin;
import io.fleuve.gateway.v3.Resources.ConfigSynonym;
import io.fleuve.gateway.v3.Resources.Metadata;
import io.fleuve.gateway.v3.Resources.ResourceList;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.ResponseStatus;

/** What all brokers of the cluster have been told dynamically, at once. */
@V3Controller
@Tag(name = "v3: configs")
final class ClusterConfigController {

    /** All brokers together are the broker without a number. */
    private static final ConfigResource BROKERS =
            new ConfigResource(ConfigResource.Type.BROKER, "");

    private final ClusterAdmin cluster;
    private final ConfigAdmin configs;
    private final JsonBody body;
    private final Links links;

    ClusterConfigController(ClusterAdmin cluster, ConfigAdmin configs, JsonBody body, Links links) {
        this.cluster = cluster;
        this.configs = configs;
        this.body = body;
        this.links = links;
    }

    record ClusterConfigData(
            @JsonProperty("kind") String kind,
            @JsonProperty("metadata") Metadata metadata,
            @JsonProperty("cluster_id") String clusterId,
            @JsonProperty("name") String name,
            @JsonProperty("value") @Nullable String value,
            @JsonProperty("is_default") boolean isDefault,
            @JsonProperty("is_read_only") boolean isReadOnly,
            @JsonProperty("is_sensitive") boolean isSensitive,
            @JsonProperty("source") String source,
            @JsonProperty("synonyms") List<ConfigSynonym> synonyms,
            @JsonProperty("config_type") String configType) {}

    @GetMapping("/{cluster_id}/broker-configs")
    @Operation(
            summary = "List the cluster's broker configs",
            description = "The settings that were set for all brokers; none if none were.")
    ResourceList<ClusterConfigData> listClusterConfigs(
            @PathVariable("cluster_id") String clusterId, HttpServletRequest request) {
        Clusters.require(cluster, clusterId);
        Links.Scope scope = links.of(request);
        return ResourceList.of(
                "KafkaClusterConfigList",
                scope.url(clusterId, "broker-configs"),
                configs.describe(BROKERS).entries().stream()
                        .sorted(Comparator.comparing(ConfigEntry::name))
                        .map(entry -> toData(scope, clusterId, entry))
                        .toList());
    }

    @GetMapping("/{cluster_id}/broker-configs/{name}")
    @Operation(
            summary = "Get a broker config of the cluster",
            description = "One setting, if it was set for all brokers.")
    ClusterConfigData getClusterConfig(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("name") String name,
            HttpServletRequest request) {
        Clusters.require(cluster, clusterId);
        ConfigEntry entry = configs.describe(BROKERS).get(name);
        if (entry == null) {
            throw Clusters.notFound();
        }
        return toData(links.of(request), clusterId, entry);
    }

    @PutMapping(
            path = "/{cluster_id}/broker-configs/{name}",
            consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Update a broker config of the cluster",
            description = "Sets one dynamic setting of all brokers that do not have their own.")
    @ConfigBodies.Value
    void updateClusterConfig(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("name") String name,
            HttpServletRequest request)
            throws IOException {
        AlterConfigOp change =
                ConfigChanges.parseValue(name, body.require(request.getInputStream()));
        Clusters.require(cluster, clusterId);
        configs.alter(BROKERS, List.of(change), false);
    }

    @DeleteMapping("/{cluster_id}/broker-configs/{name}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Reset a broker config of the cluster",
            description = "Takes back what was set for all brokers.")
    void deleteClusterConfig(
            @PathVariable("cluster_id") String clusterId, @PathVariable("name") String name) {
        Clusters.require(cluster, clusterId);
        List<AlterConfigOp> changes = List.of(ConfigChanges.reset(name));
        ConfigChanges.requireKnown(changes, configs.describe(BROKERS), BROKERS, clusterId);
        configs.alter(BROKERS, changes, false);
    }

    @PostMapping(
            path = "/{cluster_id}/broker-configs:alter",
            consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Alter the cluster's broker configs",
            description =
                    "Sets and resets several settings of all brokers, all or none. With"
                            + " `validate_only` they are only tried.")
    @ConfigBodies.Batch
    void alterClusterConfigs(
            @PathVariable("cluster_id") String clusterId, HttpServletRequest request)
            throws IOException {
        ConfigChanges wanted = ConfigChanges.parseBatch(body.require(request.getInputStream()));
        Clusters.require(cluster, clusterId);
        configs.alter(BROKERS, wanted.changes(), wanted.validateOnly());
    }

    private static ClusterConfigData toData(
            Links.Scope scope, String clusterId, ConfigEntry entry) {
        return new ClusterConfigData(
                "KafkaClusterConfig",
                scope.metadata(
                        scope.url(clusterId, "broker-configs", entry.name()),
                        clusterId,
                        "broker-config",
                        entry.name()),
                clusterId,
                entry.name(),
                entry.value(),
                entry.isDefault(),
                entry.isReadOnly(),
                entry.isSensitive(),
                entry.source().name(),
                ConfigSynonym.of(entry),
                "BROKER");
    }
}
