package io.fleuve.broker.protocol;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * An API that is served: its versions and who answers it.
 *
 * @param key which API
 * @param minVersion the lowest version that is answered
 * @param maxVersion the highest version that is answered
 */
public record Api<T extends AbstractRequest>(
        ApiKeys key,
        short minVersion,
        short maxVersion,
        Class<T> requestType,
        RequestHandler<T> handler) {

    /** An API at all versions that this release of Kafka serves. */
    public static <T extends AbstractRequest> Api<T> of(
            ApiKeys key, Class<T> requestType, RequestHandler<T> handler) {
        return new Api<>(key, key.oldestVersion(), key.latestVersion(), requestType, handler);
    }

    /** Answers a request of this API. */
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, AbstractRequest request) {
        return handler.handle(context, requestType.cast(request));
    }
}
