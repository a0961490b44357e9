package io.fleuve.broker.protocol.groups;

import io.fleuve.broker.coordinator.GroupCoordinatorHost;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DeleteGroupsRequest;
import org.apache.kafka.common.requests.DeleteGroupsResponse;
import org.apache.kafka.common.requests.DescribeGroupsRequest;
import org.apache.kafka.common.requests.DescribeGroupsResponse;
import org.apache.kafka.common.requests.ListGroupsRequest;
import org.apache.kafka.common.requests.ListGroupsResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.utils.BufferSupplier;

/** Listing, describing and deleting groups. */
final class GroupAdministration {

    private static final short AUTHORIZED_OPERATIONS_MIN_VERSION = 3;

    private final GroupCoordinatorHost host;

    GroupAdministration(GroupCoordinatorHost host) {
        this.host = host;
    }

    /** The groups of this broker's shards: clients ask every broker. */
    CompletableFuture<? extends AbstractResponse> list(
            RequestContext context, ListGroupsRequest request) {
        if (!host.hasGroups()) {
            return CompletableFuture.completedFuture(
                    new ListGroupsResponse(new ListGroupsResponseData()));
        }
        return host.coordinator()
                .listGroups(context, request.data())
                .thenApply(ListGroupsResponse::new);
    }

    CompletableFuture<? extends AbstractResponse> describe(
            RequestContext context, DescribeGroupsRequest request) {
        List<String> groups = request.data().groups();
        boolean withOperations =
                request.data().includeAuthorizedOperations()
                        && context.apiVersion() >= AUTHORIZED_OPERATIONS_MIN_VERSION;
        groups.forEach(host::coordinatorOf);
        return host.coordinator()
                .describeGroups(context, groups)
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
                            return new DescribeGroupsResponse(
                                    new DescribeGroupsResponseData().setGroups(described));
                        });
    }

    CompletableFuture<? extends AbstractResponse> delete(
            RequestContext context, DeleteGroupsRequest request) {
        List<String> groups = request.data().groupsNames().stream().distinct().toList();
        groups.forEach(host::coordinatorOf);
        return host.coordinator()
                .deleteGroups(context, groups, BufferSupplier.NO_CACHING)
                .thenApply(
                        results ->
                                new DeleteGroupsResponse(
                                        new DeleteGroupsResponseData().setResults(results)));
    }
}
