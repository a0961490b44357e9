package io.fleuve.broker.protocol;

import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.TopicImage;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.config.ConfigResource;
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

/** DescribeConfigs of topics and brokers. Brokers' are read-only: they are set where they start. */
final class DescribeConfigsHandler implements RequestHandler<DescribeConfigsRequest> {

    private final ClusterMetadata metadata;
    private final TopicConfigs topicConfigs;
    private final BrokerConfigs brokerConfigs;

    DescribeConfigsHandler(
            ClusterMetadata metadata, ProtocolSettings settings, TopicConfigs topicConfigs) {
        this.metadata = metadata;
        this.topicConfigs = topicConfigs;
        brokerConfigs = new BrokerConfigs(settings, topicConfigs);
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
        if (type == ConfigResource.Type.TOPIC) {
            Optional<TopicImage> topic = cluster.topic(name);
            return topic.map(
                            it ->
                                    described(
                                            asked,
                                            topicConfigs.describe(it.configs(), wanted),
                                            false,
                                            request))
                    .orElseGet(
                            () ->
                                    error(
                                            asked,
                                            Errors.UNKNOWN_TOPIC_OR_PARTITION,
                                            "there is no topic " + name));
        }
        if (type == ConfigResource.Type.BROKER) {
            if (name.isEmpty()) {
                return described(asked, List.of(), true, request);
            }
            if (isAlive(name, cluster)) {
                return described(asked, brokerConfigs.describe(wanted), true, request);
            }
            return error(asked, Errors.INVALID_REQUEST, "there is no broker " + name);
        }
        return error(
                asked,
                Errors.INVALID_REQUEST,
                "configurations of %s are not served".formatted(type));
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
            List<TopicConfigs.Entry> entries,
            boolean readOnly,
            DescribeConfigsRequestData request) {
        DescribeConfigsResult result = error(asked, Errors.NONE, null);
        for (TopicConfigs.Entry entry : entries) {
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

    private static DescribeConfigsSynonym synonym(TopicConfigs.Value value) {
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
