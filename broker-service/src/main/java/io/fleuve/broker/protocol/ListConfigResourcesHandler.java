package io.fleuve.broker.protocol;

import io.fleuve.broker.coordinator.GroupConfigs;
import io.fleuve.broker.metadata.ClusterImage;
import io.fleuve.broker.metadata.ClusterMetadata;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.config.ConfigResource.Type;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData.ConfigResource;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ListConfigResourcesRequest;
import org.apache.kafka.common.requests.ListConfigResourcesResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * ListConfigResources: what has configurations (KIP-1142). Of groups those that have set some, of
 * clients' metrics none.
 */
final class ListConfigResourcesHandler implements RequestHandler<ListConfigResourcesRequest> {

    private final ClusterMetadata metadata;
    private final GroupConfigs groupConfigs;

    ListConfigResourcesHandler(ClusterMetadata metadata, GroupConfigs groupConfigs) {
        this.metadata = metadata;
        this.groupConfigs = groupConfigs;
    }

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, ListConfigResourcesRequest request) {
        ListConfigResourcesResponseData data = new ListConfigResourcesResponseData();
        Set<Byte> supported = request.supportedResourceTypes();
        Collection<Byte> asked = request.data().resourceTypes();
        Collection<Byte> wanted = new TreeSet<>(asked.isEmpty() ? supported : asked);
        if (!supported.containsAll(wanted)) {
            data.setErrorCode(Errors.UNSUPPORTED_VERSION.code());
        } else {
            for (byte type : wanted) {
                for (String name : names(Type.forId(type))) {
                    data.configResources()
                            .add(new ConfigResource().setResourceType(type).setResourceName(name));
                }
            }
        }
        return CompletableFuture.completedFuture(new ListConfigResourcesResponse(data));
    }

    private Collection<String> names(Type type) {
        ClusterImage image = metadata.current();
        return switch (type) {
            case TOPIC -> image.topics().keySet();
            case GROUP -> groupConfigs.all().keySet();
            case BROKER -> image.brokers().keySet().stream().map(String::valueOf).toList();
            // Loggers are configured where a broker starts; clients send no metrics here.
            case BROKER_LOGGER, CLIENT_METRICS, UNKNOWN -> List.of();
        };
    }
}
