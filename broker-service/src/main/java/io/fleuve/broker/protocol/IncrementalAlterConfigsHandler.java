package io.fleuve.broker.protocol;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.IncrementalAlterConfigsRequest;
import org.apache.kafka.common.requests.IncrementalAlterConfigsResponse;
import org.apache.kafka.common.requests.RequestContext;

/** IncrementalAlterConfigs: changes some configurations, leaves the others alone (KIP-339). */
final class IncrementalAlterConfigsHandler
        implements RequestHandler<IncrementalAlterConfigsRequest> {

    private final ConfigChanges changes;

    IncrementalAlterConfigsHandler(ConfigChanges changes) {
        this.changes = changes;
    }

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, IncrementalAlterConfigsRequest request) {
        IncrementalAlterConfigsResponseData data = new IncrementalAlterConfigsResponseData();
        NamedTwice twice =
                new NamedTwice(
                        request.data().resources().stream()
                                .map(IncrementalAlterConfigsHandler::resource));
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
        return CompletableFuture.completedFuture(new IncrementalAlterConfigsResponse(data));
    }

    private ApiError apply(AlterConfigsResource resource, boolean validateOnly) {
        List<ConfigChanges.Change> wanted = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (AlterableConfig config : resource.configs()) {
            if (!names.add(config.name())) {
                return new ApiError(
                        Errors.INVALID_REQUEST,
                        "the configuration %s is in the request twice".formatted(config.name()));
            }
            AlterConfigOp.OpType operation = AlterConfigOp.OpType.forId(config.configOperation());
            if (operation == null) {
                return new ApiError(
                        Errors.INVALID_REQUEST,
                        "there is no operation " + config.configOperation());
            }
            wanted.add(new ConfigChanges.Change(operation, config.name(), config.value()));
        }
        return changes.apply(
                resource.resourceType(), resource.resourceName(), wanted, false, validateOnly);
    }

    private static ConfigResource resource(AlterConfigsResource resource) {
        return NamedTwice.resource(resource.resourceType(), resource.resourceName());
    }
}
