package io.fleuve.broker.protocol;

import io.fleuve.broker.metadata.ClusterMetadata;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DescribeConfigsRequest;
import org.apache.kafka.common.requests.DescribeConfigsResponse;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;
import org.apache.kafka.common.requests.RequestContext;
import org.jspecify.annotations.Nullable;

/**
 * DescribeConfigs of topics, groups and brokers. Brokers' are read-only: they are set where they
 * start.
 */
final class DescribeConfigsHandler implements RequestHandler<DescribeConfigsRequest> {

    private final ClusterMetadata metadata;
    private final Map<ConfigResource.Type, ConfigurableResources> resources;
    private final BrokerConfigs brokerConfigs;

    /**
     * @param resources what can be configured while brokers run
     */
    DescribeConfigsHandler(
            ClusterMetadata metadata,
            Map<ConfigResource.Type, ConfigurableResources> resources,
            BrokerConfigs brokerConfigs) {
        this.metadata = metadata;
        this.resources = Map.copyOf(resources);
        this.brokerConfigs = brokerConfigs;
    }

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, DescribeConfigsRequest request) {
        DescribeConfigsResponseData data = new DescribeConfigsResponseData();
        ClusterView cluster = new ClusterView(metadata);
        for (DescribeConfigsResource resource : request.data().resources()) {
            data.results().add(answer(resource, cluster, request.data()));
        }
        return CompletableFuture.completedFuture(new DescribeConfigsResponse(data));
    }

    private DescribeConfigsResult answer(
            DescribeConfigsResource asked,
            ClusterView cluster,
            DescribeConfigsRequestData request) {
        ConfigResource.Type type = ConfigResource.Type.forId(asked.resourceType());
        String name = asked.resourceName();
        @Nullable Set<String> wanted = wanted(asked);
        if (type == ConfigResource.Type.BROKER) {
            if (name.isEmpty()) {
                return described(asked, List.of(), true, request);
            }
            if (isAlive(name, cluster)) {
                return described(asked, brokerConfigs.describe(wanted), true, request);
            }
            return error(asked, Errors.INVALID_REQUEST, "there is no broker " + name);
        }
        if (type == ConfigResource.Type.CLIENT_METRICS && !name.isEmpty()) {
            // Clients send no metrics here, so there is no subscription that was configured.
            return described(asked, List.of(), false, request);
        }
        ConfigurableResources known = resources.get(type);
        if (known == null) {
            return error(
                    asked,
                    Errors.INVALID_REQUEST,
                    "configurations of %s are not served".formatted(type));
        }
        try {
            return described(asked, known.describe(name, wanted), false, request);
        } catch (ApiException e) {
            return error(asked, Errors.forException(e), e.getMessage());
        }
    }

    private static boolean isAlive(String broker, ClusterView cluster) {
        return cluster.image().brokers().keySet().stream()
                .anyMatch(id -> broker.equals(Integer.toString(id)));
    }

    private static @Nullable Set<String> wanted(DescribeConfigsResource asked) {
        List<String> keys = asked.configurationKeys();
        // Some clients send an empty list where they want everything.
        return keys == null || keys.isEmpty() ? null : new HashSet<>(keys);
    }

    private static DescribeConfigsResult described(
            DescribeConfigsResource asked,
            List<DescribedConfig> entries,
            boolean readOnly,
            DescribeConfigsRequestData request) {
        DescribeConfigsResult result = error(asked, Errors.NONE, null);
        for (DescribedConfig entry : entries) {
            DescribeConfigsResourceResult config =
                    new DescribeConfigsResourceResult()
                            .setName(entry.name())
                            .setValue(entry.value().value())
                            .setConfigSource(entry.value().source().id())
                            .setConfigType(ConfigType.valueOf(entry.type().name()).id())
                            .setReadOnly(readOnly);
            if (request.includeDocumentation()) {
                config.setDocumentation(entry.documentation());
            }
            if (request.includeSynonyms()) {
                config.setSynonyms(
                        entry.values().stream().map(DescribeConfigsHandler::synonym).toList());
            }
            result.configs().add(config);
        }
        return result;
    }

    private static DescribeConfigsSynonym synonym(DescribedConfig.Value value) {
        return new DescribeConfigsSynonym()
                .setName(value.name())
                .setValue(value.value())
                .setSource(value.source().id());
    }

    private static DescribeConfigsResult error(
            DescribeConfigsResource asked, Errors error, @Nullable String message) {
        return new DescribeConfigsResult()
                .setResourceType(asked.resourceType())
                .setResourceName(asked.resourceName())
                .setErrorCode(error.code())
                .setErrorMessage(message);
    }
}
