package io.fleuve.broker.protocol;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * Answers the requests of one API.
 *
 * <p>A connection calls its handlers one after the other, in the order of its requests, and reads
 * on as soon as the call returns: whatever must happen in order happens in the call (which may
 * block, if rarely), whatever takes time completes the future later. Answers leave in the order of
 * the requests all the same.
 *
 * @param <T> the request that it understands
 */
@FunctionalInterface
public interface RequestHandler<T extends AbstractRequest> {

    /**
     * Answers a request. Errors that the protocol knows are part of the answer; a future that
     * fails, or an exception, becomes the API's general error answer.
     */
    CompletableFuture<? extends AbstractResponse> handle(RequestContext context, T request);
}
