package io.fleuve.gateway.kafka;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;

/**
 * Configurations of topics, of a broker, and of all brokers together (the resource of type broker
 * with the empty name). Changes are incremental (KIP-339): what is not named stays.
 */
public final class ConfigAdmin {

    private final ClusterAdmin cluster;

    public ConfigAdmin(ClusterAdmin cluster) {
        this.cluster = cluster;
    }

    /** The settings of one resource, with what they override. */
    public Config describe(ConfigResource resource) {
        return Objects.requireNonNull(describe(List.of(resource)).get(resource));
    }

    /** The settings of several resources, in the order in which they were asked for. */
    public Map<ConfigResource, Config> describe(Collection<ConfigResource> resources) {
        Map<ConfigResource, KafkaFuture<Config>> futures =
                cluster.client()
                        .describeConfigs(
                                resources, new DescribeConfigsOptions().includeSynonyms(true))
                        .values();
        Map<ConfigResource, Config> found = new LinkedHashMap<>();
        resources.forEach(
                resource ->
                        found.put(
                                resource,
                                cluster.await(Objects.requireNonNull(futures.get(resource)))));
        return found;
    }

    /** Applies all of {@code changes} or none; with {@code validateOnly}, only tries them. */
    public void alter(
            ConfigResource resource, Collection<AlterConfigOp> changes, boolean validateOnly) {
        cluster.await(
                cluster.client()
                        .incrementalAlterConfigs(
                                Map.of(resource, changes),
                                new AlterConfigsOptions().validateOnly(validateOnly))
                        .all());
    }

    /** Changes each resource by itself, and tells which could not be and why. */
    public Map<ConfigResource, KafkaException> alterEach(
            Map<ConfigResource, Collection<AlterConfigOp>> changes, boolean validateOnly) {
        Map<ConfigResource, KafkaFuture<Void>> futures =
                cluster.client()
                        .incrementalAlterConfigs(
                                changes, new AlterConfigsOptions().validateOnly(validateOnly))
                        .values();
        Map<ConfigResource, KafkaException> failures = new LinkedHashMap<>();
        for (ConfigResource resource : changes.keySet()) {
            try {
                cluster.await(Objects.requireNonNull(futures.get(resource)));
            } catch (KafkaException e) {
                failures.put(resource, e);
            }
        }
        return failures;
    }

    /**
     * What a topic would be configured with if it were created now without settings of its own. The
     * brokers say so when they check the creation of a topic.
     */
    public Config newTopicDefaults() {
        NewTopic imagined =
                new NewTopic(
                        "defaults-" + UUID.randomUUID(),
                        Optional.<Integer>empty(),
                        Optional.<Short>empty());
        CreateTopicsResult result =
                cluster.client()
                        .createTopics(
                                List.of(imagined), new CreateTopicsOptions().validateOnly(true));
        return cluster.await(result.config(imagined.name()));
    }
}
