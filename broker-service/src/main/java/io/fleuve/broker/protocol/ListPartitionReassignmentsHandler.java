package io.fleuve.broker.protocol;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ListPartitionReassignmentsRequest;
import org.apache.kafka.common.requests.ListPartitionReassignmentsResponse;
import org.apache.kafka.common.requests.RequestContext;

/** ListPartitionReassignments: nothing is ever moved. */
final class ListPartitionReassignmentsHandler
        implements RequestHandler<ListPartitionReassignmentsRequest> {

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, ListPartitionReassignmentsRequest request) {
        return CompletableFuture.completedFuture(
                new ListPartitionReassignmentsResponse(
                        new ListPartitionReassignmentsResponseData()));
    }
}
