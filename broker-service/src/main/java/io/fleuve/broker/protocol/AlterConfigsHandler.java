package io.fleuve.broker.protocol;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.common.config.ConfigResource;
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
        NamedTwice twice =
                new NamedTwice(
                        request.data().resources().stream().map(AlterConfigsHandler::resource));
        for (AlterConfigsResource resource : request.data().resources()) {
            ConfigResource named = resource(resource);
            if (twice.contains(named) && !twice.isToBeRefused(named)) {
                continue;
            }
            ApiError error =
                    twice.contains(named)
                            ? twice.refusal()
                            : apply(resource, request.data().validateOnly());
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

    private ApiError apply(AlterConfigsResource resource, boolean validateOnly) {
        List<ConfigChanges.Change> wanted =
                resource.configs().stream()
                        .map(
                                config ->
                                        new ConfigChanges.Change(
                                                AlterConfigOp.OpType.SET,
                                                config.name(),
                                                config.value()))
                        .toList();
        return changes.apply(
                resource.resourceType(), resource.resourceName(), wanted, true, validateOnly);
    }

    private static ConfigResource resource(AlterConfigsResource resource) {
        return NamedTwice.resource(resource.resourceType(), resource.resourceName());
    }
}
