package io.fleuve.broker.protocol.groups;

import io.fleuve.broker.coordinator.GroupCoordinatorHost;
import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.MetadataUnavailableException;
import io.fleuve.broker.metadata.NewTopic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.StreamsGroupDescribeRequest;
import org.apache.kafka.common.requests.StreamsGroupDescribeResponse;
import org.apache.kafka.common.requests.StreamsGroupHeartbeatRequest;
import org.apache.kafka.common.requests.StreamsGroupHeartbeatResponse;
import org.apache.kafka.coordinator.group.streams.StreamsGroupHeartbeatResult;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Groups of the streams protocol (KIP-1071), whose internal topics the broker creates. */
final class StreamsGroups {

    private static final Logger LOGGER = LoggerFactory.getLogger(StreamsGroups.class);

    private final GroupCoordinatorHost host;
    private final ClusterMetadata metadata;

    StreamsGroups(GroupCoordinatorHost host, ClusterMetadata metadata) {
        this.host = host;
        this.metadata = metadata;
    }

    CompletableFuture<? extends AbstractResponse> heartbeat(
            RequestContext context, StreamsGroupHeartbeatRequest request) {
        Optional<String> fault = faultOf(request.data().topology());
        if (fault.isPresent()) {
            return CompletableFuture.completedFuture(
                    new StreamsGroupHeartbeatResponse(
                            new StreamsGroupHeartbeatResponseData()
                                    .setErrorCode(Errors.STREAMS_INVALID_TOPOLOGY.code())
                                    .setErrorMessage(fault.get())));
        }
        return host.coordinatorOf(request.data().groupId())
                .streamsGroupHeartbeat(context, request.data())
                .thenCompose(this::createTopics)
                .thenApply(StreamsGroupHeartbeatResponse::new);
    }

    /** Creating topics blocks, so it must not happen on a thread of the coordinator. */
    private CompletableFuture<StreamsGroupHeartbeatResponseData> createTopics(
            StreamsGroupHeartbeatResult result) {
        if (result.creatableTopics().isEmpty()) {
            return CompletableFuture.completedFuture(result.data());
        }
        return CompletableFuture.supplyAsync(
                () -> {
                    result.creatableTopics().values().forEach(this::create);
                    return result.data();
                },
                Thread::startVirtualThread);
    }

    /** A topic that cannot be created now is asked for again with the next heartbeat. */
    private void create(CreatableTopic topic) {
        Map<String, String> configs = new HashMap<>();
        topic.configs().forEach(config -> configs.put(config.name(), config.value()));
        try {
            metadata.createTopic(
                    new NewTopic(topic.name(), Math.max(1, topic.numPartitions()), false, configs));
        } catch (MetadataUnavailableException e) {
            LOGGER.atWarn()
                    .addKeyValue("topic", topic.name())
                    .setCause(e)
                    .log("internal topic of a streams group not created yet");
        }
    }

    private static Optional<String> faultOf(
            StreamsGroupHeartbeatRequestData.@Nullable Topology topology) {
        if (topology == null) {
            return Optional.empty();
        }
        List<String> names =
                topology.subtopologies().stream()
                        .flatMap(StreamsGroups::topicsOf)
                        .distinct()
                        .toList();
        List<String> internal = names.stream().filter(Topic::isInternal).toList();
        if (!internal.isEmpty()) {
            return Optional.of(
                    "Use of Kafka internal topics %s in a Kafka Streams topology is prohibited."
                            .formatted(String.join(",", internal)));
        }
        List<String> invalid = names.stream().filter(name -> !Topic.isValid(name)).toList();
        return invalid.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "Topic names %s are not valid topic names."
                                .formatted(String.join(",", invalid)));
    }

    private static Stream<String> topicsOf(StreamsGroupHeartbeatRequestData.Subtopology part) {
        return Stream.of(
                        part.sourceTopics().stream(),
                        part.repartitionSinkTopics().stream(),
                        part.repartitionSourceTopics().stream().map(topic -> topic.name()),
                        part.stateChangelogTopics().stream().map(topic -> topic.name()))
                .flatMap(stream -> stream);
    }

    CompletableFuture<? extends AbstractResponse> describe(
            RequestContext context, StreamsGroupDescribeRequest request) {
        List<String> groups = request.data().groupIds();
        boolean withOperations = request.data().includeAuthorizedOperations();
        groups.forEach(host::coordinatorOf);
        return host.coordinator()
                .streamsGroupDescribe(context, groups)
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
                            return new StreamsGroupDescribeResponse(
                                    new StreamsGroupDescribeResponseData().setGroups(described));
                        });
    }
}
