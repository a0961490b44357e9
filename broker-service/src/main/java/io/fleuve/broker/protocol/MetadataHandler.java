package io.fleuve.broker.protocol;

import io.fleuve.broker.metadata.BrokerImage;
import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.metadata.CreateTopicResult;
import io.fleuve.broker.metadata.MetadataUnavailableException;
import io.fleuve.broker.metadata.NewTopic;
import io.fleuve.broker.metadata.PartitionImage;
import io.fleuve.broker.metadata.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Metadata: brokers, topics, partitions and their leaders. Creates topics that are asked for by
 * name and do not exist, where both the broker and the client want that.
 */
final class MetadataHandler implements RequestHandler<MetadataRequest> {

    private static final Logger LOGGER = LoggerFactory.getLogger(MetadataHandler.class);

    /** From here on, topics can be asked for by id (KIP-516). */
    private static final short FIRST_VERSION_BY_ID = 12;

    private final ClusterMetadata metadata;
    private final ProtocolSettings settings;

    MetadataHandler(ClusterMetadata metadata, ProtocolSettings settings) {
        this.metadata = metadata;
        this.settings = settings;
    }

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, MetadataRequest request) {
        short version = context.header.apiVersion();
        ClusterView cluster = new ClusterView(metadata);
        List<MetadataResponseTopic> topics = new ArrayList<>();
        boolean operations = request.data().includeTopicAuthorizedOperations();
        if (request.isAllTopics()) {
            for (TopicImage topic : cluster.image().topics().values()) {
                topics.add(describe(topic, cluster, operations));
            }
        } else {
            for (MetadataRequestTopic asked : request.data().topics()) {
                checkNaming(asked, version);
                boolean create = settings.autoCreateTopics() && request.allowAutoTopicCreation();
                topics.add(find(asked, cluster, create, operations));
            }
        }
        // Topics that were created on the way may be in a newer image than the first ones were.
        MetadataResponseData data = describeCluster(context, request);
        topics.forEach(data.topics()::add);
        return CompletableFuture.completedFuture(new MetadataResponse(data, version));
    }

    private static void checkNaming(MetadataRequestTopic asked, short version) {
        boolean byId = !asked.topicId().equals(Uuid.ZERO_UUID);
        if (byId && version < FIRST_VERSION_BY_ID) {
            throw new InvalidRequestException(
                    "version %d of Metadata does not know topic ids".formatted(version));
        }
        if (!byId && asked.name() == null) {
            throw new InvalidRequestException("a topic has neither a name nor an id");
        }
    }

    private MetadataResponseTopic find(
            MetadataRequestTopic asked, ClusterView cluster, boolean create, boolean operations) {
        if (!asked.topicId().equals(Uuid.ZERO_UUID)) {
            return cluster.topic(asked.topicId())
                    .map(topic -> describe(topic, cluster, operations))
                    .orElseGet(() -> error(null, asked.topicId(), Errors.UNKNOWN_TOPIC_ID));
        }
        String name = asked.name();
        if (!Topic.isValid(name)) {
            return error(name, Uuid.ZERO_UUID, Errors.INVALID_TOPIC_EXCEPTION);
        }
        Optional<TopicImage> known = cluster.topic(name);
        if (known.isPresent()) {
            return describe(known.get(), cluster, operations);
        }
        if (!create || Topic.isInternal(name)) {
            return error(name, Uuid.ZERO_UUID, Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        return create(name, cluster, operations);
    }

    private MetadataResponseTopic create(String name, ClusterView cluster, boolean operations) {
        try {
            NewTopic wanted = new NewTopic(name, settings.defaultPartitions(), false, Map.of());
            return switch (metadata.createTopic(wanted)) {
                case CreateTopicResult.Created(TopicImage topic) -> {
                    LOGGER.atInfo()
                            .addKeyValue("topic", name)
                            .addKeyValue("partitions", topic.partitions().size())
                            .log("topic created since a client asked for it");
                    yield describe(topic, cluster, operations);
                }
                case CreateTopicResult.Exists(TopicImage topic) ->
                        describe(topic, cluster, operations);
            };
        } catch (MetadataUnavailableException e) {
            LOGGER.atWarn()
                    .addKeyValue("topic", name)
                    .addKeyValue("reason", e.getMessage())
                    .log("a topic could not be created");
            return error(name, Uuid.ZERO_UUID, Errors.LEADER_NOT_AVAILABLE);
        }
    }

    private MetadataResponseTopic describe(
            TopicImage topic, ClusterView cluster, boolean operations) {
        Placement placement = new Placement(cluster.image(), metadata.brokerId());
        MetadataResponseTopic answer =
                error(topic.name(), ClusterView.toKafka(topic.id()), Errors.NONE)
                        .setIsInternal(topic.internal())
                        .setTopicAuthorizedOperations(AuthorizedOperations.onTopic(operations));
        for (PartitionImage partition : topic.partitions()) {
            List<Integer> replicas = placement.replicas(partition);
            answer.partitions()
                    .add(
                            new MetadataResponsePartition()
                                    .setPartitionIndex(partition.index())
                                    .setLeaderId(placement.leader(partition))
                                    .setLeaderEpoch(partition.leaderEpoch())
                                    .setReplicaNodes(replicas)
                                    .setIsrNodes(replicas));
        }
        return answer;
    }

    private MetadataResponseData describeCluster(RequestContext context, MetadataRequest request) {
        var image = metadata.current();
        MetadataResponseData data =
                new MetadataResponseData()
                        .setClusterId(image.clusterId())
                        .setControllerId(new Placement(image, metadata.brokerId()).controller())
                        .setClusterAuthorizedOperations(
                                AuthorizedOperations.onCluster(
                                        request.data().includeClusterAuthorizedOperations()));
        for (BrokerImage broker : image.brokers().values()) {
            BrokerImage.Address address = Listeners.addressOf(broker, context);
            data.brokers()
                    .add(
                            new MetadataResponseBroker()
                                    .setNodeId(broker.id())
                                    .setHost(address.host())
                                    .setPort(address.port()));
        }
        return data;
    }

    private static MetadataResponseTopic error(@Nullable String name, Uuid id, Errors error) {
        return new MetadataResponseTopic().setName(name).setTopicId(id).setErrorCode(error.code());
    }
}
