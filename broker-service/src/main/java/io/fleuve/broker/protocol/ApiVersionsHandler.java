package io.fleuve.broker.protocol;

import io.fleuve.broker.metadata.ClusterMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.message.ApiVersionsResponseData.FinalizedFeatureKey;
import org.apache.kafka.common.message.ApiVersionsResponseData.FinalizedFeatureKeyCollection;
import org.apache.kafka.common.message.ApiVersionsResponseData.SupportedFeatureKey;
import org.apache.kafka.common.message.ApiVersionsResponseData.SupportedFeatureKeyCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * ApiVersions: what is served, and which features are finalized. A client that asks at a version
 * from the future gets the oldest form of the answer, with an error and our ranges (KIP-511).
 */
final class ApiVersionsHandler implements RequestHandler<ApiVersionsRequest> {

    private record Range(ApiKeys key, short min, short max) {}

    private final List<Range> ranges;
    private final Map<String, Short> features;
    private final ClusterMetadata metadata;

    private ApiVersionsHandler(
            List<Range> ranges, Map<String, Short> features, ClusterMetadata metadata) {
        this.ranges = ranges;
        this.features = features;
        this.metadata = metadata;
    }

    /** All of these APIs, and the one that tells of them. */
    static List<Api<?>> complete(
            List<Api<?>> apis, Map<String, Short> features, ClusterMetadata metadata) {
        List<Range> ranges = new ArrayList<>();
        for (Api<?> api : apis) {
            ranges.add(new Range(api.key(), api.minVersion(), api.maxVersion()));
        }
        ApiKeys own = ApiKeys.API_VERSIONS;
        ranges.add(new Range(own, own.oldestVersion(), own.latestVersion()));
        ranges.sort((one, other) -> Short.compare(one.key().id, other.key().id));
        List<Api<?>> all = new ArrayList<>(apis);
        all.add(
                Api.of(
                        own,
                        ApiVersionsRequest.class,
                        new ApiVersionsHandler(ranges, features, metadata)));
        return all;
    }

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, ApiVersionsRequest request) {
        ApiVersionsResponseData data = new ApiVersionsResponseData();
        if (request.hasUnsupportedRequestVersion()) {
            data.setErrorCode(Errors.UNSUPPORTED_VERSION.code()).setApiKeys(versions());
        } else if (!request.isValid()) {
            data.setErrorCode(Errors.INVALID_REQUEST.code());
        } else {
            data.setApiKeys(versions())
                    .setSupportedFeatures(supported())
                    .setFinalizedFeatures(finalized())
                    .setFinalizedFeaturesEpoch(
                            features.isEmpty()
                                    ? ApiVersionsResponse.UNKNOWN_FINALIZED_FEATURES_EPOCH
                                    : metadata.current().version());
        }
        return CompletableFuture.completedFuture(new ApiVersionsResponse(data));
    }

    private ApiVersionCollection versions() {
        ApiVersionCollection versions = new ApiVersionCollection(ranges.size());
        for (Range range : ranges) {
            versions.add(
                    new ApiVersion()
                            .setApiKey(range.key().id)
                            .setMinVersion(range.min())
                            .setMaxVersion(range.max()));
        }
        return versions;
    }

    private SupportedFeatureKeyCollection supported() {
        SupportedFeatureKeyCollection keys = new SupportedFeatureKeyCollection();
        features.forEach(
                (name, level) ->
                        keys.add(
                                new SupportedFeatureKey()
                                        .setName(name)
                                        // Clients before Kafka 4.0 do not understand 0
                                        // (KAFKA-17492).
                                        .setMinVersion((short) 1)
                                        .setMaxVersion(level)));
        return keys;
    }

    private FinalizedFeatureKeyCollection finalized() {
        FinalizedFeatureKeyCollection keys = new FinalizedFeatureKeyCollection();
        features.forEach(
                (name, level) ->
                        keys.add(
                                new FinalizedFeatureKey()
                                        .setName(name)
                                        .setMinVersionLevel(level)
                                        .setMaxVersionLevel(level)));
        return keys;
    }
}
