package io.fleuve.broker.protocol;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AlterConfigsRequest;
import org.apache.kafka.common.requests.AlterConfigsResponse;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.RequestContext;

/** AlterConfigs, the older form: what is not named returns to its default. */
final class AlterConfigsHandler implements RequestHandler<AlterConfigsRequest> {

    private final ConfigChanges changes;

    AlterConfigsHandler(ConfigChanges changes) {
        this.changes = changes;
    }

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, AlterConfigsRequest request) {
        AlterConfigsResponseData data = new AlterConfigsResponseData();
        for (AlterConfigsResource resource : request.data().resources()) {
            List<ConfigChanges.Change> wanted =
                    resource.configs().stream()
                            .map(
                                    config ->
                                            new ConfigChanges.Change(
                                                    AlterConfigOp.OpType.SET,
                                                    config.name(),
                                                    config.value()))
                            .toList();
            ApiError error =
                    changes.apply(
                            resource.resourceType(),
                            resource.resourceName(),
                            wanted,
                            true,
                            request.data().validateOnly());
            data.responses()
                    .add(
                            new AlterConfigsResourceResponse()
                                    .setResourceType(resource.resourceType())
                                    .setResourceName(resource.resourceName())
                                    .setErrorCode(error.error().code())
                                    .setErrorMessage(error.message()));
        }
        return CompletableFuture.completedFuture(new AlterConfigsResponse(data));
    }
}
