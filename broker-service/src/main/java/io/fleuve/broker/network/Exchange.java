package io.fleuve.broker.network;

import io.fleuve.broker.protocol.RetainingResponse;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.network.Send;
import org.apache.kafka.common.requests.AbstractResponse;
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
        return answer.isDone() && answer.join() instanceof Answer.Reply(RetainingResponse retaining)
                ? retaining.retainedBytes()
                : 0;
    }

    /**
     * Ends the exchange: the answer has been sent, or never will be, whether there is one yet or
     * not. What it holds is released. May be called more than once.
     */
    void end() {
        var _ =
                answer.thenAccept(
                        any -> {
                            if (any instanceof Answer.Reply(RetainingResponse retaining)) {
                                retaining.release();
                            }
                        });
    }
}
