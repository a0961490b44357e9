package io.fleuve.broker.network;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.network.Send;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * A request that was read, and its answer once there is one.
 *
 * @param context the request's context
 * @param startNanos when the request had arrived
 * @param answer the answer; never fails
 */
record Exchange(RequestContext context, long startNanos, CompletableFuture<Answer> answer) {

    boolean isAnswered() {
        return answer.isDone();
    }

    Send toSend(AbstractResponse response) {
        return context.buildResponseSend(response);
    }

    /** Bytes that a finished answer keeps in memory until it is sent, if they are many. */
    long retainedBytes() {
        if (answer.isDone() && answer.join() instanceof Answer.Reply(FetchResponse fetched)) {
            return fetched.data().responses().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .mapToLong(FetchResponse::recordsSize)
                    .sum();
        }
        return 0;
    }
}
