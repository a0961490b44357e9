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
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.Node;
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

/** The configuration of one broker. */
@V3Controller
@Tag(name = "v3: configs")
final class BrokerConfigController {

    private final ClusterAdmin cluster;
    private final ConfigAdmin configs;
    private final JsonBody body;
    private final Links links;

    BrokerConfigController(ClusterAdmin cluster, ConfigAdmin configs, JsonBody body, Links links) {
        this.cluster = cluster;
        this.configs = configs;
        this.body = body;
        this.links = links;
    }

    record BrokerConfigData(
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
            @JsonProperty("broker_id") int brokerId) {}

    @GetMapping("/{cluster_id}/brokers/-/configs")
    @Operation(
            summary = "List the configs of all brokers",
            description = "Every setting of every broker that is part of the cluster now.")
    ResourceList<BrokerConfigData> listAllBrokerConfigs(
            @PathVariable("cluster_id") String clusterId, HttpServletRequest request) {
        List<Integer> brokers =
                Clusters.require(cluster, clusterId).nodes().stream().map(Node::id).toList();
        Links.Scope scope = links.of(request);
        List<ConfigResource> resources =
                brokers.stream().map(BrokerConfigController::resource).toList();
        List<BrokerConfigData> data =
                configs.describe(resources).entrySet().stream()
                        .flatMap(
                                entry ->
                                        toData(
                                                scope,
                                                clusterId,
                                                Integer.parseInt(entry.getKey().name()),
                                                entry.getValue()))
                        .toList();
        return ResourceList.of(
                "KafkaBrokerConfigList", scope.url(clusterId, "brokers", "-", "configs"), data);
    }

    @GetMapping("/{cluster_id}/brokers/{broker_id}/configs")
    @Operation(
            summary = "List a broker's configs",
            description =
                    "Every setting of a broker, where its value comes from and what it overrides.")
    ResourceList<BrokerConfigData> listBrokerConfigs(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("broker_id") int brokerId,
            HttpServletRequest request) {
        Config config = describe(clusterId, brokerId);
        Links.Scope scope = links.of(request);
        return ResourceList.of(
                "KafkaBrokerConfigList",
                scope.url(clusterId, "brokers", brokerId, "configs"),
                toData(scope, clusterId, brokerId, config).toList());
    }

    @GetMapping("/{cluster_id}/brokers/{broker_id}/configs/{name}")
    @Operation(summary = "Get a broker's config", description = "One setting of a broker.")
    BrokerConfigData getBrokerConfig(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("broker_id") int brokerId,
            @PathVariable("name") String name,
            HttpServletRequest request) {
        ConfigEntry entry = describe(clusterId, brokerId).get(name);
        if (entry == null) {
            throw Clusters.notFound();
        }
        return toData(links.of(request), clusterId, brokerId, entry);
    }

    @PutMapping(
            path = "/{cluster_id}/brokers/{broker_id}/configs/{name}",
            consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Update a broker's config",
            description = "Sets one dynamic setting of a broker.")
    @ConfigBodies.Value
    void updateBrokerConfig(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("broker_id") int brokerId,
            @PathVariable("name") String name,
            HttpServletRequest request)
            throws IOException {
        AlterConfigOp change =
                ConfigChanges.parseValue(name, body.require(request.getInputStream()));
        alter(clusterId, brokerId, List.of(change), false);
    }

    @DeleteMapping("/{cluster_id}/brokers/{broker_id}/configs/{name}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Reset a broker's config",
            description = "Takes back what was set dynamically, so that the default holds again.")
    void resetBrokerConfig(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("broker_id") int brokerId,
            @PathVariable("name") String name) {
        alter(clusterId, brokerId, List.of(ConfigChanges.reset(name)), false);
    }

    @PostMapping(
            path = "/{cluster_id}/brokers/{broker_id}/configs:alter",
            consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Alter a broker's configs",
            description =
                    "Sets and resets several settings, all or none. With `validate_only` they are"
                            + " only tried.")
    @ConfigBodies.Batch
    void alterBrokerConfigs(
            @PathVariable("cluster_id") String clusterId,
            @PathVariable("broker_id") int brokerId,
            HttpServletRequest request)
            throws IOException {
        ConfigChanges wanted = ConfigChanges.parseBatch(body.require(request.getInputStream()));
        alter(clusterId, brokerId, wanted.changes(), wanted.validateOnly());
    }

    private Config describe(String clusterId, int brokerId) {
        // A client that is sent to a broker which does not exist waits for it in vain.
        Clusters.requireBroker(cluster, clusterId, brokerId);
        return configs.describe(resource(brokerId));
    }

    private void alter(
            String clusterId,
            int brokerId,
            Collection<AlterConfigOp> changes,
            boolean validateOnly) {
        ConfigResource resource = resource(brokerId);
        ConfigChanges.requireKnown(changes, describe(clusterId, brokerId), resource, clusterId);
        configs.alter(resource, changes, validateOnly);
    }

    private static ConfigResource resource(int brokerId) {
        return new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(brokerId));
    }

    private static Stream<BrokerConfigData> toData(
            Links.Scope scope, String clusterId, int brokerId, Config config) {
        return config.entries().stream()
                .sorted(Comparator.comparing(ConfigEntry::name))
                .map(entry -> toData(scope, clusterId, brokerId, entry));
    }

    private static BrokerConfigData toData(
            Links.Scope scope, String clusterId, int brokerId, ConfigEntry entry) {
        return new BrokerConfigData(
                "KafkaBrokerConfig",
                scope.metadata(
                        scope.url(clusterId, "brokers", brokerId, "configs", entry.name()),
                        clusterId,
                        "broker",
                        brokerId,
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
                brokerId);
    }
}
