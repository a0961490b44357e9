package io.fleuve.broker.protocol.groups;

import io.fleuve.broker.metadata.BrokerImage;
import io.fleuve.broker.metadata.MetadataUnavailableException;
import io.fleuve.broker.protocol.Listeners;
import io.fleuve.broker.protocol.RequestHandler;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.apache.kafka.common.requests.FindCoordinatorResponse;
import org.apache.kafka.common.requests.RequestContext;

/** Names the broker to turn to; from version 4 on for several keys at a time (KIP-699). */
final class FindCoordinatorHandler implements RequestHandler<FindCoordinatorRequest> {

    private final Map<CoordinatorType, CoordinatorLocator> coordinators;

    FindCoordinatorHandler(Map<CoordinatorType, CoordinatorLocator> coordinators) {
        this.coordinators = Map.copyOf(coordinators);
    }

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, FindCoordinatorRequest request) {
        byte type = request.data().keyType();
        FindCoordinatorResponseData answer = new FindCoordinatorResponseData();
        if (context.apiVersion() < FindCoordinatorRequest.MIN_BATCHED_VERSION) {
            Coordinator found = find(context, type, request.data().key());
            answer.setErrorCode(found.errorCode())
                    .setErrorMessage(found.errorMessage())
                    .setNodeId(found.nodeId())
                    .setHost(found.host())
                    .setPort(found.port());
        } else {
            request.data()
                    .coordinatorKeys()
                    .forEach(key -> answer.coordinators().add(find(context, type, key)));
        }
        return CompletableFuture.completedFuture(new FindCoordinatorResponse(answer));
    }

    private Coordinator find(RequestContext context, byte typeId, String key) {
        Optional<CoordinatorType> type = typeOf(typeId);
        CoordinatorLocator locator = type.map(coordinators::get).orElse(null);
        if (locator == null) {
            String name = type.map(t -> t.name().toLowerCase(Locale.ROOT)).orElse("?");
            return error(
                    key,
                    Errors.INVALID_REQUEST,
                    "coordinators of type " + typeId + " (" + name + ") are not served");
        }
        try {
            return locator.locate(key)
                    .map(broker -> found(key, broker, Listeners.addressOf(broker, context)))
                    .orElseGet(
                            () ->
                                    error(
                                            key,
                                            Errors.COORDINATOR_NOT_AVAILABLE,
                                            "no broker coordinates this at the moment"));
        } catch (MetadataUnavailableException e) {
            return error(key, Errors.COORDINATOR_NOT_AVAILABLE, "the metadata is not available");
        }
    }

    private static Optional<CoordinatorType> typeOf(byte id) {
        for (CoordinatorType type : CoordinatorType.values()) {
            if (type.id() == id) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    private static Coordinator found(String key, BrokerImage broker, BrokerImage.Address address) {
        return new Coordinator()
                .setKey(key)
                .setNodeId(broker.id())
                .setHost(address.host())
                .setPort(address.port());
    }

    private static Coordinator error(String key, Errors error, String message) {
        Node nobody = Node.noNode();
        return new Coordinator()
                .setKey(key)
                .setErrorCode(error.code())
                .setErrorMessage(message)
                .setNodeId(nobody.id())
                .setHost(nobody.host())
                .setPort(nobody.port());
    }
}
