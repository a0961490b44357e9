package io.fleuve.broker.protocol.groups;

import io.fleuve.broker.coordinator.GroupCoordinatorHost;
import io.fleuve.broker.metadata.TopicImage;
import io.fleuve.broker.protocol.RequestHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.OffsetFetchResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * Reads committed offsets: of one group, from version 8 on of several (KIP-709), from version 10 on
 * with topics by id.
 */
final class OffsetFetchHandler implements RequestHandler<OffsetFetchRequest> {

    private final GroupCoordinatorHost host;
    private final Topics topics;

    OffsetFetchHandler(GroupCoordinatorHost host, Topics topics) {
        this.host = host;
        this.topics = topics;
    }

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, OffsetFetchRequest request) {
        boolean requireStable = request.requireStable();
        List<CompletableFuture<OffsetFetchResponseGroup>> groups =
                request.groups().stream()
                        .map(group -> fetch(context, group, requireStable))
                        .toList();
        return CompletableFuture.allOf(groups.toArray(new CompletableFuture<?>[0]))
                .thenApply(
                        done ->
                                new OffsetFetchResponse.Builder(
                                                groups.stream()
                                                        .map(CompletableFuture::join)
                                                        .toList())
                                        .build(context.apiVersion()));
    }

    private CompletableFuture<OffsetFetchResponseGroup> fetch(
            RequestContext context, OffsetFetchRequestGroup group, boolean requireStable) {
        if (group.memberId() == null && group.memberEpoch() >= 0) {
            // An epoch of nobody: the library would look for a member without a name.
            return CompletableFuture.completedFuture(
                    OffsetFetchResponse.groupError(
                            group, Errors.UNKNOWN_MEMBER_ID, context.apiVersion()));
        }
        CompletableFuture<OffsetFetchResponseGroup> answer =
                OffsetFetchRequest.requestAllOffsets(group)
                        ? fetchAll(context, group, requireStable)
                        : fetchSome(context, group, requireStable);
        return answer.exceptionally(
                error ->
                        OffsetFetchResponse.groupError(
                                group, Errors.forException(error), context.apiVersion()));
    }

    private CompletableFuture<OffsetFetchResponseGroup> fetchAll(
            RequestContext context, OffsetFetchRequestGroup group, boolean requireStable) {
        boolean byId = OffsetFetchRequest.useTopicIds(context.apiVersion());
        return host.fetchOffsets(context, group, requireStable)
                .thenApply(
                        fetched ->
                                byId && fetched.errorCode() == Errors.NONE.code()
                                        ? withIds(fetched)
                                        : fetched);
    }

    /** Offsets that were committed without an id get it by name, or cannot be shown. */
    private OffsetFetchResponseGroup withIds(OffsetFetchResponseGroup fetched) {
        List<OffsetFetchResponseTopics> named = new ArrayList<>();
        for (OffsetFetchResponseTopics topic : fetched.topics()) {
            if (topic.topicId().equals(Uuid.ZERO_UUID)) {
                topics.findKnown(topic.name())
                        .ifPresent(image -> topic.setTopicId(Topics.idOf(image)));
            }
            if (!topic.topicId().equals(Uuid.ZERO_UUID)) {
                named.add(topic);
            }
        }
        return fetched.setTopics(named);
    }

    private CompletableFuture<OffsetFetchResponseGroup> fetchSome(
            RequestContext context, OffsetFetchRequestGroup group, boolean requireStable) {
        boolean byId = OffsetFetchRequest.useTopicIds(context.apiVersion());
        List<OffsetFetchRequestTopics> known = new ArrayList<>();
        List<OffsetFetchResponseTopics> unknown = new ArrayList<>();
        for (OffsetFetchRequestTopics topic : group.topics()) {
            Optional<TopicImage> image = byId ? topics.find(topic.topicId()) : Optional.empty();
            image.ifPresent(found -> topic.setName(found.name()));
            // Names are not checked: offsets may outlive their topic for a while.
            if (byId && image.isEmpty()) {
                unknown.add(unknownId(topic));
            } else {
                known.add(topic);
            }
        }
        OffsetFetchRequestGroup wanted =
                new OffsetFetchRequestGroup()
                        .setGroupId(group.groupId())
                        .setMemberId(group.memberId())
                        .setMemberEpoch(group.memberEpoch())
                        .setTopics(known);
        return host.fetchOffsets(context, wanted, requireStable)
                .thenApply(fetched -> withUnknown(fetched, unknown));
    }

    private static OffsetFetchResponseGroup withUnknown(
            OffsetFetchResponseGroup fetched, List<OffsetFetchResponseTopics> unknown) {
        if (fetched.errorCode() != Errors.NONE.code() || unknown.isEmpty()) {
            return fetched;
        }
        List<OffsetFetchResponseTopics> all = new ArrayList<>(fetched.topics());
        all.addAll(unknown);
        return fetched.setTopics(all);
    }

    private static OffsetFetchResponseTopics unknownId(OffsetFetchRequestTopics topic) {
        OffsetFetchResponseTopics answer =
                new OffsetFetchResponseTopics().setTopicId(topic.topicId()).setName(topic.name());
        for (int index : topic.partitionIndexes()) {
            answer.partitions()
                    .add(
                            new OffsetFetchResponsePartitions()
                                    .setPartitionIndex(index)
                                    .setCommittedOffset(OffsetFetchResponse.INVALID_OFFSET)
                                    .setErrorCode(Errors.UNKNOWN_TOPIC_ID.code()));
        }
        return answer;
    }
}
