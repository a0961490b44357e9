package io.fleuve.broker.protocol.groups;

import io.fleuve.broker.coordinator.GroupCoordinatorHost;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ConsumerGroupDescribeRequest;
import org.apache.kafka.common.requests.ConsumerGroupDescribeResponse;
import org.apache.kafka.common.requests.ConsumerGroupHeartbeatRequest;
import org.apache.kafka.common.requests.ConsumerGroupHeartbeatResponse;
import org.apache.kafka.common.requests.RequestContext;

/** Groups of the consumer protocol (KIP-848). */
final class ConsumerGroups {

    private final GroupCoordinatorHost host;

    ConsumerGroups(GroupCoordinatorHost host) {
        this.host = host;
    }

    CompletableFuture<? extends AbstractResponse> heartbeat(
            RequestContext context, ConsumerGroupHeartbeatRequest request) {
        return host.coordinatorOf(request.data().groupId())
                .consumerGroupHeartbeat(context, request.data())
                .thenApply(ConsumerGroupHeartbeatResponse::new);
    }

    CompletableFuture<? extends AbstractResponse> describe(
            RequestContext context, ConsumerGroupDescribeRequest request) {
        List<String> groups = request.data().groupIds();
        boolean withOperations = request.data().includeAuthorizedOperations();
        groups.forEach(host::coordinatorOf);
        return host.coordinator()
                .consumerGroupDescribe(context, groups)
                .thenApply(
                        described -> {
                            if (withOperations) {
                                described.stream()
                                        .filter(group -> group.errorCode() == Errors.NONE.code())
                                        .forEach(
                                                group ->
                                                        group.setAuthorizedOperations(
                                                                GroupOperations.ALL));
                            }
                            return new ConsumerGroupDescribeResponse(
                                    new ConsumerGroupDescribeResponseData().setGroups(described));
                        });
    }
}
