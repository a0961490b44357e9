package io.fleuve.broker.protocol.groups;

import io.fleuve.broker.coordinator.GroupCoordinatorHost;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.HeartbeatResponse;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.apache.kafka.common.requests.JoinGroupResponse;
import org.apache.kafka.common.requests.LeaveGroupRequest;
import org.apache.kafka.common.requests.LeaveGroupResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.SyncGroupRequest;
import org.apache.kafka.common.requests.SyncGroupResponse;
import org.apache.kafka.common.utils.BufferSupplier;

/** Membership in groups of the classic protocol. */
final class ClassicGroups {

    private final GroupCoordinatorHost host;

    ClassicGroups(GroupCoordinatorHost host) {
        this.host = host;
    }

    CompletableFuture<? extends AbstractResponse> join(
            RequestContext context, JoinGroupRequest request) {
        if (!JoinCheck.isSound(request.data())) {
            return CompletableFuture.completedFuture(
                    request.getErrorResponse(Errors.INCONSISTENT_GROUP_PROTOCOL.exception()));
        }
        return host.coordinatorOf(request.data().groupId())
                .joinGroup(context, request.data(), BufferSupplier.NO_CACHING)
                .thenApply(answer -> blamed(answer, request))
                .thenApply(answer -> new JoinGroupResponse(answer, context.apiVersion()));
    }

    /** A group of the newer protocol fails on subscriptions that a classic one overlooks. */
    private static JoinGroupResponseData blamed(
            JoinGroupResponseData answer, JoinGroupRequest request) {
        boolean ours =
                answer.errorCode() != Errors.UNKNOWN_SERVER_ERROR.code()
                        || JoinCheck.isReadable(request.data());
        return ours ? answer : answer.setErrorCode(Errors.INCONSISTENT_GROUP_PROTOCOL.code());
    }

    CompletableFuture<? extends AbstractResponse> sync(
            RequestContext context, SyncGroupRequest request) {
        if (!request.areMandatoryProtocolTypeAndNamePresent()) {
            return CompletableFuture.completedFuture(
                    request.getErrorResponse(Errors.INCONSISTENT_GROUP_PROTOCOL.exception()));
        }
        return host.coordinatorOf(request.data().groupId())
                .syncGroup(context, request.data(), BufferSupplier.NO_CACHING)
                .thenApply(SyncGroupResponse::new);
    }

    CompletableFuture<? extends AbstractResponse> heartbeat(
            RequestContext context, HeartbeatRequest request) {
        return host.coordinatorOf(request.data().groupId())
                .heartbeat(context, request.data())
                .thenApply(HeartbeatResponse::new);
    }

    CompletableFuture<? extends AbstractResponse> leave(
            RequestContext context, LeaveGroupRequest request) {
        return host.coordinatorOf(request.data().groupId())
                .leaveGroup(context, request.normalizedData())
                .thenApply(answer -> new LeaveGroupResponse(answer, context.apiVersion()));
    }
}
